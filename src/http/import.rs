//! `POST /import`: a provider's feed, or records that staff import, of any size: read and written as it arrives, and
//! answered row by row. Does not belong here: parsing and writing of a feed, which the command line shares.

mod lines;
mod request;
mod slots;

use std::convert::Infallible;
use std::time::{Duration, Instant};

use actix_web::http::header;
use actix_web::web::{Bytes, Data, Payload};
use actix_web::{HttpRequest, HttpResponse, rt};
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tracing::Instrument;

use self::request::{ImportRequest, ImportTarget, Results};
use self::slots::ImportSlot;
pub(super) use self::slots::ImportSlots;
use super::accept::ResponseFormat;
use super::authorization;
use super::error::HttpError;
use super::graphql::hold_payload;
use super::request::content_length;
use crate::state::AppState;
use catalog::budget::Client;
use catalog::error::{AppError, Result};
use catalog::import::{self, FeedReader, ImportReport, RowReport};
use catalog::input::{ValidationCode, ValidationError};
use catalog::write::Writer;

/// Time in which the next non-blank piece of the body must arrive, and in which the client must accept output. A feed
/// of any size has no limit on its total time.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);
/// Maximum bytes of one record.
const MAX_RECORD_BYTES: usize = 256 * 1024;
/// Number of rows after which the statistics of the database are refreshed.
const MANY_ROWS: u64 = 1_000;
/// Results of transactions that wait to be sent, some 15 MB at most. Many clients read nothing before they have sent
/// everything: this is room for the results of a hundred thousand rows.
const MAX_QUEUED_RESULTS: usize = 256;

/// `POST /import`.
pub(super) async fn post(
    state: Data<AppState>,
    slots: Data<ImportSlots>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let (import_request, slot) = match begin(&state, &slots, &request).await {
        Ok(started) => started,
        Err(error) => return hold_payload(payload, error.answer(ResponseFormat::Json)),
    };
    let (results, taken) = mpsc::channel(MAX_QUEUED_RESULTS);
    let (answering, answered) = oneshot::channel();
    let media_type = match import_request.results {
        Results::All | Results::Refused => "application/x-ndjson",
        Results::Summary => "application/json",
    };
    // The response begins before the feed is read, so until then this marks the request as running.
    let in_flight = state.metrics.in_flight();
    let work = work(state.into_inner(), import_request, slot, payload, results, answered);
    rt::spawn(async move { (work.await, drop(in_flight)) }.in_current_span());
    let mut answer = HttpResponse::Ok();
    answer.content_type(media_type).insert_header((header::CACHE_CONTROL, "private, no-store"));
    answer.streaming(lines_of(taken, answering))
}

async fn begin(
    state: &AppState,
    slots: &Data<ImportSlots>,
    request: &HttpRequest,
) -> Result<(ImportRequest, ImportSlot), HttpError> {
    let caller = authorization::caller(&state.auth, request.headers()).await?;
    let client = Client::of(&caller, authorization::client(request, state.settings.trusted_proxies));
    let import_request = ImportRequest::read(state, caller, request).await?;
    let announced = content_length(request.headers());
    let slot = ImportSlots::enter(slots, &state.budgets, &client, import_request.target.provider(), announced)?;
    Ok((import_request, slot))
}

/// Stream of the response lines. Holds `answering` until it ends.
fn lines_of(
    taken: mpsc::Receiver<Bytes>,
    answering: oneshot::Sender<()>,
) -> impl Stream<Item = Result<Bytes, Infallible>> {
    stream::unfold((taken, answering), async |(mut taken, answering)| {
        let lines = taken.recv().await?;
        Some((Ok(lines), (taken, answering)))
    })
}

/// Reads and writes the feed until its end, or until the client disconnects, which rolls back whatever is not
/// committed. Holds the body until the response is sent, for the reason given at `hold_payload`.
async fn work(
    state: std::sync::Arc<AppState>,
    import_request: ImportRequest,
    mut slot: ImportSlot,
    mut payload: Payload,
    results: mpsc::Sender<Bytes>,
    answered: oneshot::Receiver<()>,
) {
    tokio::select! {
        () = results.closed() => {
            let (provider, site) = import_request.target.origin();
            tracing::info!(provider, site, "an import is given up: its client has gone");
        }
        () = import(&state, &import_request, (&mut payload, &mut slot), &results) => {}
    }
    drop((slot, results));
    _ = timeout(IDLE_TIMEOUT, answered).await;
}

async fn import(
    state: &AppState,
    import_request: &ImportRequest,
    (payload, slot): (&mut Payload, &mut ImportSlot),
    results: &mpsc::Sender<Bytes>,
) {
    let mut writer = Writer::new(&import_request.actor, state.clock.clone());
    (writer.dry_run, writer.drafts) = (import_request.dry_run, state.settings.draft_limits());
    let report = async |rows: Vec<RowReport>| {
        let refused_only = match import_request.results {
            Results::All => false,
            Results::Refused => true,
            Results::Summary => return Ok(()),
        };
        let kind = import_request.target.node_kind();
        send(results, lines::rows(kind, &rows, refused_only, import_request.dry_run)).await
    };
    let ended = async {
        let ImportRequest { format, layout, mapping, .. } = import_request;
        let (pieces, max, layout) = (pieces(payload, slot), MAX_RECORD_BYTES, layout.clone());
        match &import_request.target {
            ImportTarget::Courses(options, _) => {
                let reader = FeedReader::open(pieces, *format, mapping.clone(), layout, max).await?;
                import::import(&state.database, &writer, options, reader, report).await
            }
            ImportTarget::Records(kind, source, caller) => {
                let reader =
                    FeedReader::open_as(pieces, *format, mapping.clone(), layout, max, Some(kind.is_field())).await?;
                import::import_records(&state.database, &writer, (*kind, source, Some(caller)), reader, report).await
            }
        }
    };
    let last = match ended.await {
        Ok(report) => {
            if !import_request.dry_run && report.created + report.updated >= MANY_ROWS {
                state.database.note_many_rows();
            }
            if report.position.is_some() {
                state.notices.partnerships();
            }
            let ImportReport { created, updated, unchanged, refused, retired, broken, .. } = &report;
            let ((provider, site), dry_run) = (import_request.target.origin(), import_request.dry_run);
            tracing::info!(
                provider,
                site,
                created,
                updated,
                unchanged,
                refused,
                retired,
                broken,
                dry_run,
                "an import is done"
            );
            match import_request.results {
                Results::All | Results::Refused => report.totals(),
                Results::Summary => report.to_json(),
            }
        }
        Err(error) => {
            let (provider, site) = import_request.target.origin();
            tracing::info!(provider, site, cause = error.cause(), "an import breaks off");
            import::broken_off(&error)
        }
    };
    _ = send(results, format!("{last}\n")).await;
}

async fn send(results: &mpsc::Sender<Bytes>, lines: String) -> Result<()> {
    match timeout(IDLE_TIMEOUT, results.send(lines.into())).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(AppError::input("answer", "is not taken by anybody")),
    }
}

/// Pieces of the body. A broken connection counts as an error in the feed.
fn pieces<'a>(
    payload: &'a mut Payload,
    slot: &'a mut ImportSlot,
) -> impl Stream<Item = Result<Bytes, ValidationError>> + Unpin + use<'a> {
    type StreamState<'a> = (&'a mut Payload, &'a mut ImportSlot, Duration);
    Box::pin(stream::unfold((payload, slot, IDLE_TIMEOUT), async |(payload, slot, left): StreamState<'a>| {
        let began = Instant::now();
        let piece = match timeout(left, payload.next()).await {
            Ok(None) => return None,
            Ok(Some(Ok(bytes))) if slot.count(bytes.len()) => Ok(bytes),
            Ok(Some(Ok(_))) => Err((ValidationCode::Limit, "breaks off: too much is under way at once")),
            Ok(Some(Err(_))) => Err((ValidationCode::Invalid, "breaks off before its end")),
            Err(_) => Err((ValidationCode::Invalid, "breaks off: nothing came for 30 seconds")),
        };
        // An occasional line feed does not keep a slot. Time spent on writing does not count against the client.
        let is_blank = piece.as_ref().is_ok_and(|bytes| bytes.trim_ascii().is_empty());
        let left = if is_blank { left.saturating_sub(began.elapsed()) } else { IDLE_TIMEOUT };
        let piece = piece.map_err(|(code, rule)| ValidationError::of("file", code, rule));
        Some((piece, (payload, slot, left)))
    }))
}
