//! Settings: defaults, then `lectern.toml`, then the environment. `SETTINGS` describes each of them once: `lectern
//! config` prints it and the defaults are read from it.

mod errors;

use std::path::PathBuf;

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
use serde::Deserialize;

use self::errors::explain;
use crate::graphql::matching::Weights;

/// Validated settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "each is described in SETTINGS")]
pub struct Settings {
    pub database_url: String,
    pub replica_url: String,
    pub listen: std::net::SocketAddr,
    pub data_dir: PathBuf,
    pub seed: Seed,
    pub reviews_publish: PublicationPolicy,
    pub workers: usize,
    pub read_connections: u32,
    pub write_connections: u32,
    pub max_in_flight: usize,
    pub search_threads: usize,
    pub request_seconds: u64,
    pub request_work: u64,
    pub answer_objects: u64,
    pub answer_kb: u64,
    pub max_sockets: usize,
    pub cache_mb: u64,
    pub allowed_origins: Vec<String>,
    pub graphiql: bool,
    pub suggestions: bool,
    pub trusted_proxies: usize,
    pub cost_per_minute: u32,
    pub sockets_per_client: u64,
    pub subscriptions_per_client: u64,
    pub sign_ups_per_day: u32,
    pub kept_answers_mb_per_day: u32,
    pub uploads_per_client: u64,
    pub upload_mb_per_client: u64,
    pub body_mb_per_client: u64,
    pub drafts_per_provider: u64,
    pub drafts_per_pending_provider: u64,
    pub smtp_url: String,
    pub mail_from: String,
    pub link_url: String,
    pub token_issuer: String,
    pub token_audience: String,
    pub oidc_issuer: String,
    pub oidc_audience: String,
    pub oidc_jwks_url: String,
    pub match_weights: Weights,
    pub shutdown_seconds: u64,
    pub log: String,
    pub log_format: LogFormat,
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

const fn setting(name: &'static str, default: &'static str, meaning: &'static str) -> Setting {
    Setting { name, default, meaning }
}

/// All settings.
pub const SETTINGS: &[Setting] = &[
    setting(
        "database_url",
        "\"\"",
        "URL of the database: postgres://… or sqlite://FILE; empty: SQLite in data_dir. Environment: DATABASE_URL",
    ),
    setting("replica_url", "\"\"", "URL of a PostgreSQL read replica for public reads, postgres://…; empty: none"),
    setting("listen", "\"127.0.0.1:8080\"", "address and port to listen on; port 0 picks a free one"),
    setting("data_dir", "\"data-local\"", "folder of the SQLite database, the search index and unsent mail"),
    setting("seed", "\"starter\"", "initial content of an empty database: starter or none"),
    setting(
        "reviews_publish",
        "\"moderated\"",
        "reviews that are published without moderation: moderated (none), verified (those of authors with a verified \
         address or enrolment) or all",
    ),
    setting("workers", "0", "threads that answer requests; 0: one per core"),
    setting("read_connections", "8", "database connections for reading, 1 to 500"),
    setting("write_connections", "4", "database connections for writing, 2 to 500; SQLite always uses one"),
    setting("max_sockets", "1000", "maximum open WebSockets; further ones get 503"),
    setting("max_in_flight", "512", "maximum concurrent requests; further ones get 503"),
    setting("search_threads", "0", "threads for expensive requests, 0 to 1024; 0: one per core"),
    setting("request_seconds", "10", "time limit of a request in seconds, 0 to 600; slower ones get 503"),
    setting(
        "request_work",
        "50000000",
        "maximum units of work of a running request, 1000 to 1000000000000; 50 million take about half a second",
    ),
    setting("answer_objects", "25000", "maximum objects in a response, 1 to 10000000"),
    setting("answer_kb", "10240", "maximum size of a response in kilobytes, 1 to 1000000"),
    setting("cache_mb", "32", "size of the response cache in megabytes, 0 to 10000; 0: no cache"),
    setting(
        "allowed_origins",
        "[]",
        "origins whose pages may call the API, e.g. [\"https://example.org\"]; [\"*\"]: any",
    ),
    setting("graphiql", "true", "whether to serve GraphiQL to browsers at /graphql"),
    setting("suggestions", "false", "whether errors for unknown fields and arguments suggest similar names"),
    setting(
        "trusted_proxies",
        "0",
        "number of proxies in front of Lectern, 0 to 10; the address that the farthest one adds to \
         X-Forwarded-For counts as the client",
    ),
    setting(
        "cost_per_minute",
        "3000000",
        "maximum cost per minute and client (account, service token, else address); 0: unlimited. The default is what \
         one core can answer",
    ),
    setting("sockets_per_client", "100", "maximum open WebSockets per client; 0: unlimited"),
    setting(
        "subscriptions_per_client",
        "200",
        "maximum active subscriptions per client on all its WebSockets; 0: unlimited",
    ),
    setting("sign_ups_per_day", "200", "maximum new accounts per address and day; 0: unlimited"),
    setting(
        "kept_answers_mb_per_day",
        "100",
        "maximum megabytes of responses stored per client and day for idempotency keys, 0 to 4000; 0: unlimited",
    ),
    setting("uploads_per_client", "2", "maximum concurrent uploads to /import per client; 0: unlimited"),
    setting(
        "upload_mb_per_client",
        "4000",
        "maximum total megabytes of the concurrent uploads of a client, announced bytes included; 0: unlimited",
    ),
    setting(
        "body_mb_per_client",
        "64",
        "maximum total megabytes of request bodies that a client sends to /graphql at the same time; 0: unlimited",
    ),
    setting("drafts_per_provider", "100000", "maximum draft courses per provider; 0: unlimited"),
    setting(
        "drafts_per_pending_provider",
        "500",
        "maximum draft courses of a provider that staff have not approved; 0: unlimited",
    ),
    setting(
        "smtp_url",
        "\"\"",
        "SMTP server, smtps://USER:PASSWORD@HOST or smtp://HOST?tls=required; empty: mail is written to files in \
         data_dir/mail",
    ),
    setting("mail_from", "\"Lectern <lectern@localhost>\"", "sender of mail"),
    setting(
        "link_url",
        "\"http://localhost:3000\"",
        "base URL of the frontend's pages for links in mail: verify-email, reset-password, accept-invitation, \
         verify-review, staff-queue and partnerships",
    ),
    setting("token_issuer", "\"lectern\"", "issuer of the access tokens (iss)"),
    setting("token_audience", "\"lectern\"", "audience of the access tokens (aud)"),
    setting(
        "oidc_issuer",
        "\"\"",
        "issuer (iss) of an external identity provider whose tokens are accepted as well; empty: none",
    ),
    setting("oidc_audience", "\"\"", "audience (aud) that its tokens must have"),
    setting("oidc_jwks_url", "\"\"", "URL of its signing keys (JWKS), http or https"),
    setting(
        "match_weights",
        "{ career = 4, certification = 4, skills = 4, prerequisites = 3, price = 3, duration = 2, hours_per_week = 2, \
         format = 2, schedule = 3, location = 2, language = 3, rating = 1 }",
        "relative weight of each criterion of matchCourses; 0: ignored",
    ),
    setting("shutdown_seconds", "30", "seconds for running requests to finish after SIGTERM, 1 to 600"),
    setting("log", "\"info\"", "log level: error, warn, info, debug, or a filter such as lectern=debug"),
    setting("log_format", "\"text\"", "format of log lines: text or json"),
];

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

    fn from(said: Figment) -> Result<Self> {
        let defaults: String = SETTINGS.iter().map(|s| format!("{} = {}\n", s.name, s.default)).collect();
        let settings: Settings =
            Figment::from(Toml::string(&defaults)).merge(said).extract().map_err(|error| explain(&error))?;
        settings.checked()
    }

    fn checked(self) -> Result<Self> {
        let range = |name: &str, value: u64, least: u64, most: u64| {
            if (least..=most).contains(&value) {
                Ok(())
            } else {
                Err(AppError::input(name, format!("must be {least} to {most}")))
            }
        };
        range("workers", self.workers as u64, 0, 1024)?;
        range("read_connections", self.read_connections.into(), 1, 500)?;
        range("write_connections", self.write_connections.into(), 2, 500)?;
        range("max_sockets", self.max_sockets as u64, 0, 1_000_000)?;
        range("max_in_flight", self.max_in_flight as u64, 1, 1_000_000)?;
        range("search_threads", self.search_threads as u64, 0, 1024)?;
        range("request_seconds", self.request_seconds, 0, 600)?;
        range("request_work", self.request_work, 1_000, 1_000_000_000_000)?;
        range("answer_objects", self.answer_objects, 1, 10_000_000)?;
        range("answer_kb", self.answer_kb, 1, 1_000_000)?;
        range("cache_mb", self.cache_mb, 0, 10_000)?;
        range("kept_answers_mb_per_day", self.kept_answers_mb_per_day.into(), 0, 4_000)?;
        range("upload_mb_per_client", self.upload_mb_per_client, 0, 1_000_000_000)?;
        range("body_mb_per_client", self.body_mb_per_client, 0, 1_000_000)?;
        range("trusted_proxies", self.trusted_proxies as u64, 0, 10)?;
        range("shutdown_seconds", self.shutdown_seconds, 1, 600)?;
        self.match_weights.check()?;
        let wrong = self.allowed_origins.iter().find(|origin| *origin != "*" && !is_origin(origin));
        if wrong.is_some() {
            return Err(AppError::input(
                "allowed_origins",
                "must be a list of origins such as https://example.org, or *",
            ));
        }
        let known =
            ["sqlite://", "postgres://", "postgresql://"].iter().any(|scheme| self.database_url.starts_with(scheme));
        let in_memory = self.database_url.contains(":memory:") || self.database_url.contains("mode=memory");
        if !self.database_url.is_empty() && (!known || in_memory) {
            return Err(AppError::input(
                "database_url",
                "must start with postgres://, or with sqlite:// and name a file",
            ));
        }
        self.check_sign_in()?;
        if self.data_dir.as_os_str().is_empty() {
            return Err(AppError::input("data_dir", "must name a folder"));
        }
        if !self.replica_url.is_empty() && !self.replica_url.starts_with("postgres") {
            return Err(AppError::input("replica_url", "must start with postgres://"));
        }
        Ok(self)
    }

    fn check_sign_in(&self) -> Result<()> {
        if web_address(&self.link_url).is_none() {
            return Err(AppError::input("link_url", "must be an http or https address"));
        }
        if self.token_issuer.is_empty() || self.token_audience.is_empty() {
            return Err(AppError::input("token_issuer", "must not be empty, nor must token_audience"));
        }
        if !self.oidc_issuer.is_empty() {
            if self.oidc_issuer == self.token_issuer {
                return Err(AppError::input("oidc_issuer", "must not be the same as token_issuer"));
            }
            if self.oidc_audience.is_empty() {
                return Err(AppError::input("oidc_audience", "must be given with oidc_issuer"));
            }
            if web_address(&self.oidc_jwks_url).is_none() {
                return Err(AppError::input("oidc_jwks_url", "must be an http or https address"));
            }
        }
        Ok(())
    }
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
