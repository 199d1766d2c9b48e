drop index review_published;
drop index review_waiting;
create index review_by_status on review (status, created_at, id);
alter table change drop column mark;
