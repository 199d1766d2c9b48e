-- changes(types:) goes through those of one type in the order of the log.
create index change_by_type on change (listing_type, position) where event is not null;
-- Letters to one address within a day are counted.
create index invitation_by_email on invitation (email, created_at);

-- down

drop index invitation_by_email;
drop index change_by_type;
