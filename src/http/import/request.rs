//! Parameters of an import request: the provider, the format of the feed, and the options. All are validated before any
//! of the body is read.

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;
use actix_web::mime::Mime;
use catalog::auth::{Caller, Mutation};
use catalog::error::{AppError, Result};
use catalog::import::{self, DEFAULT_RETIRE_SHARE, Format, Layout, Options, RecordKind};
use catalog::imported::ImportSource;
use catalog::provider::service::authorize_and_lock_provider;
use catalog::write::in_transaction;
use entity::provider;

use crate::graphql::ids::NodeKind;
use crate::http::error::HttpError;
use crate::http::request;
use crate::state::AppState;

/// Validated parameters of an import request.
pub(super) struct ImportRequest {
    pub(super) target: ImportTarget,
    pub(super) format: Format,
    pub(super) layout: Layout,
    /// Whether to write nothing.
    pub(super) dry_run: bool,
    /// Whether to report rejected rows only.
    pub(super) refused_only: bool,
    /// Sender, as the change log names it.
    pub(super) actor: String,
}

/// What a feed holds.
pub(super) enum ImportTarget {
    /// Courses of a provider.
    Courses(Options, Box<provider::Model>),
    /// Records from another site, sent by a member of staff.
    Records(RecordKind, ImportSource, Caller),
}

impl ImportTarget {
    /// Owner of the listings, if they are a provider's.
    pub(super) fn provider(&self) -> Option<&provider::Model> {
        match self {
            ImportTarget::Courses(_, provider) => Some(provider),
            ImportTarget::Records(..) => None,
        }
    }

    /// Kind of the objects that the rows become.
    pub(super) fn node_kind(&self) -> NodeKind {
        match self {
            ImportTarget::Courses(..) => NodeKind::Course,
            ImportTarget::Records(RecordKind::Reviews, ..) => NodeKind::Review,
            ImportTarget::Records(RecordKind::Outcomes, ..) => NodeKind::OutcomeReport,
        }
    }

    /// For logs: the slug of the provider, or the name of the site.
    pub(super) fn origin(&self) -> &str {
        match self {
            ImportTarget::Courses(_, provider) => &provider.slug,
            ImportTarget::Records(_, source, _) => &source.name,
        }
    }
}

/// Query parameters.
#[derive(Default)]
struct Parameters {
    provider: Option<String>,
    records: Option<RecordKind>,
    source: Option<String>,
    source_url: Option<String>,
    retire: bool,
    at_most: Option<f64>,
    dry_run: bool,
    refused_only: bool,
    layout: Layout,
}

impl ImportRequest {
    /// Reads a request, and authorizes the caller to write to the provider's listings, or to import records.
    pub(super) async fn read(state: &AppState, caller: Caller, request: &HttpRequest) -> Result<Self, HttpError> {
        let parameters = Parameters::read(request.query_string())?;
        let format = format(request.headers())?;
        let actor = caller.name();
        let target = match parameters.records {
            Some(kind) => {
                import::authorize(&caller)?;
                ImportTarget::Records(kind, parameters.source()?, caller)
            }
            None => {
                let provider = provider(state, &caller, parameters.provider.as_deref().unwrap_or_default()).await?;
                let options = Options {
                    provider: provider.id,
                    publish: false,
                    create_partners: false,
                    retire_at_most: parameters.retire.then(|| parameters.at_most.unwrap_or(DEFAULT_RETIRE_SHARE)),
                    caller: Some(caller),
                };
                ImportTarget::Courses(options, Box::new(provider))
            }
        };
        let Parameters { dry_run, refused_only, layout, .. } = parameters;
        Ok(Self { target, format, layout, dry_run, refused_only, actor })
    }
}

impl Parameters {
    fn read(text: &str) -> Result<Self, HttpError> {
        let wrong = || HttpError::bad_request(PARAMETER_RULE);
        let mut read = Self::default();
        for (name, value) in request::parameters(text.as_bytes())? {
            match (name.as_str(), value.as_str()) {
                ("provider", _) => read.provider = Some(value),
                ("records", "reviews") => read.records = Some(RecordKind::Reviews),
                ("records", "outcomes") => read.records = Some(RecordKind::Outcomes),
                ("source", _) => read.source = Some(value),
                ("sourceUrl", _) => read.source_url = Some(value),
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
                ("results", "all" | "refused") => read.refused_only = value == "refused",
                _ => return Err(wrong()),
            }
        }
        let is_feed = read.provider.is_some() && read.source.is_none() && read.source_url.is_none();
        let is_import = read.source.is_some() && read.provider.is_none() && !read.retire;
        let is_valid = if read.records.is_some() { is_import } else { is_feed };
        if is_valid && (read.retire || read.at_most.is_none()) { Ok(read) } else { Err(wrong()) }
    }

    fn source(&self) -> Result<ImportSource> {
        let source = ImportSource::new(self.source.as_deref().unwrap_or_default(), self.source_url.as_deref());
        source.map_err(|rule| AppError::input("source", rule))
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
                    onError=skip, dryRun=true or false, results=all or refused, and for CSV delimiter, encoding and \
                    skipLines, each at most once. Staff may send records=reviews or outcomes and source=NAME, and \
                    perhaps sourceUrl=ADDRESS, instead of provider and missing.";

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
