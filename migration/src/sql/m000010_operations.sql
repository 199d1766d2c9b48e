-- A random number of each change, by which two histories of one catalogue are told apart that have got to the same position:
-- one went on from a backup that was restored. Changes from before have none.
alter table change add column mark bigint;

-- SQLite guesses what a condition leaves over, and took an index on the status for one that leaves few of the published
-- reviews. The reviews of a course are found by its own indexes whatever it guesses, once no index of all that are published
-- begins with the status.
drop index review_by_status;
create index review_waiting on review (status, created_at, id) where status <> 'PUBLISHED';
create index review_published on review (created_at, id) where status = 'PUBLISHED';

-- down

drop index review_published;
drop index review_waiting;
create index review_by_status on review (status, created_at, id);
alter table change drop column mark;
