-- The catalogue. Portable SQL: @id, @timestamp, @date and @json are written per database in dialect.rs.
-- Money is integer minor units beside its ISO 4217 currency. Percentages and other exact decimals are
-- integers in ten-thousandths (suffix _e4). Sets of enum members are bit masks, bit n being the n-th member.

create table catalogue (
    id integer primary key check (id = 1),
    uid text not null,
    position bigint not null default 0 check (position >= 0)
);

create table provider (
    id @id,
    slug text not null unique check (length(slug) between 1 and 120),
    name text not null check (length(name) between 1 and 200),
    kind text not null check (kind in ('BOOTCAMP','PLATFORM','UNIVERSITY','COMMUNITY_COLLEGE','COMPANY','NON_PROFIT')),
    status text not null check (status in ('PENDING','ACTIVE','PAUSED','CLOSED','REJECTED')),
    description text,
    url text,
    logo text,
    note text,
    certificate_of_completion boolean,
    free_retake_within_months integer check (free_retake_within_months between 0 and 1200),
    formats integer not null default 0 check (formats between 0 and 15),
    schedules integer not null default 0 check (schedules between 0 and 63),
    version integer not null default 1 check (version >= 1),
    created_at @timestamp not null,
    updated_at @timestamp not null
);

create table provider_location (
    provider_id bigint not null references provider (id) on delete cascade,
    position integer not null check (position >= 0),
    city text,
    region text,
    country text check (length(country) = 2),
    latitude double precision check (latitude between -90 and 90),
    longitude double precision check (longitude between -180 and 180),
    check ((latitude is null) = (longitude is null)),
    primary key (provider_id, position)
);

create table provider_licence (
    provider_id bigint not null references provider (id) on delete cascade,
    position integer not null check (position >= 0),
    authority text not null,
    number text,
    valid_until @date,
    primary key (provider_id, position)
);

create table subject (
    id @id,
    slug text not null unique check (length(slug) between 1 and 120),
    name text not null check (length(name) between 1 and 200)
);

create table skill (
    id @id,
    slug text not null unique check (length(slug) between 1 and 120),
    name text not null check (length(name) between 1 and 200),
    kind text not null check (kind in ('LANGUAGE','FRAMEWORK','DATABASE','SERVER','TOOL','PLATFORM','PRACTICE','SOFT_SKILL'))
);

create table skill_alias (
    skill_id bigint not null references skill (id) on delete cascade,
    alias text not null check (length(alias) between 1 and 200),
    primary key (skill_id, alias)
);

create table career (
    id @id,
    slug text not null unique check (length(slug) between 1 and 120),
    title text not null check (length(title) between 1 and 200),
    description text
);

create table career_level (
    id @id,
    career_id bigint not null references career (id) on delete cascade,
    level text not null check (level in ('ENTRY','MID','SENIOR')),
    years_min integer check (years_min >= 0),
    years_max integer check (years_max >= 0),
    check (years_min <= years_max),
    unique (career_id, level)
);

create table career_level_title (
    career_level_id bigint not null references career_level (id) on delete cascade,
    position integer not null check (position >= 0),
    title text not null check (length(title) between 1 and 200),
    primary key (career_level_id, position)
);

create table career_skill (
    career_id bigint not null references career (id) on delete cascade,
    skill_id bigint not null references skill (id) on delete cascade,
    position integer not null check (position >= 0),
    primary key (career_id, skill_id)
);
create index career_skill_by_skill on career_skill (skill_id);

create table career_related (
    career_id bigint not null references career (id) on delete cascade,
    related_id bigint not null references career (id) on delete cascade,
    position integer not null check (position >= 0),
    check (career_id <> related_id),
    primary key (career_id, related_id)
);
create index career_related_by_related on career_related (related_id);

create table certification (
    id @id,
    slug text not null unique check (length(slug) between 1 and 120),
    name text not null check (length(name) between 1 and 200),
    kind text not null check (kind in ('COMPLETION','INDUSTRY')),
    issuer_id bigint not null references provider (id),
    description text,
    exam_fee bigint check (exam_fee >= 0),
    exam_fee_currency text check (length(exam_fee_currency) = 3),
    valid_for_months integer check (valid_for_months between 1 and 1200),
    url text,
    version integer not null default 1 check (version >= 1),
    created_at @timestamp not null,
    updated_at @timestamp not null,
    check ((exam_fee is null) = (exam_fee_currency is null))
);
create index certification_by_issuer on certification (issuer_id);

create table certification_skill (
    certification_id bigint not null references certification (id) on delete cascade,
    skill_id bigint not null references skill (id) on delete cascade,
    position integer not null check (position >= 0),
    primary key (certification_id, skill_id)
);
create index certification_skill_by_skill on certification_skill (skill_id);

create table certification_career (
    certification_id bigint not null references certification (id) on delete cascade,
    career_id bigint not null references career (id) on delete cascade,
    position integer not null check (position >= 0),
    primary key (certification_id, career_id)
);
create index certification_career_by_career on certification_career (career_id);

create table course (
    id @id,
    provider_id bigint not null references provider (id),
    external_key text check (length(external_key) between 1 and 200),
    slug text not null unique check (length(slug) between 1 and 120),
    title text not null check (length(title) between 1 and 200),
    summary text check (length(summary) <= 500),
    description text,
    kind text not null check (kind in ('COURSE','BOOTCAMP','CERTIFICATE_PROGRAM','SPECIALIZATION','PROFESSIONAL_CERTIFICATE','NANODEGREE','DEGREE')),
    level text check (level in ('BEGINNER','INTERMEDIATE','ADVANCED','ALL_LEVELS')),
    status text not null check (status in ('DRAFT','PUBLISHED','RETIRED')),
    formats integer not null default 0 check (formats between 0 and 15),
    schedules integer not null default 0 check (schedules between 0 and 63),
    languages text not null default '',
    duration_weeks integer check (duration_weeks between 1 and 1000),
    duration_days_min integer check (duration_days_min between 1 and 7000),
    duration_days_max integer check (duration_days_max between 1 and 7000),
    duration_hours integer check (duration_hours between 1 and 100000),
    hours_per_week_min integer check (hours_per_week_min between 1 and 168),
    hours_per_week_max integer check (hours_per_week_max between 1 and 168),
    pricing_category text check (pricing_category in ('FREE','PARTIALLY_FREE','SUBSCRIPTION','PAID')),
    price bigint check (price >= 0),
    price_currency text check (length(price_currency) = 3),
    price_per text check (price_per in ('ONCE','MONTH','YEAR')),
    certificate_price bigint check (certificate_price >= 0),
    certificate_price_currency text check (length(certificate_price_currency) = 3),
    free_retake_within_months integer check (free_retake_within_months between 0 and 1200),
    certificate_of_completion boolean,
    mentoring_sessions integer check (mentoring_sessions between 0 and 10000),
    job_preparation boolean,
    job_guarantee boolean,
    portfolio boolean,
    no_prerequisites boolean,
    prerequisite_note text,
    url text,
    retire_reason text,
    version integer not null default 1 check (version >= 1),
    created_at @timestamp not null,
    updated_at @timestamp not null,
    published_at @timestamp,
    scheduled_for @timestamp,
    check (duration_days_min <= duration_days_max),
    check (hours_per_week_min <= hours_per_week_max),
    check ((price is null) = (price_currency is null)),
    check ((certificate_price is null) = (certificate_price_currency is null)),
    check (status <> 'PUBLISHED' or published_at is not null),
    unique (provider_id, external_key)
);
create index course_by_provider on course (provider_id, id);
create index course_by_schedule on course (scheduled_for) where scheduled_for is not null;

create table course_partner (
    course_id bigint not null references course (id) on delete cascade,
    provider_id bigint not null references provider (id),
    position integer not null check (position >= 0),
    primary key (course_id, provider_id)
);
create index course_partner_by_provider on course_partner (provider_id);

create table course_subject (
    course_id bigint not null references course (id) on delete cascade,
    subject_id bigint not null references subject (id),
    position integer not null check (position >= 0),
    primary key (course_id, subject_id)
);
create index course_subject_by_subject on course_subject (subject_id);

create table course_skill (
    course_id bigint not null references course (id) on delete cascade,
    skill_id bigint not null references skill (id),
    position integer not null check (position >= 0),
    primary key (course_id, skill_id)
);
create index course_skill_by_skill on course_skill (skill_id);

create table course_prerequisite_skill (
    course_id bigint not null references course (id) on delete cascade,
    skill_id bigint not null references skill (id),
    level text not null check (level in ('BASIC','FAMILIAR','PROFICIENT')),
    position integer not null check (position >= 0),
    primary key (course_id, skill_id)
);
create index course_prerequisite_skill_by_skill on course_prerequisite_skill (skill_id);

create table course_prerequisite_course (
    course_id bigint not null references course (id) on delete cascade,
    required_id bigint not null references course (id),
    position integer not null check (position >= 0),
    check (course_id <> required_id),
    primary key (course_id, required_id)
);
create index course_prerequisite_course_by_required on course_prerequisite_course (required_id);

create table course_unit (
    course_id bigint not null references course (id) on delete cascade,
    unit_id bigint not null references course (id),
    position integer not null check (position >= 0),
    check (course_id <> unit_id),
    primary key (course_id, unit_id)
);
create index course_unit_by_unit on course_unit (unit_id);

create table course_certification (
    course_id bigint not null references course (id) on delete cascade,
    certification_id bigint not null references certification (id),
    position integer not null check (position >= 0),
    primary key (course_id, certification_id)
);
create index course_certification_by_certification on course_certification (certification_id);

create table course_career (
    course_id bigint not null references course (id) on delete cascade,
    career_id bigint not null references career (id),
    position integer not null check (position >= 0),
    primary key (course_id, career_id)
);
create index course_career_by_career on course_career (career_id);

create table award (
    course_id bigint not null references course (id) on delete cascade,
    position integer not null check (position >= 0),
    title text not null check (length(title) between 1 and 200),
    awarded_by text not null check (length(awarded_by) between 1 and 200),
    year integer check (year between 1900 and 2200),
    primary key (course_id, position)
);

create table financing_plan (
    course_id bigint not null references course (id) on delete cascade,
    position integer not null check (position >= 0),
    kind text not null check (kind in ('UPFRONT','INSTALLMENTS','LOAN','DEFERRED','INCOME_SHARE','SCHOLARSHIP','EMPLOYER')),
    apr_percent_e4 bigint check (apr_percent_e4 >= 0),
    months integer check (months between 1 and 600),
    income_percent_e4 bigint check (income_percent_e4 between 0 and 1000000),
    income_floor bigint check (income_floor >= 0),
    income_floor_currency text check (length(income_floor_currency) = 3),
    cap bigint check (cap >= 0),
    cap_currency text check (length(cap_currency) = 3),
    note text,
    check ((income_floor is null) = (income_floor_currency is null)),
    check ((cap is null) = (cap_currency is null)),
    primary key (course_id, position)
);

create table offering (
    id @id,
    course_id bigint not null references course (id) on delete cascade,
    format text not null check (format in ('IN_PERSON','LIVE_ONLINE','SELF_PACED','HYBRID')),
    schedule text check (schedule in ('FULL_TIME','PART_TIME','WEEKDAYS','WEEKNIGHTS','WEEKENDS','FLEXIBLE')),
    starts_on @date,
    ends_on @date,
    apply_by @date,
    time_zone text,
    city text,
    region text,
    country text check (length(country) = 2),
    latitude double precision check (latitude between -90 and 90),
    longitude double precision check (longitude between -180 and 180),
    language text,
    price bigint check (price >= 0),
    price_currency text check (length(price_currency) = 3),
    capacity integer check (capacity >= 0),
    seats_left integer check (seats_left >= 0),
    url text,
    version integer not null default 1 check (version >= 1),
    check (starts_on <= ends_on),
    check (apply_by <= starts_on),
    check (seats_left <= capacity),
    check ((latitude is null) = (longitude is null)),
    check ((price is null) = (price_currency is null))
);
create index offering_by_course on offering (course_id, starts_on, id);

create table course_rating (
    course_id bigint primary key references course (id) on delete cascade,
    count integer not null default 0 check (count >= 0),
    stars1 integer not null default 0 check (stars1 >= 0),
    stars2 integer not null default 0 check (stars2 >= 0),
    stars3 integer not null default 0 check (stars3 >= 0),
    stars4 integer not null default 0 check (stars4 >= 0),
    stars5 integer not null default 0 check (stars5 >= 0),
    curriculum_count integer not null default 0 check (curriculum_count >= 0),
    curriculum_sum integer not null default 0 check (curriculum_sum >= 0),
    instructors_count integer not null default 0 check (instructors_count >= 0),
    instructors_sum integer not null default 0 check (instructors_sum >= 0),
    job_support_count integer not null default 0 check (job_support_count >= 0),
    job_support_sum integer not null default 0 check (job_support_sum >= 0),
    verified_count integer not null default 0 check (verified_count >= 0),
    check (count = stars1 + stars2 + stars3 + stars4 + stars5),
    check (verified_count <= count)
);

create table provider_rating (
    provider_id bigint primary key references provider (id) on delete cascade,
    count integer not null default 0 check (count >= 0),
    stars1 integer not null default 0 check (stars1 >= 0),
    stars2 integer not null default 0 check (stars2 >= 0),
    stars3 integer not null default 0 check (stars3 >= 0),
    stars4 integer not null default 0 check (stars4 >= 0),
    stars5 integer not null default 0 check (stars5 >= 0),
    curriculum_count integer not null default 0 check (curriculum_count >= 0),
    curriculum_sum integer not null default 0 check (curriculum_sum >= 0),
    instructors_count integer not null default 0 check (instructors_count >= 0),
    instructors_sum integer not null default 0 check (instructors_sum >= 0),
    job_support_count integer not null default 0 check (job_support_count >= 0),
    job_support_sum integer not null default 0 check (job_support_sum >= 0),
    verified_count integer not null default 0 check (verified_count >= 0),
    check (count = stars1 + stars2 + stars3 + stars4 + stars5),
    check (verified_count <= count)
);

create table statistic (
    id @id,
    key text not null unique check (length(key) between 1 and 120),
    metric text not null check (metric in ('AVERAGE_SALARY','MEDIAN_SALARY','EMPLOYMENT_GROWTH_PERCENT','NEW_JOBS','BACHELOR_DEGREE_PERCENT',
        'AVERAGE_PRICE','SALARY_INCREASE','SALARY_INCREASE_PERCENT','MONTHS_TO_QUALIFY','GRADUATION_PERCENT','PLACEMENT_PERCENT')),
    career_id bigint references career (id),
    course_id bigint references course (id),
    provider_id bigint references provider (id),
    subject_label text not null check (length(subject_label) between 1 and 200),
    course_kind text check (course_kind in ('COURSE','BOOTCAMP','CERTIFICATE_PROGRAM','SPECIALIZATION','PROFESSIONAL_CERTIFICATE','NANODEGREE','DEGREE')),
    value_e4 bigint,
    range_min_e4 bigint,
    range_max_e4 bigint,
    currency text check (length(currency) = 3),
    level text check (level in ('ENTRY','MID','SENIOR')),
    experience_min integer check (experience_min >= 0),
    experience_max integer check (experience_max >= 0),
    region text check (length(region) = 2),
    period_start text,
    period_end text,
    as_of text,
    sample_size integer check (sample_size >= 1),
    publisher text,
    check (value_e4 is not null or range_min_e4 is not null or range_max_e4 is not null),
    check (range_min_e4 <= range_max_e4),
    check (experience_min <= experience_max),
    check ((case when career_id is null then 0 else 1 end) + (case when course_id is null then 0 else 1 end)
         + (case when provider_id is null then 0 else 1 end) <= 1)
);
create index statistic_by_career on statistic (career_id) where career_id is not null;
create index statistic_by_course on statistic (course_id) where course_id is not null;
create index statistic_by_provider on statistic (provider_id) where provider_id is not null;

create table source (
    id @id,
    key text not null unique check (length(key) between 1 and 120),
    publisher text,
    subject text not null check (length(subject) between 1 and 500),
    url text,
    year integer check (year between 1900 and 2200),
    retrieved_on @date
);

-- What a source vouches for: exactly one thing a row.
create table citation (
    id @id,
    source_id bigint not null references source (id),
    position integer not null check (position >= 0),
    provider_id bigint references provider (id) on delete cascade,
    course_id bigint references course (id) on delete cascade,
    certification_id bigint references certification (id) on delete cascade,
    career_id bigint references career (id) on delete cascade,
    career_level_id bigint references career_level (id) on delete cascade,
    statistic_id bigint references statistic (id) on delete cascade,
    check ((case when provider_id is null then 0 else 1 end) + (case when course_id is null then 0 else 1 end)
         + (case when certification_id is null then 0 else 1 end) + (case when career_id is null then 0 else 1 end)
         + (case when career_level_id is null then 0 else 1 end) + (case when statistic_id is null then 0 else 1 end) = 1)
);
create index citation_by_source on citation (source_id);
create index citation_by_provider on citation (provider_id) where provider_id is not null;
create index citation_by_course on citation (course_id) where course_id is not null;
create index citation_by_certification on citation (certification_id) where certification_id is not null;
create index citation_by_career on citation (career_id) where career_id is not null;
create index citation_by_career_level on citation (career_level_id) where career_level_id is not null;
create index citation_by_statistic on citation (statistic_id) where statistic_id is not null;

-- Every slug a listing has or had: an old one goes on resolving and is never given to another listing.
create table provider_slug (
    slug text primary key,
    provider_id bigint not null references provider (id) on delete cascade
);
create index provider_slug_by_provider on provider_slug (provider_id);
create table course_slug (
    slug text primary key,
    course_id bigint not null references course (id) on delete cascade
);
create index course_slug_by_course on course_slug (course_id);
create table certification_slug (
    slug text primary key,
    certification_id bigint not null references certification (id) on delete cascade
);
create index certification_slug_by_certification on certification_slug (certification_id);
create table career_slug (
    slug text primary key,
    career_id bigint not null references career (id) on delete cascade
);
create index career_slug_by_career on career_slug (career_id);

-- The change log. Positions have no gaps and are in commit order: catalogue.position is raised in the writing
-- transaction, so its row lock puts writers in a line from there to their commit.
-- event is what the public sees of the change, null where it sees nothing. listing_id speaks of any of the
-- listing types and outlives the listing, hence no foreign key.
create table change (
    position bigint primary key check (position >= 1),
    at @timestamp not null,
    actor text not null,
    action text not null,
    listing_type text not null check (listing_type in ('COURSE','PROVIDER','CERTIFICATION','CAREER','TAXONOMY')),
    listing_id bigint not null,
    slug text not null,
    provider_id bigint,
    event text check (event in ('PUBLISHED','UPDATED','RETIRED','WITHDRAWN')),
    fields @json
);
create index change_by_listing on change (listing_type, listing_id, position);
create index change_by_provider on change (provider_id, position) where provider_id is not null;

-- down

drop table change;
drop table career_slug;
drop table certification_slug;
drop table course_slug;
drop table provider_slug;
drop table citation;
drop table source;
drop table statistic;
drop table provider_rating;
drop table course_rating;
drop table offering;
drop table financing_plan;
drop table award;
drop table course_career;
drop table course_certification;
drop table course_unit;
drop table course_prerequisite_course;
drop table course_prerequisite_skill;
drop table course_skill;
drop table course_subject;
drop table course_partner;
drop table course;
drop table certification_career;
drop table certification_skill;
drop table certification;
drop table career_related;
drop table career_skill;
drop table career_level_title;
drop table career_level;
drop table career;
drop table skill_alias;
drop table skill;
drop table subject;
drop table provider_licence;
drop table provider_location;
drop table provider;
drop table catalogue;
