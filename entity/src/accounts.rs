//! Accounts, access rights, and records that keep anything from being written twice. Tokens are stored as hashes.

table! {
    /// Person with an account. Without a password, they sign in with another identity provider.
    account = "account" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        email: String, display_name: String, password_hash: Option<String>, staff: bool,
        email_verified_at: Option<DateTimeUtc>, created_at: DateTimeUtc,
    }
}

table! {
    /// Identity of a person at another identity provider.
    identity = "identity" {
        #[sea_orm(primary_key, auto_increment = false)] issuer: String,
        #[sea_orm(primary_key, auto_increment = false)] subject: String,
        account_id: i64, created_at: DateTimeUtc, claims_at: Option<DateTimeUtc>,
    }
}

table! {
    /// Identity whose account was deleted.
    identity_tombstone = "identity_tombstone" {
        #[sea_orm(primary_key, auto_increment = false)] hash: String,
        deleted_at: DateTimeUtc,
    }
}

table! {
    /// Action counted by a daily limit, kept even if its result is deleted.
    limited_action = "limited_action" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        action: String, scope: String, at: DateTimeUtc,
    }
}

table! {
    /// Sign-in, with all tokens issued from it.
    session = "session" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        account_id: i64, created_at: DateTimeUtc, expires_at: DateTimeUtc, ended_at: Option<DateTimeUtc>,
    }
}

table! {
    /// Refresh token of a session. Used ones are kept so that reuse is detected.
    refresh_token = "refresh_token" {
        #[sea_orm(primary_key, auto_increment = false)] hash: String,
        session_id: i64, created_at: DateTimeUtc, used_at: Option<DateTimeUtc>,
    }
}

table! {
    /// Token of a link sent by mail.
    mail_token = "mail_token" {
        #[sea_orm(primary_key, auto_increment = false)] hash: String,
        account_id: i64, purpose: MailPurpose, email: String, created_at: DateTimeUtc, expires_at: DateTimeUtc,
    }
}

table! {
    /// Role of an account at a provider.
    membership = "membership" {
        #[sea_orm(primary_key, auto_increment = false)] provider_id: i64,
        #[sea_orm(primary_key, auto_increment = false)] account_id: i64,
        role: MemberRole, created_at: DateTimeUtc,
    }
}

table! {
    /// Invitation to become a member, closed once it is accepted or revoked.
    invitation = "invitation" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        provider_id: i64, email: String, role: MemberRole, hash: String,
        created_at: DateTimeUtc, expires_at: DateTimeUtc, closed_at: Option<DateTimeUtc>,
    }
}

table! {
    /// Token for a provider's own system.
    service_token = "service_token" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        provider_id: i64, name: String, hash: String,
        created_at: DateTimeUtc, expires_at: DateTimeUtc, revoked_at: Option<DateTimeUtc>,
        created_by: Option<i64>,
    }
}

table! {
    /// Key that signs access tokens. A retired one only verifies.
    signing_key = "signing_key" {
        #[sea_orm(primary_key, auto_increment = false)] kid: String,
        algorithm: String, private_pem: String, created_at: DateTimeUtc, retired_at: Option<DateTimeUtc>,
    }
}

table! {
    /// Response to a mutation with an Idempotency-Key. No response while it runs.
    idempotency = "idempotency" {
        #[sea_orm(primary_key, auto_increment = false)] caller: String,
        #[sea_orm(primary_key, auto_increment = false)] key: String,
        request: String, status: Option<i32>, answer: Option<String>, position: Option<i64>, created_at: DateTimeUtc,
    }
}
