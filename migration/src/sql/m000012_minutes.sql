-- A total that is not whole hours, in minutes. A course states its total in hours or in minutes.
alter table course add column duration_minutes integer check (duration_minutes between 1 and 6000000);

-- down

alter table course drop column duration_minutes;
