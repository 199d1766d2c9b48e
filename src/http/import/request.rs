//! Parameters of an import request: the provider, the format of the feed, and the options. All are validated before any
//! of the body is read.

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;
use actix_web::mime::Mime;
use catalog::auth::{Caller, Mutation};
use catalog::error::{AppError, Result};
use catalog::import::{self, DEFAULT_RETIRE_SHARE, Format, Layout, Options};
use catalog::provider::service::authorize_and_lock_provider;
use catalog::write::in_transaction;
use entity::provider;

use crate::http::error::HttpError;
use crate::http::request;
use crate::state::AppState;

/// Validated parameters of an import request.
pub(super) struct ImportRequest {
    pub(super) options: Options,
    pub(super) format: Format,
    pub(super) layout: Layout,
    /// Whether to write nothing.
    pub(super) dry_run: bool,
    /// What is answered.
    pub(super) results: Results,
    /// Sender, as the change log names it.
    pub(super) actor: String,
    /// Owner of the listings.
    pub(super) provider: provider::Model,
}

/// What an import answers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Results {
    /// A line for each row, and the counts.
    #[default]
    All,
    /// A line for each rejected row, and the counts.
    Refused,
    /// One JSON document about the feed as a whole.
    Summary,
}

/// Query parameters.
#[derive(Default)]
struct Parameters {
    provider: Option<String>,
    retire: bool,
    at_most: Option<f64>,
    dry_run: bool,
    results: Results,
    layout: Layout,
}

impl ImportRequest {
    /// Reads a request, and authorizes the caller to write to the provider's listings.
    pub(super) async fn read(state: &AppState, caller: Caller, request: &HttpRequest) -> Result<Self, HttpError> {
        let parameters = Parameters::read(request.query_string())?;
        let format = format(request.headers())?;
        let actor = caller.name();
        let provider = provider(state, &caller, parameters.provider.as_deref().unwrap_or_default()).await?;
        let options = Options {
            provider: provider.id,
            publish: false,
            create_partners: false,
            retire_at_most: parameters.retire.then(|| parameters.at_most.unwrap_or(DEFAULT_RETIRE_SHARE)),
            caller: Some(caller),
        };
        let Parameters { dry_run, results, layout, .. } = parameters;
        Ok(Self { options, format, layout, dry_run, results, actor, provider })
    }
}

impl Parameters {
    fn read(text: &str) -> Result<Self, HttpError> {
        let wrong = || HttpError::bad_request(PARAMETER_RULE);
        let mut read = Self::default();
        for (name, value) in request::parameters(text.as_bytes())? {
            match (name.as_str(), value.as_str()) {
                ("provider", _) => read.provider = Some(value),
                ("missing", "retire") => read.retire = true,
                ("retireAtMost", text) => read.at_most = Some(import::parse_share(text).ok_or_else(wrong)?),
                ("onError", "skip") => {}
                ("dryRun", "true" | "false") => read.dry_run = value == "true",
                ("delimiter", text) => {
                    read.layout.delimiter = Some(Layout::parse_delimiter(text).map_err(|_| wrong())?);
                }
                ("encoding", name) => {
                    read.layout.encoding = Some(Layout::parse_encoding(name).map_err(|_| wrong())?);
                }
                ("skipLines", text) => read.layout.skip_lines = text.parse().map_err(|_| wrong())?,
                ("results", "all") => read.results = Results::All,
                ("results", "refused") => read.results = Results::Refused,
                ("results", "summary") => read.results = Results::Summary,
                _ => return Err(wrong()),
            }
        }
        let is_valid = read.provider.is_some() && (read.retire || read.at_most.is_none());
        if is_valid { Ok(read) } else { Err(wrong()) }
    }
}

/// Returns the provider with this slug if the caller may write to its listings.
async fn provider(state: &AppState, caller: &Caller, slug: &str) -> Result<provider::Model> {
    if *caller == Caller::Anonymous {
        return Err(AppError::Unauthenticated);
    }
    let db = &state.database.write;
    let id = import::provider(db, slug).await?.ok_or(AppError::NotFound("provider"))?;
    in_transaction(db, async |tx| authorize_and_lock_provider(&tx, caller, Mutation::ImportCourses, id).await).await
}

const PARAMETER_RULE: &str = "The address must have provider=SLUG, and may have missing=retire, with it retireAtMost=0 to 1, \
                    onError=skip, dryRun=true or false, results=all, refused or summary, and for CSV delimiter, encoding \
                    and skipLines, each at most once.";

/// Format of the body by its media type.
fn format(headers: &HeaderMap) -> Result<Format, HttpError> {
    let mime = request::media_type(headers)?;
    match mime.as_ref().map(Mime::essence_str) {
        Some("application/x-ndjson" | "application/ndjson" | "application/jsonl") => Ok(Format::Jsonl),
        Some("text/csv") => Ok(Format::Csv),
        Some(_) | None => {
            let rule =
                "The body must be JSON Lines or CSV in UTF-8: send Content-Type: application/x-ndjson or text/csv.";
            Err(HttpError::unsupported_media_type(rule))
        }
    }
}
