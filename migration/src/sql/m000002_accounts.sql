-- Who signs in, and on whose behalf. No secret is kept in a form that could be used: tokens are stored as SHA-256 in
-- lower-case hexadecimal, passwords as Argon2id.

create table account (
    id @id,
    email text not null unique check (length(email) between 3 and 254),
    display_name text not null check (length(display_name) between 1 and 200),
    password_hash text,
    staff boolean not null default false,
    email_verified_at @timestamp,
    created_at @timestamp not null
);

create table identity (
    issuer text not null,
    subject text not null,
    account_id bigint not null references account (id) on delete cascade,
    created_at @timestamp not null,
    primary key (issuer, subject)
);
create index identity_by_account on identity (account_id);

create table session (
    id @id,
    account_id bigint not null references account (id) on delete cascade,
    created_at @timestamp not null,
    expires_at @timestamp not null,
    ended_at @timestamp
);
create index session_by_account on session (account_id);
create index session_by_expiry on session (expires_at);

create table refresh_token (
    hash text primary key check (length(hash) = 64),
    session_id bigint not null references session (id) on delete cascade,
    created_at @timestamp not null,
    used_at @timestamp
);
create index refresh_token_by_session on refresh_token (session_id);

create table mail_token (
    hash text primary key check (length(hash) = 64),
    account_id bigint not null references account (id) on delete cascade,
    purpose text not null check (purpose in ('VERIFY_EMAIL','RESET_PASSWORD')),
    email text not null,
    created_at @timestamp not null,
    expires_at @timestamp not null
);
create index mail_token_by_account on mail_token (account_id);

create table membership (
    provider_id bigint not null references provider (id) on delete cascade,
    account_id bigint not null references account (id) on delete cascade,
    role text not null check (role in ('OWNER','EDITOR')),
    created_at @timestamp not null,
    primary key (provider_id, account_id)
);
create index membership_by_account on membership (account_id);

create table invitation (
    id @id,
    provider_id bigint not null references provider (id) on delete cascade,
    email text not null check (length(email) between 3 and 254),
    role text not null check (role in ('OWNER','EDITOR')),
    hash text not null unique check (length(hash) = 64),
    created_at @timestamp not null,
    expires_at @timestamp not null,
    closed_at @timestamp
);
create index invitation_by_provider on invitation (provider_id, id);

create table service_token (
    id @id,
    provider_id bigint not null references provider (id) on delete cascade,
    name text not null check (length(name) between 1 and 200),
    hash text not null unique check (length(hash) = 64),
    created_at @timestamp not null,
    expires_at @timestamp not null,
    revoked_at @timestamp
);
create index service_token_by_provider on service_token (provider_id, id);

create table signing_key (
    kid text primary key,
    algorithm text not null check (algorithm in ('EdDSA','ES256','RS256')),
    private_pem text not null,
    created_at @timestamp not null,
    retired_at @timestamp
);

-- The answer to a mutation that was sent with an Idempotency-Key; none while it still runs. The position of the log that
-- its write reached is set in the transaction of the write.
create table idempotency (
    caller text not null,
    key text not null check (length(key) between 1 and 255),
    request text not null check (length(request) = 64),
    status integer,
    answer text,
    position bigint,
    created_at @timestamp not null,
    primary key (caller, key)
);
create index idempotency_by_age on idempotency (created_at);

-- down

drop table idempotency;
drop table signing_key;
drop table service_token;
drop table invitation;
drop table membership;
drop table mail_token;
drop table refresh_token;
drop table session;
drop table identity;
drop table account;
