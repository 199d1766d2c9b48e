//! Settings: defaults, then `lectern.toml`, then the environment. `SETTINGS` describes each of them once: `lectern
//! config` prints it and the defaults are read from it.

mod errors;

use std::path::PathBuf;

use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use serde::Deserialize;

use self::errors::explain;
use crate::error::{AppError, Result};
use crate::matching::Weights;
use crate::review::PublicationPolicy;
use crate::values::web_address;
use crate::write::DraftLimits;

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
        "postgres://… for PostgreSQL, sqlite://FILE for SQLite; empty: SQLite in data_dir. Environment: DATABASE_URL",
    ),
    setting("replica_url", "\"\"", "postgres://… of a read replica that public reads go to; empty: none"),
    setting("listen", "\"127.0.0.1:8080\"", "address and port to serve at; port 0 picks a free one"),
    setting("data_dir", "\"data-local\"", "folder of the SQLite database, the search index and mail that is not sent"),
    setting("seed", "\"starter\"", "what an empty database is filled with: starter or none"),
    setting(
        "reviews_publish",
        "\"moderated\"",
        "which reviews are published at once: moderated (none before staff say so), verified (those of authors whose address \
         or enrolment is verified) or all",
    ),
    setting("workers", "0", "threads that answer requests; 0: one a core"),
    setting("read_connections", "8", "connections for reading, 1 to 500"),
    setting("write_connections", "4", "connections for writing, 2 to 500; SQLite always has one"),
    setting("max_sockets", "1000", "WebSockets that are open at the same time; one more gets 503"),
    setting("max_in_flight", "512", "requests answered at the same time; one more gets 503"),
    setting("search_threads", "0", "threads for requests that are not cheap, 0 to 1024; 0: one a core"),
    setting("request_seconds", "10", "how long a request may take, 0 to 600; what takes longer gets 503"),
    setting(
        "request_work",
        "50000000",
        "units of work that a request may do while it runs, 1000 to 1000000000000; 50 million are about half a second",
    ),
    setting("answer_objects", "25000", "objects that an answer may really hold, 1 to 10000000"),
    setting("answer_kb", "10240", "kilobytes that an answer may really hold, 1 to 1000000"),
    setting("cache_mb", "32", "megabytes of finished answers that are kept, 0 to 10000; 0: none"),
    setting(
        "allowed_origins",
        "[]",
        "origins whose pages may call the API, e.g. [\"https://example.org\"]; [\"*\"]: any",
    ),
    setting("graphiql", "true", "whether browsers find GraphiQL at /graphql"),
    setting(
        "suggestions",
        "false",
        "whether the error for an unknown field or argument suggests those of similar names",
    ),
    setting(
        "trusted_proxies",
        "0",
        "proxies between clients and here, 0 to 10: whom the farthest of them names in X-Forwarded-For counts as the client",
    ),
    setting(
        "cost_per_minute",
        "3000000",
        "units of cost that a client (account, service token, else address) may ask for in a minute; 0: any number. The \
         default is what one core answers",
    ),
    setting("sockets_per_client", "100", "WebSockets that a client may hold open; 0: any number"),
    setting("subscriptions_per_client", "200", "subscriptions that a client may have on all of them; 0: any number"),
    setting("sign_ups_per_day", "200", "accounts that are made from one address in a day; 0: any number"),
    setting(
        "kept_answers_mb_per_day",
        "100",
        "megabytes of answers that are kept in a day for the idempotency keys of a client, 0 to 4000; 0: any number",
    ),
    setting("uploads_per_client", "2", "feeds that a client may send to /import at the same time; 0: any number"),
    setting(
        "upload_mb_per_client",
        "4000",
        "megabytes of those feeds together, with what is announced and still to come; 0: any number",
    ),
    setting(
        "body_mb_per_client",
        "64",
        "megabytes of requests of a client that are coming in at /graphql at the same time; 0: any number",
    ),
    setting("drafts_per_provider", "100000", "courses of a provider that are drafts at the same time; 0: any number"),
    setting("drafts_per_pending_provider", "500", "the same of a provider that staff have not let in; 0: any number"),
    setting(
        "smtp_url",
        "\"\"",
        "the server that mail goes through, smtps://USER:PASSWORD@HOST or smtp://HOST?tls=required; empty: mail is written \
         to files in data_dir/mail",
    ),
    setting("mail_from", "\"Lectern <lectern@localhost>\"", "whom mail comes from"),
    setting(
        "link_url",
        "\"http://localhost:3000\"",
        "where the frontend has its pages verify-email, reset-password, accept-invitation and verify-review, which links in mail lead to",
    ),
    setting("token_issuer", "\"lectern\"", "who the access tokens say has issued them (iss)"),
    setting("token_audience", "\"lectern\"", "whom the access tokens say they are for (aud)"),
    setting(
        "oidc_issuer",
        "\"\"",
        "another identity provider whose tokens are taken too: iss of its tokens; empty: none",
    ),
    setting("oidc_audience", "\"\"", "aud of those of its tokens that are for us"),
    setting("oidc_jwks_url", "\"\"", "the http or https address of its keys"),
    setting(
        "match_weights",
        "{ career = 4, certification = 4, skills = 4, prerequisites = 3, price = 3, duration = 2, hours_per_week = 2, \
         format = 2, schedule = 3, location = 2, language = 3, rating = 1 }",
        "how much each criterion counts in matchCourses, beside the others; 0: not at all",
    ),
    setting("shutdown_seconds", "30", "how long running requests may finish after SIGTERM, 1 to 600"),
    setting("log", "\"info\"", "what is logged: error, warn, info, debug, or a filter such as lectern=debug"),
    setting("log_format", "\"text\"", "how it is logged: text or json"),
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
