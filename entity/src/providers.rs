//! Providers with their dependent rows.

table! {
    /// Organisation that offers courses or issues certifications.
    provider = "provider" {
        #[sea_orm(primary_key, auto_increment = false)] id: i64,
        slug: String, name: String, kind: ProviderKind, status: ProviderStatus,
        description: Option<String>, url: Option<String>, logo: Option<String>, note: Option<String>,
        certificate_of_completion: Option<bool>, free_retake_within_months: Option<i32>,
        formats: i32, schedules: i32,
        version: i32, created_at: DateTimeUtc, updated_at: DateTimeUtc,
    }
}

table! {
    /// Location of a provider. The first is its headquarters.
    provider_location = "provider_location" {
        #[sea_orm(primary_key, auto_increment = false)] provider_id: i64,
        #[sea_orm(primary_key, auto_increment = false)] position: i32,
        city: Option<String>, region: Option<String>, country: Option<String>,
        latitude: Option<f64>, longitude: Option<f64>,
    }
}

table! {
    /// Licence that a provider operates under.
    provider_licence = "provider_licence" {
        #[sea_orm(primary_key, auto_increment = false)] provider_id: i64,
        #[sea_orm(primary_key, auto_increment = false)] position: i32,
        authority: String, number: Option<String>, valid_until: Option<Date>,
    }
}

table! {
    /// Name and slug requested by an approved provider, pending a decision by staff.
    provider_name_request = "provider_name_request" {
        #[sea_orm(primary_key, auto_increment = false)] provider_id: i64,
        name: String, slug: String, created_at: DateTimeUtc,
    }
}

table! {
    /// Mapping that a provider keeps for its feeds.
    provider_mapping = "provider_mapping" {
        #[sea_orm(primary_key, auto_increment = false)] provider_id: i64,
        content: String, updated_at: DateTimeUtc,
    }
}

table! {
    /// Time of the last mail of a rate-limited kind. The subject is a provider, or 0.
    letter_limit = "letter_limit" {
        #[sea_orm(primary_key, auto_increment = false)] kind: String,
        #[sea_orm(primary_key, auto_increment = false)] subject: i64,
        sent_at: DateTimeUtc,
    }
}

slugs! { provider_slug = "provider_slug" { provider_id } }
rating! { provider_rating = "provider_rating" { provider_id } }
