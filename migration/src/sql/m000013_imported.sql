-- Reviews and outcome reports that staff import from other sites: the name of the site, the address and the key of the
-- original, and the name that a review gives its author. All of it is null for what was written here.
alter table review add column source_name text check (length(source_name) between 1 and 200);
alter table review add column source_url text;
alter table review add column source_key text check (length(source_key) between 1 and 200);
alter table review add column source_author text check (length(source_author) between 1 and 200);
create unique index review_by_source on review (source_name, source_key) where source_key is not null;

alter table outcome_report add column source_name text check (length(source_name) between 1 and 200);
alter table outcome_report add column source_url text;
alter table outcome_report add column source_key text check (length(source_key) between 1 and 200);
create unique index outcome_report_by_source on outcome_report (source_name, source_key) where source_key is not null;
-- An imported report does not take the place of the provider's own.
drop index outcome_report_by_period;
create unique index outcome_report_by_period on outcome_report (course_id, period_start, period_end)
    where withdrawn_at is null and source_key is null;

-- down

-- Without the columns, imported records would count as if they were written here.
delete from outcome_report where source_key is not null;
drop index outcome_report_by_period;
create unique index outcome_report_by_period on outcome_report (course_id, period_start, period_end) where withdrawn_at is null;
drop index outcome_report_by_source;
alter table outcome_report drop column source_key;
alter table outcome_report drop column source_url;
alter table outcome_report drop column source_name;

delete from review where source_key is not null;
drop index review_by_source;
alter table review drop column source_author;
alter table review drop column source_key;
alter table review drop column source_url;
alter table review drop column source_name;
