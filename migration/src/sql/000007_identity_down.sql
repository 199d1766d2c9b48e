drop table limited_action;
drop index service_token_by_maker;
alter table service_token drop column created_by;
drop table identity_tombstone;
alter table identity drop column claims_at;
drop index identity_by_issuer;
