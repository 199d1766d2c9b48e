//! `POST /import`: a provider's feed of any size, read and written as it comes in, and answered row by row. What must
//! not go in: how a feed is read and written; the command line does the same.

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

use self::request::ImportRequest;
use self::slots::ImportSlot;
pub(super) use self::slots::ImportSlots;
use super::accept::ResponseFormat;
use super::authorization;
use super::error::HttpError;
use super::graphql::hold_payload;
use super::request::content_length;
use crate::app::AppState;
use crate::budget::Client;
use crate::error::{AppError, Result};
use crate::import::{self, FeedReader, RowReport, Totals};
use crate::input::{ValidationCode, ValidationError};
use crate::write::Writer;

/// How long the next piece of a body that says anything, and the taking of an answer, may take. Nobody can say how long
/// a feed of any size takes as a whole.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);
/// Bytes of one record.
const MAX_RECORD_BYTES: usize = 256 * 1024;
/// Rows of a feed after which the statistics of the database are brought up.
const MANY_ROWS: u64 = 1_000;
/// Answers to transactions that wait to be taken, some 15 MB at most. Many clients read nothing before they have sent
/// everything: this is room for the answers to a hundred thousand rows.
const MAX_QUEUED_RESULTS: usize = 256;

/// `POST /import`.
pub(super) async fn post(
    state: Data<AppState>,
    slots: Data<ImportSlots>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    let (import_request, slot) = match begin(&state, &slots, &request).await {
        Ok(begun) => begun,
        Err(error) => return hold_payload(payload, error.answer(ResponseFormat::Json)),
    };
    let (results, taken) = mpsc::channel(MAX_QUEUED_RESULTS);
    let (answering, answered) = oneshot::channel();
    // The answer begins before the feed is read: until then it is this that says that the request still runs.
    let in_flight = state.metrics.in_flight();
    let work = work(state.into_inner(), import_request, slot, payload, results, answered);
    rt::spawn(async move { (work.await, drop(in_flight)) }.in_current_span());
    let mut answer = HttpResponse::Ok();
    answer.content_type("application/x-ndjson").insert_header((header::CACHE_CONTROL, "private, no-store"));
    answer.streaming(lines_of(taken, answering))
}

/// Every other method.
pub(super) async fn method_not_allowed() -> HttpResponse {
    HttpError::method_not_allowed("POST", "Send a feed by POST.").answer(ResponseFormat::Json)
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
    let provider = (import_request.options.provider, import_request.status);
    let slot = ImportSlots::enter(slots, &state.budgets, &client, provider, announced)?;
    Ok((import_request, slot))
}

/// The answer as it comes to be; while it does, `answering` is held.
fn lines_of(
    taken: mpsc::Receiver<Bytes>,
    answering: oneshot::Sender<()>,
) -> impl Stream<Item = Result<Bytes, Infallible>> {
    stream::unfold((taken, answering), async |(mut taken, answering)| {
        let lines = taken.recv().await?;
        Some((Ok(lines), (taken, answering)))
    })
}

/// Reads and writes the feed, until its end or until the client goes away: then what is not committed is undone. The
/// body is held until the answer is sent, for the reason that `hold_payload` gives.
async fn work(
    state: std::sync::Arc<AppState>,
    import_request: ImportRequest,
    mut slot: ImportSlot,
    mut payload: Payload,
    results: mpsc::Sender<Bytes>,
    answered: oneshot::Receiver<()>,
) {
    tokio::select! {
        () = results.closed() => tracing::info!(provider = import_request.slug, "an import is given up: its client has gone"),
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
        send(results, lines::rows(&rows, import_request.refused_only, import_request.dry_run)).await
    };
    let ended = async {
        let reader = FeedReader::open(pieces(payload, slot), import_request.format, None, MAX_RECORD_BYTES).await?;
        import::import(&state.database, &writer, &import_request.options, reader, report).await
    };
    let last = match ended.await {
        Ok(totals) => {
            if !import_request.dry_run && totals.created + totals.updated >= MANY_ROWS {
                state.database.note_many_rows();
            }
            if totals.position.is_some() {
                state.notices.partnerships();
            }
            let Totals { created, updated, unchanged, refused, retired, broken, .. } = &totals;
            let (provider, dry_run) = (&import_request.slug, import_request.dry_run);
            tracing::info!(
                provider,
                created,
                updated,
                unchanged,
                refused,
                retired,
                broken,
                dry_run,
                "an import is done"
            );
            lines::totals(&totals, import_request.dry_run)
        }
        Err(error) => {
            tracing::info!(provider = import_request.slug, cause = error.cause(), "an import breaks off");
            lines::broken_off(&error)
        }
    };
    _ = send(results, last).await;
}

async fn send(results: &mpsc::Sender<Bytes>, lines: String) -> Result<()> {
    match timeout(IDLE_TIMEOUT, results.send(lines.into())).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(AppError::input("answer", "is not taken by anybody")),
    }
}

/// The body piece by piece; that it breaks off is a fault in it.
fn pieces<'a>(
    payload: &'a mut Payload,
    slot: &'a mut ImportSlot,
) -> impl Stream<Item = Result<Bytes, ValidationError>> + Unpin + use<'a> {
    type StreamState<'a> = (&'a mut Payload, &'a mut ImportSlot, Duration);
    Box::pin(stream::unfold((payload, slot, IDLE_TIMEOUT), async |(payload, slot, left): StreamState<'a>| {
        let began = Instant::now();
        let (piece, left) = match timeout(left, payload.next()).await {
            Ok(None) => return None,
            Ok(Some(Ok(bytes))) if !slot.count(bytes.len()) => (
                Err(ValidationError::of("file", ValidationCode::Limit, "breaks off: too much is under way at once")),
                IDLE_TIMEOUT,
            ),
            // A line feed now and then keeps nobody's place. The time that writing takes is not the client's.
            Ok(Some(Ok(bytes))) if bytes.trim_ascii().is_empty() => (Ok(bytes), left.saturating_sub(began.elapsed())),
            Ok(Some(Ok(bytes))) => (Ok(bytes), IDLE_TIMEOUT),
            Ok(Some(Err(_))) => (Err(broken("breaks off before its end")), IDLE_TIMEOUT),
            Err(_) => (Err(broken("breaks off: nothing came for 30 seconds")), IDLE_TIMEOUT),
        };
        Some((piece, (payload, slot, left)))
    }))
}

fn broken(rule: &str) -> ValidationError {
    ValidationError::of("file", ValidationCode::Invalid, rule)
}
