-- The mapping that a provider keeps for its feeds, a TOML file.
create table provider_mapping (
    provider_id bigint primary key references provider (id) on delete cascade,
    content text not null,
    updated_at @timestamp not null
);

-- down

drop table provider_mapping;
