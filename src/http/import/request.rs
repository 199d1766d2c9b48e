//! Parameters of an import request: the provider, the format of the feed, and the options. All are validated before any
//! of the body is read.

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;
use actix_web::mime::Mime;
use catalog::auth::{Caller, Mutation};
use catalog::error::{AppError, Result};
use catalog::import::{self, DEFAULT_RETIRE_SHARE, Format, Layout, Mapping, Options, Preset, RecordKind, kept_mapping};
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
    /// Where the fields come from, unless the feed is in Lectern's own form.
    pub(super) mapping: Option<Mapping>,
    /// Whether to write nothing.
    pub(super) dry_run: bool,
    /// What is answered.
    pub(super) results: Results,
    /// Sender, as the change log names it.
    pub(super) actor: String,
}

/// Value of `mapping` for the one that a provider keeps.
const KEPT_MAPPING: &str = "kept";
/// Maximum size of a mapping in the address, in bytes.
const MAX_MAPPING_BYTES: usize = 16 * 1024;

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

    /// For logs: the slug of the provider, and the name of the site. One of them is `None`.
    pub(super) fn origin(&self) -> (Option<&str>, Option<&str>) {
        match self {
            ImportTarget::Courses(_, provider) => (Some(&provider.slug), None),
            ImportTarget::Records(_, source, _) => (None, Some(&source.name)),
        }
    }
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
    records: Option<RecordKind>,
    source: Option<String>,
    source_url: Option<String>,
    retire: bool,
    at_most: Option<f64>,
    dry_run: bool,
    results: Results,
    format: Option<Format>,
    layout: Layout,
    preset: Option<Preset>,
    /// Mapping for records, or `kept` for that of the provider.
    mapping: Option<String>,
}

impl ImportRequest {
    /// Reads a request, and authorizes the caller to write to the provider's listings, or to import records.
    pub(super) async fn read(state: &AppState, caller: Caller, request: &HttpRequest) -> Result<Self, HttpError> {
        let parameters = Parameters::read(request.query_string())?;
        let format = parameters.format.map_or_else(|| format(request.headers()), Ok)?;
        let actor = caller.name();
        let (target, mapping) = match parameters.records {
            Some(kind) => {
                import::authorize(&caller)?;
                let mapping =
                    parameters.mapping.as_deref().map(|text| Mapping::parse_records(text, kind)).transpose()?;
                (ImportTarget::Records(kind, parameters.source()?, caller), mapping)
            }
            None => {
                let provider = provider(state, &caller, parameters.provider.as_deref().unwrap_or_default()).await?;
                let mapping = match parameters.preset {
                    Some(preset) => Some(preset.mapping()?),
                    None if parameters.mapping.is_some() => {
                        Some(kept_mapping::load(&state.database.write, provider.id).await?)
                    }
                    None => None,
                };
                let options = Options {
                    provider: provider.id,
                    publish: false,
                    create_partners: false,
                    retire_at_most: parameters.retire.then(|| parameters.at_most.unwrap_or(DEFAULT_RETIRE_SHARE)),
                    caller: Some(caller),
                };
                (ImportTarget::Courses(options, Box::new(provider)), mapping)
            }
        };
        let Parameters { dry_run, results, layout, .. } = parameters;
        Ok(Self { target, format, layout, mapping, dry_run, results, actor })
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
                ("sheet", _) => read.layout.sheet = Some(value),
                ("format", name) => read.format = Some(Format::by_name(name).ok_or_else(wrong)?),
                ("mapping", _) => read.mapping = Some(value),
                ("preset", name) => read.preset = Some(Preset::by_name(name).ok_or_else(wrong)?),
                ("results", "all") => read.results = Results::All,
                ("results", "refused") => read.results = Results::Refused,
                ("results", "summary") => read.results = Results::Summary,
                _ => return Err(wrong()),
            }
        }
        let is_kept = read.mapping.as_deref() == Some(KEPT_MAPPING);
        let is_feed = read.provider.is_some()
            && read.source.is_none()
            && read.source_url.is_none()
            && (is_kept || read.mapping.is_none());
        let is_import = read.source.is_some()
            && read.provider.is_none()
            && !read.retire
            && !is_kept
            && read.preset.is_none()
            && read.mapping.as_ref().is_none_or(|text| text.len() <= MAX_MAPPING_BYTES);
        let is_valid = if read.records.is_some() { is_import } else { is_feed };
        let fits = (read.retire || read.at_most.is_none()) && !(is_kept && read.preset.is_some());
        if is_valid && fits { Ok(read) } else { Err(wrong()) }
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
                    onError=skip, dryRun=true or false, results=all, refused or summary, format=csv, jsonl, xlsx or ods, \
                    mapping=kept or preset=schema-org, open-edx or ctdl, for CSV delimiter and encoding, for a workbook sheet, and for \
                    both skipLines, each at most once. Staff may send records=reviews or outcomes and source=NAME, and \
                    perhaps sourceUrl=ADDRESS and mapping=TEXT of at most 16 KiB, instead of provider, missing, mapping and \
                    preset.";

/// Format of the body by its media type.
fn format(headers: &HeaderMap) -> Result<Format, HttpError> {
    let mime = request::media_type(headers)?;
    match mime.as_ref().map(Mime::essence_str) {
        Some("application/x-ndjson" | "application/ndjson" | "application/jsonl" | "application/ld+json") => {
            Ok(Format::Jsonl)
        }
        Some("text/csv") => Ok(Format::Csv),
        Some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet") => Ok(Format::Xlsx),
        Some("application/vnd.oasis.opendocument.spreadsheet") => Ok(Format::Ods),
        Some(_) | None => {
            let rule = "The body must be JSON, CSV or a workbook: send Content-Type: application/x-ndjson, \
                        text/csv or that of .xlsx or .ods, or say format in the address.";
            Err(HttpError::unsupported_media_type(rule))
        }
    }
}
