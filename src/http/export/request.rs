//! Parameters of an export: the provider, the format, and where to go on. All are validated, and the caller is
//! authorized, before anything is read.

use catalog::auth::{Caller, require_sign_in};
use catalog::error::{AppError, Result};
use catalog::export::{self, ExportFormat};
use catalog::import;
use chrono::{DateTime, Utc};
use entity::provider;

use crate::export_lines;
use crate::http::error::HttpError;
use crate::http::request;
use crate::state::AppState;

/// Validated parameters of an export.
pub(super) struct ExportRequest {
    pub(super) caller: Caller,
    /// Owner of the courses. `None` for the public catalogue.
    pub(super) provider: Option<provider::Model>,
    pub(super) format: ExportFormat,
    /// Row ID of the course after which the export begins.
    pub(super) after: i64,
}

/// Query parameters.
#[derive(Default)]
struct Parameters {
    provider: Option<String>,
    format: Option<ExportFormat>,
    after: Option<i64>,
}

impl ExportRequest {
    /// Reads a request, and authorizes the caller to read what it names.
    pub(super) async fn read(state: &AppState, caller: Caller, query: &str) -> Result<Self, HttpError> {
        let parameters = Parameters::read(query)?;
        require_sign_in(&caller)?;
        let provider = match &parameters.provider {
            Some(slug) => Some(provider(state, &caller, slug).await?),
            None => None,
        };
        let format = parameters.format.unwrap_or(ExportFormat::Jsonl);
        Ok(Self { caller, provider, format, after: parameters.after.unwrap_or_default() })
    }

    /// Name under which a browser saves the export.
    pub(super) fn file(&self) -> String {
        let name = self.provider.as_ref().map_or("catalogue", |provider| provider.slug.as_str());
        format!("{name}.{}", self.format.extension())
    }

    /// Fails if the token of the caller has expired.
    pub(super) fn check_expiry(&self, now: DateTime<Utc>) -> Result<()> {
        match &self.caller {
            Caller::System(system) if system.until <= now => Err(AppError::Unauthenticated),
            Caller::System(_) | Caller::Person(_) | Caller::Anonymous => Ok(()),
        }
    }
}

impl Parameters {
    fn read(text: &str) -> Result<Self, HttpError> {
        let mut read = Self::default();
        for (name, value) in request::parameters(text.as_bytes())? {
            match (name.as_str(), value.as_str()) {
                ("provider", _) => read.provider = Some(value),
                ("format", name) => {
                    let unknown = || wrong("format", "must be csv or jsonl, or xlsx");
                    read.format = Some(ExportFormat::of(name).ok_or_else(unknown)?);
                }
                ("after", id) => read.after = Some(export_lines::parse_after("after", id)?),
                _ => return Err(HttpError::bad_request("The parameters are provider, format and after.")),
            }
        }
        match (&read.provider, read.format, read.after) {
            (None, Some(ExportFormat::Csv | ExportFormat::Xlsx), _) => {
                Err(wrong("format", "must be jsonl for the public catalogue; others are for the courses of a provider"))
            }
            (Some(_), _, Some(_)) => Err(wrong("after", "is for the public catalogue only")),
            (None, Some(ExportFormat::Jsonl) | None, _) | (Some(_), _, None) => Ok(read),
        }
    }
}

fn wrong(parameter: &str, rule: &str) -> HttpError {
    AppError::input(parameter, rule).into()
}

/// Returns the provider with this slug if the caller may export its courses.
async fn provider(state: &AppState, caller: &Caller, slug: &str) -> Result<provider::Model> {
    let db = &state.database.primary;
    let id = import::provider(db, slug).await?.ok_or(AppError::NotFound("provider"))?;
    export::authorize(db, caller, id).await
}
