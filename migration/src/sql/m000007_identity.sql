-- One subject of an issuer has one account, and an account one subject of an issuer. Before, a second subject with the same
-- address was linked to the account of the first: the link that was made first is the rightful one.
delete from identity where exists (
    select 1 from identity earlier
    where earlier.issuer = identity.issuer and earlier.account_id = identity.account_id
        and (earlier.created_at < identity.created_at
            or earlier.created_at = identity.created_at and earlier.subject < identity.subject)
);
create unique index identity_by_issuer on identity (issuer, account_id);
-- The iat of the newest token whose claims the account has taken over: an older one changes nothing.
alter table identity add column claims_at @timestamp;

-- Who had an account that was deleted, as the SHA-256 of issuer and subject: tokens issued up to then open no new one.
create table identity_tombstone (
    hash text primary key check (length(hash) = 64),
    deleted_at @timestamp not null
);

-- The account that made a token. No foreign key: a token whose maker is gone must not look like one without a maker. Tokens
-- made before this column get theirs from the change log; null where the log does not say.
alter table service_token add column created_by bigint;
update service_token set created_by = (
    select cast(substr(change.actor, 9) as bigint) from change
    where change.listing_type = 'PROVIDER' and change.action = 'member.create-token' and change.actor like 'account:%'
        and change.listing_id = service_token.provider_id
        and cast(change.fields as text) like '%"' || cast(service_token.id as text) || '"%'
    order by change.position limit 1
);
create index service_token_by_maker on service_token (created_by);

-- What daily limits count, kept for a day: it stays when what was made is deleted. The scope is whom a limit is for, with
-- addresses as SHA-256.
create table limited_action (
    id @id,
    action text not null,
    scope text not null,
    at @timestamp not null
);
create index limited_action_by_scope on limited_action (action, scope, at);
create index limited_action_by_age on limited_action (at);

-- down

drop table limited_action;
drop index service_token_by_maker;
alter table service_token drop column created_by;
drop table identity_tombstone;
alter table identity drop column claims_at;
drop index identity_by_issuer;
