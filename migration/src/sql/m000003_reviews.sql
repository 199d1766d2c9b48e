-- What learners say of courses, and what becomes of it. A review outlives the account of its author, and the record of
-- moderation outlives both.

create table review (
    id @id,
    course_id bigint not null references course (id),
    account_id bigint references account (id) on delete set null,
    rating integer not null check (rating between 1 and 5),
    curriculum integer check (curriculum between 1 and 5),
    instructors integer check (instructors between 1 and 5),
    job_support integer check (job_support between 1 and 5),
    title text check (length(title) between 1 and 200),
    body text not null check (length(body) between 20 and 5000),
    relation text not null check (relation in ('STUDENT','GRADUATE','APPLICANT')),
    incentive boolean not null,
    completed_on @date,
    verification text not null check (verification in ('NONE','EMAIL','ENROLMENT')),
    status text not null check (status in ('PENDING','PUBLISHED','REJECTED','REMOVED')),
    helpful_count integer not null default 0 check (helpful_count >= 0),
    version integer not null default 1 check (version >= 1),
    created_at @timestamp not null,
    updated_at @timestamp not null,
    check (relation <> 'APPLICANT' or completed_on is null),
    unique (course_id, account_id)
);
create index review_by_account on review (account_id, created_at, id);
create index review_by_status on review (status, created_at, id);
create index review_by_age on review (course_id, created_at, id) where status = 'PUBLISHED';
create index review_by_rating on review (course_id, rating, id) where status = 'PUBLISHED';
create index review_by_votes on review (course_id, helpful_count, id) where status = 'PUBLISHED';

-- Who has written it is named as the change log names them: a member of the provider, or one of its systems.
create table review_reply (
    review_id bigint primary key references review (id) on delete cascade,
    author text not null,
    body text not null check (length(body) between 1 and 5000),
    created_at @timestamp not null,
    updated_at @timestamp not null
);

create table review_vote (
    review_id bigint not null references review (id) on delete cascade,
    account_id bigint not null references account (id) on delete cascade,
    created_at @timestamp not null,
    primary key (review_id, account_id)
);
create index review_vote_by_account on review_vote (account_id);

-- Open until staff have decided on the review.
create table review_report (
    id @id,
    review_id bigint not null references review (id) on delete cascade,
    account_id bigint references account (id) on delete set null,
    reason text not null check (reason in ('SPAM','OFFENSIVE','UNTRUE','CONFLICT_OF_INTEREST','PRIVATE_DATA','OTHER')),
    note text check (length(note) between 1 and 2000),
    created_at @timestamp not null,
    closed_at @timestamp,
    unique (review_id, account_id)
);
create index review_report_by_account on review_report (account_id, created_at);
create index review_report_open on review_report (review_id) where closed_at is null;

-- A decision stands until another one takes its place or the author changes the review; that the author deletes it does
-- not undo it.
create table review_moderation (
    id @id,
    course_id bigint not null references course (id),
    review_id bigint references review (id) on delete set null,
    account_id bigint references account (id) on delete set null,
    from_status text not null check (from_status in ('PENDING','PUBLISHED','REJECTED','REMOVED')),
    to_status text not null check (to_status in ('PUBLISHED','REJECTED','REMOVED')),
    reason text not null check (length(reason) between 1 and 2000),
    moderator text not null,
    stands boolean not null,
    at @timestamp not null
);
create index review_moderation_by_course on review_moderation (course_id, to_status) where stands;
create index review_moderation_by_review on review_moderation (review_id, id);
create index review_moderation_by_account on review_moderation (account_id, course_id);

-- A link that was sent to the author of a review.
create table review_link (
    hash text primary key check (length(hash) = 64),
    review_id bigint not null references review (id) on delete cascade,
    email text not null,
    created_at @timestamp not null,
    expires_at @timestamp not null
);
create index review_link_by_review on review_link (review_id);

-- Whether a person was enrolled: asked of the provider, who sees of it neither the review nor its id.
create table enrolment_check (
    id @id,
    review_id bigint not null unique references review (id) on delete cascade,
    course_id bigint not null references course (id),
    provider_id bigint not null references provider (id),
    person_name text not null check (length(person_name) between 1 and 200),
    email text,
    from_date @date not null,
    to_date @date not null,
    asked_at @timestamp not null,
    answered_at @timestamp,
    answered_by text,
    enrolled boolean,
    check (from_date <= to_date),
    check ((answered_at is null) = (enrolled is null)),
    check ((answered_at is null) = (answered_by is null))
);
create index enrolment_check_by_course on enrolment_check (course_id);
create index enrolment_check_open on enrolment_check (provider_id, asked_at, id) where answered_at is null;

-- down

drop table enrolment_check;
drop table review_link;
drop table review_moderation;
drop table review_report;
drop table review_vote;
drop table review_reply;
drop table review;
