-- Whether a provider agrees to be shown as the partner of a course, or as the provider of one of its units.
create table partnership (
    id @id,
    course_id bigint not null references course (id) on delete cascade,
    provider_id bigint not null references provider (id),
    status text not null check (status in ('PROPOSED','ACCEPTED','DECLINED')),
    created_at @timestamp not null,
    decided_at @timestamp,
    unique (course_id, provider_id)
);
create index partnership_by_provider on partnership (provider_id, id);
create index partnership_proposed on partnership (course_id) where status = 'PROPOSED';

-- What was public before stays public.
insert into partnership (id, course_id, provider_id, status, created_at, decided_at)
select row_number() over (order by link.course_id, link.provider_id), link.course_id, link.provider_id, 'ACCEPTED',
    course.updated_at, course.updated_at
from (
    select course_id, provider_id from course_partner
    union
    select course_unit.course_id, unit.provider_id
    from course_unit
    join course unit on unit.id = course_unit.unit_id
    join course whole on whole.id = course_unit.course_id
    where unit.provider_id <> whole.provider_id
) link
join course on course.id = link.course_id;

-- When the last letter of a kind that is sent only so often was sent. The subject is a provider, or 0.
create table letter_limit (
    kind text not null check (length(kind) between 1 and 50),
    subject bigint not null,
    sent_at @timestamp not null,
    primary key (kind, subject)
);

-- down

drop table letter_limit;
drop table partnership;
