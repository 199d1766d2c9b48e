//! Settings: defaults, then `lectern.toml`, then the environment. `SETTINGS` describes each of them once: `lectern
//! config` prints it and the defaults are read from it.

use std::fmt::Display;
use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use catalog::auth::{AuthSettings, ExternalSettings};
use catalog::budget::BudgetLimits;
use catalog::database::DatabaseSettings;
use catalog::error::{AppError, Result};
use catalog::mail::MailSettings;
use catalog::review::PublicationPolicy;
use catalog::values::web_address;
use catalog::write::DraftLimits;
use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use search::work::Allowance;
use serde::Deserialize;

use crate::graphql::matching::Weights;

/// Declares each setting once: as a field of `Settings` and as an entry of `SETTINGS`, with its description, its default
/// value in TOML and, for some numbers, its range.
macro_rules! settings {
    ($($(#[doc = $meaning:literal])+ $name:ident: $type:ty = $default:literal $(in $range:expr)?;)+) => {
        /// Validated settings.
        #[derive(Clone, Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[allow(rustdoc::bare_urls, reason = "operators read the descriptions as plain text")]
        pub struct Settings {
            $($(#[doc = $meaning])+ pub $name: $type,)+
        }

        /// All settings.
        pub const SETTINGS: &[Setting] = &[
            $(Setting {
                name: stringify!($name),
                default: $default,
                meaning: concat!($($meaning),+).trim_ascii_start(),
            },)+
        ];

        impl Settings {
            fn check_ranges(&self) -> Result<()> {
                $($(check_range(stringify!($name), &self.$name, &$range)?;)?)+
                Ok(())
            }
        }
    };
}

settings! {
    /// URL of the database: postgres://… or sqlite://FILE; empty: SQLite in data_dir. Environment: DATABASE_URL
    database_url: String = "\"\"";
    /// URL of a PostgreSQL read replica for public reads, postgres://…; empty: none
    replica_url: String = "\"\"";
    /// address and port to listen on; port 0 picks a free one
    listen: SocketAddr = "\"127.0.0.1:8080\"";
    /// folder of the SQLite database, the search index and unsent mail
    data_dir: PathBuf = "\"data-local\"";
    /// initial content of an empty database: starter or none
    seed: Seed = "\"starter\"";
    /// reviews that are published without moderation: moderated (none), verified (those of authors with a verified
    /// address or enrolment) or all
    reviews_publish: PublicationPolicy = "\"moderated\"";
    /// threads that answer requests; 0: one per core
    workers: usize = "0" in 0..=1024;
    /// database connections for reading, 1 to 500
    read_connections: u32 = "8" in 1..=500;
    /// database connections for writing, 2 to 500; SQLite always uses one
    write_connections: u32 = "4" in 2..=500;
    /// maximum open WebSockets; further ones get 503
    max_sockets: usize = "1000" in 0..=1_000_000;
    /// maximum concurrent requests; further ones get 503
    max_in_flight: usize = "512" in 1..=1_000_000;
    /// threads for expensive requests, 0 to 1024; 0: one per core
    search_threads: usize = "0" in 0..=1024;
    /// file with more facts for the search, JSON lines; empty: none
    search_facts: PathBuf = "\"\"";
    /// file with more synonyms for the search, in lines such as NAME = OTHER, OTHER; empty: none
    search_synonyms: PathBuf = "\"\"";
    /// time limit of a request in seconds, 0 to 600; slower ones get 503
    request_seconds: u64 = "10" in 0..=600;
    /// maximum units of work of a running request, 1000 to 1000000000000; 50 million take about half a second
    request_work: u64 = "50000000" in 1_000..=1_000_000_000_000;
    /// maximum objects in a response, 1 to 10000000
    answer_objects: u64 = "25000" in 1..=10_000_000;
    /// maximum size of a response in kilobytes, 1 to 1000000
    answer_kb: u64 = "10240" in 1..=1_000_000;
    /// size of the response cache in megabytes, 0 to 10000; 0: no cache
    cache_mb: u64 = "32" in 0..=10_000;
    /// milliseconds that a cached response may be behind the catalogue, 0 to 60000; a request with Lectern-Position gets
    /// one of that position or later
    cache_staleness_ms: u64 = "1000" in 0..=60_000;
    /// origins whose pages may call the API, e.g. ["https://example.org"]; ["*"]: any
    allowed_origins: Vec<String> = "[]";
    /// whether to serve GraphiQL to browsers at /graphql
    graphiql: bool = "true";
    /// whether errors for unknown fields and arguments suggest similar names
    suggestions: bool = "false";
    /// number of proxies in front of Lectern, 0 to 10; the address that the farthest one adds to X-Forwarded-For counts
    /// as the client
    trusted_proxies: usize = "0" in 0..=10;
    /// maximum cost per minute and client (account, service token, else address); 0: unlimited. The default is what one
    /// core can answer
    cost_per_minute: u32 = "3000000";
    /// maximum open WebSockets per client; 0: unlimited
    sockets_per_client: u64 = "100";
    /// maximum active subscriptions per client on all its WebSockets; 0: unlimited
    subscriptions_per_client: u64 = "200";
    /// maximum new accounts per address and day; 0: unlimited
    sign_ups_per_day: u32 = "200";
    /// maximum megabytes of responses stored per client and day for idempotency keys, 0 to 4000; 0: unlimited
    kept_answers_mb_per_day: u32 = "100" in 0..=4_000;
    /// maximum concurrent uploads to /import and exports from /export per client; 0: unlimited
    uploads_per_client: u64 = "2";
    /// maximum total megabytes of the concurrent uploads of a client, announced bytes included; 0: unlimited
    upload_mb_per_client: u64 = "4000" in 0..=1_000_000_000;
    /// maximum total megabytes of request bodies that a client sends to /graphql at the same time; 0: unlimited
    body_mb_per_client: u64 = "64" in 0..=1_000_000;
    /// maximum draft courses per provider; 0: unlimited
    drafts_per_provider: u64 = "100000";
    /// maximum draft courses of a provider that staff have not approved; 0: unlimited
    drafts_per_pending_provider: u64 = "500";
    /// SMTP server, smtps://USER:PASSWORD@HOST or smtp://HOST?tls=required; empty: mail is written to files in
    /// data_dir/mail
    smtp_url: String = "\"\"";
    /// sender of mail
    mail_from: String = "\"Lectern <lectern@localhost>\"";
    /// base URL of the frontend's pages for links in mail: verify-email, reset-password, accept-invitation,
    /// verify-review, staff-queue and partnerships
    link_url: String = "\"http://localhost:3000\"";
    /// issuer of the access tokens (iss)
    token_issuer: String = "\"lectern\"";
    /// audience of the access tokens (aud)
    token_audience: String = "\"lectern\"";
    /// issuer (iss) of an external identity provider whose tokens are accepted as well; empty: none
    oidc_issuer: String = "\"\"";
    /// audience (aud) that its tokens must have
    oidc_audience: String = "\"\"";
    /// URL of its signing keys (JWKS), http or https
    oidc_jwks_url: String = "\"\"";
    /// relative weight of each criterion of matchCourses; 0: ignored
    match_weights: Weights =
        "{ career = 4, certification = 4, skills = 4, prerequisites = 3, price = 3, duration = 2, hours_per_week = 2, \
         format = 2, schedule = 3, location = 2, language = 3, rating = 1 }";
    /// seconds for running requests to finish after SIGTERM, 1 to 600
    shutdown_seconds: u64 = "30" in 1..=600;
    /// log level: error, warn, info, debug, or a filter such as lectern=debug
    log: String = "\"info\"";
    /// format of log lines: text or json
    log_format: LogFormat = "\"text\"";
}

/// Initial content of an empty database.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Seed {
    /// Starter catalogue.
    Starter,
    /// Nothing.
    None,
}

/// Format of log lines.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Text for people.
    Text,
    /// One JSON object per line, for machines.
    Json,
}

/// Setting as `lectern config` shows it.
#[derive(Debug)]
pub struct Setting {
    /// Name in `lectern.toml`.
    pub name: &'static str,
    /// Default value, in TOML.
    pub default: &'static str,
    /// Description.
    pub meaning: &'static str,
}

impl Settings {
    /// Loads the settings of a process from the current folder and the environment.
    pub fn load() -> Result<Self> {
        Self::from(Figment::new().merge(Toml::file("lectern.toml")).merge(environment()))
    }

    /// Defaults with some changes, in the format of `lectern.toml`.
    pub fn with(changes: &str) -> Result<Self> {
        Self::from(Figment::new().merge(Toml::string(changes)))
    }

    /// Maximum number of drafts per provider.
    pub fn draft_limits(&self) -> DraftLimits {
        DraftLimits { approved: self.drafts_per_provider, pending: self.drafts_per_pending_provider }
    }

    /// Maximum duration of a request.
    pub fn request_time(&self) -> Duration {
        Duration::from_secs(self.request_seconds)
    }

    /// Allowance of one request.
    pub fn allowance(&self) -> Allowance {
        Allowance { work: self.request_work, objects: self.answer_objects, bytes: self.answer_kb * 1024 }
    }

    /// Settings of the database. SQLite is in the data folder unless a URL is set.
    pub fn database(&self) -> DatabaseSettings {
        let path = self.data_dir.join("lectern.sqlite").display().to_string();
        let own = || format!("sqlite://{}", path.replace('%', "%25").replace('?', "%3F"));
        DatabaseSettings {
            url: if self.database_url.is_empty() { own() } else { self.database_url.clone() },
            replica_url: Some(self.replica_url.clone()).filter(|url| !url.is_empty()),
            read_connections: self.read_connections,
            write_connections: self.write_connections,
        }
    }

    /// Settings of mail.
    pub fn mail(&self) -> MailSettings {
        let (from, smtp_url) = (self.mail_from.clone(), self.smtp_url.clone());
        MailSettings { from, smtp_url, folder: self.data_dir.join("mail") }
    }

    /// Settings of authentication.
    pub fn auth(&self) -> AuthSettings {
        let external = ExternalSettings {
            issuer: self.oidc_issuer.clone(),
            audience: self.oidc_audience.clone(),
            jwks_url: self.oidc_jwks_url.clone(),
        };
        let (issuer, audience) = (self.token_issuer.clone(), self.token_audience.clone());
        AuthSettings { issuer, audience, external: Some(external).filter(|it| !it.issuer.is_empty()) }
    }

    /// Limits per client.
    pub fn budgets(&self) -> BudgetLimits {
        BudgetLimits {
            cost_per_minute: self.cost_per_minute,
            sign_ups_per_day: self.sign_ups_per_day,
            kept_answers_mb_per_day: self.kept_answers_mb_per_day,
            sockets_per_client: self.sockets_per_client,
            subscriptions_per_client: self.subscriptions_per_client,
            uploads_per_client: self.uploads_per_client,
            upload_mb_per_client: self.upload_mb_per_client,
            body_mb_per_client: self.body_mb_per_client,
        }
    }

    fn from(given: Figment) -> Result<Self> {
        let defaults: String = SETTINGS.iter().map(|s| format!("{} = {}\n", s.name, s.default)).collect();
        let settings: Settings =
            Figment::from(Toml::string(&defaults)).merge(given).extract().map_err(|error| explain(&error))?;
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<()> {
        self.check_ranges()?;
        self.match_weights.check()?;
        let origins_fit = self.allowed_origins.iter().all(|origin| origin == "*" || is_origin(origin));
        require(origins_fit, "allowed_origins", "must be a list of origins such as https://example.org, or *")?;
        let url = &self.database_url;
        let is_known = ["sqlite://", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
        let in_memory = url.contains(":memory:") || url.contains("mode=memory");
        let url_fits = url.is_empty() || is_known && !in_memory;
        require(url_fits, "database_url", "must start with postgres://, or with sqlite:// and name a file")?;
        self.check_sign_in()?;
        require(!self.data_dir.as_os_str().is_empty(), "data_dir", "must name a folder")?;
        let replica_fits = self.replica_url.is_empty() || self.replica_url.starts_with("postgres");
        require(replica_fits, "replica_url", "must start with postgres://")
    }

    fn check_sign_in(&self) -> Result<()> {
        let address_rule = "must be an http or https address";
        require(web_address(&self.link_url).is_some(), "link_url", address_rule)?;
        let are_named = !self.token_issuer.is_empty() && !self.token_audience.is_empty();
        require(are_named, "token_issuer", "must not be empty, nor must token_audience")?;
        if self.oidc_issuer.is_empty() {
            return Ok(());
        }
        require(self.oidc_issuer != self.token_issuer, "oidc_issuer", "must not be the same as token_issuer")?;
        require(!self.oidc_audience.is_empty(), "oidc_audience", "must be given with oidc_issuer")?;
        require(web_address(&self.oidc_jwks_url).is_some(), "oidc_jwks_url", address_rule)
    }
}

fn require(fits: bool, setting: &str, rule: impl Into<String>) -> Result<()> {
    if fits { Ok(()) } else { Err(AppError::input(setting, rule)) }
}

fn check_range<T: PartialOrd + Display>(setting: &str, value: &T, range: &RangeInclusive<T>) -> Result<()> {
    require(range.contains(value), setting, format!("must be {} to {}", range.start(), range.end()))
}

/// Whether an origin is spelled exactly as browsers send it, because origins are compared as text.
fn is_origin(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| url.origin().ascii_serialization() == text)
}

/// Settings from the environment: `DATABASE_URL`, and `LECTERN_` followed by the name in capitals for every setting.
fn environment() -> Figment {
    let database = std::env::var("DATABASE_URL").ok().map(|url| Serialized::default("database_url", url));
    let figment = database.map_or_else(Figment::new, Figment::from);
    figment.merge(Env::prefixed("LECTERN_"))
}

/// One-line error that names the setting but never its value, which may be a secret.
fn explain(error: &figment::Error) -> AppError {
    use figment::error::Kind;
    let name = error.path.join(".");
    #[allow(clippy::wildcard_enum_match_arm, reason = "the other kinds say no more than that the value does not fit")]
    match &error.kind {
        Kind::UnknownField(field, _) => {
            let mut path = error.path.clone();
            if path.last() != Some(field) {
                path.push(field.clone());
            }
            AppError::input(path.join("."), "there is no setting of this name; see `lectern config`")
        }
        Kind::Message(message) if name.is_empty() => AppError::input("lectern.toml", one_line(message)),
        Kind::Message(message) => AppError::input(name, message.clone()),
        Kind::UnknownVariant(_, known) => AppError::input(name, format!("must be one of {}", known.join(", "))),
        Kind::InvalidType(_, wanted) | Kind::InvalidValue(_, wanted) => {
            let wanted = if wanted.starts_with(['u', 'i']) { "a whole number in its range" } else { wanted.as_str() };
            AppError::input(name, format!("must be {wanted}"))
        }
        _ => AppError::input(name, "has a value that does not fit; see `lectern config`"),
    }
}

/// First and last line of a message, without the lines in between that show the text of the file.
fn one_line(message: &str) -> String {
    let mut lines = message.lines().filter(|line| !line.trim().is_empty());
    match (lines.next(), lines.next_back()) {
        (Some(first), Some(last)) => format!("{first}: {last}"),
        (first, _) => first.unwrap_or_default().to_owned(),
    }
}
