-- A draft is seen by its issuer's members, by staff, and by the other issuers of its name.
alter table certification add column status text not null default 'PUBLISHED' check (status in ('DRAFT','PUBLISHED','RETIRED'));

-- The name and slug that an approved provider asks for, until staff decide on them.
create table provider_name_request (
    provider_id bigint primary key references provider (id) on delete cascade,
    name text not null check (length(name) between 1 and 200),
    slug text not null check (length(slug) between 1 and 120),
    created_at @timestamp not null
);

-- down

drop table provider_name_request;
alter table certification drop column status;
