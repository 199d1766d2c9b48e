//! Who signs in, on whose behalf, and what is kept so that nothing is written twice. Tokens are stored as hashes.

table! {
    /// A person. Without a password they sign in by another identity provider.
    account = "account" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        email: String, display_name: String, password_hash: Option<String>, staff: bool,
        email_verified_at: Option<DateTimeUtc>, created_at: DateTimeUtc,
    }
}

table! {
    /// Who a person is to another identity provider.
    identity = "identity" {
        #[sea_orm(primary_key, auto_increment = false)] issuer: String,
        #[sea_orm(primary_key, auto_increment = false)] subject: String,
        account_id: i64, created_at: DateTimeUtc, claims_at: Option<DateTimeUtc>,
    }
}

table! {
    /// A person of another identity provider whose account was deleted.
    identity_tombstone = "identity_tombstone" {
        #[sea_orm(primary_key, auto_increment = false)] hash: String,
        deleted_at: DateTimeUtc,
    }
}

table! {
    /// Something that a daily limit counts, kept though what was made may be deleted.
    limited_action = "limited_action" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        action: String, scope: String, at: DateTimeUtc,
    }
}

table! {
    /// One sign-in and all tokens that came of it.
    session = "session" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        account_id: i64, created_at: DateTimeUtc, expires_at: DateTimeUtc, ended_at: Option<DateTimeUtc>,
    }
}

table! {
    /// A refresh token of a session; one that was used is kept to be known again.
    refresh_token = "refresh_token" {
        #[sea_orm(primary_key, auto_increment = false)] hash: String,
        session_id: i64, created_at: DateTimeUtc, used_at: Option<DateTimeUtc>,
    }
}

table! {
    /// A link that was sent by mail.
    mail_token = "mail_token" {
        #[sea_orm(primary_key, auto_increment = false)] hash: String,
        account_id: i64, purpose: MailPurpose, email: String, created_at: DateTimeUtc, expires_at: DateTimeUtc,
    }
}

table! {
    /// Who may do what for a provider.
    membership = "membership" {
        #[sea_orm(primary_key, auto_increment = false)] provider_id: i64,
        #[sea_orm(primary_key, auto_increment = false)] account_id: i64,
        role: MemberRole, created_at: DateTimeUtc,
    }
}

table! {
    /// An invitation to become a member; closed when it was accepted or revoked.
    invitation = "invitation" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        provider_id: i64, email: String, role: MemberRole, hash: String,
        created_at: DateTimeUtc, expires_at: DateTimeUtc, closed_at: Option<DateTimeUtc>,
    }
}

table! {
    /// The token of a provider's own system.
    service_token = "service_token" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        provider_id: i64, name: String, hash: String,
        created_at: DateTimeUtc, expires_at: DateTimeUtc, revoked_at: Option<DateTimeUtc>,
        created_by: Option<i64>,
    }
}

table! {
    /// A key that access tokens are signed with. A retired one only verifies.
    signing_key = "signing_key" {
        #[sea_orm(primary_key, auto_increment = false)] kid: String,
        algorithm: String, private_pem: String, created_at: DateTimeUtc, retired_at: Option<DateTimeUtc>,
    }
}

table! {
    /// What a mutation with an Idempotency-Key was answered; no answer while it runs.
    idempotency = "idempotency" {
        #[sea_orm(primary_key, auto_increment = false)] caller: String,
        #[sea_orm(primary_key, auto_increment = false)] key: String,
        request: String, status: Option<i32>, answer: Option<String>, position: Option<i64>, created_at: DateTimeUtc,
    }
}
