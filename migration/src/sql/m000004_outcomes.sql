-- What became of those who took a course, in the shape of the standard of the Council on Integrity in Results Reporting
-- (https://cirr.org/standards). Rates follow from these figures and are kept nowhere.

create table outcome_report (
    id @id,
    course_id bigint not null references course (id) on delete cascade,
    period_start @date not null,
    period_end @date not null,
    enrolled integer not null check (enrolled between 1 and 1000000),
    graduated_on_time integer not null check (graduated_on_time >= 0),
    graduated_late integer not null check (graduated_late >= 0),
    salary_currency text check (length(salary_currency) = 3),
    salary_median bigint check (salary_median >= 0),
    salaries_stated integer check (salaries_stated >= 1),
    auditor text check (length(auditor) between 1 and 200),
    url text,
    version integer not null default 1 check (version >= 1),
    published_at @timestamp not null,
    updated_at @timestamp not null,
    withdrawn_at @timestamp,
    withdrawn_because text,
    check (period_start <= period_end),
    check (graduated_on_time + graduated_late <= enrolled),
    check ((salary_median is null) = (salary_currency is null)),
    check ((salaries_stated is null) = (salary_currency is null)),
    check ((withdrawn_because is null) = (withdrawn_at is null))
);
create index outcome_report_by_course on outcome_report (course_id, period_end, id);
-- A withdrawn report stays on record, and another may stand in its place.
create unique index outcome_report_by_period on outcome_report (course_id, period_start, period_end) where withdrawn_at is null;

-- What the graduates of a report did so many days after they had graduated.
create table outcome_employment (
    report_id bigint not null references outcome_report (id) on delete cascade,
    days integer not null check (days in (90, 180)),
    full_time integer not null check (full_time >= 0),
    apprenticeship integer not null check (apprenticeship >= 0),
    hired_by_school integer not null check (hired_by_school >= 0),
    started_company integer not null check (started_company >= 0),
    short_term integer not null check (short_term >= 0),
    out_of_field integer not null check (out_of_field >= 0),
    continuing_education integer not null check (continuing_education >= 0),
    seeking integer not null check (seeking >= 0),
    not_seeking integer not null check (not_seeking >= 0),
    non_reporting integer not null check (non_reporting >= 0),
    primary key (report_id, days)
);

-- How many of those who stated their salary earn from `least` to less than `below`, in minor units a year.
create table outcome_salary_band (
    report_id bigint not null references outcome_report (id) on delete cascade,
    position integer not null check (position >= 0),
    least bigint check (least >= 0),
    below bigint check (below >= 1),
    count integer not null check (count >= 0),
    check (least < below),
    primary key (report_id, position)
);

-- down

drop table outcome_salary_band;
drop table outcome_employment;
drop table outcome_report;
