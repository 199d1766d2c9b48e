//! `GET /export`: the courses of a provider for its members, its service tokens and staff, in the form that
//! `POST /import` takes, and the public catalogue for everyone who is signed in. Read and sent page by page. Does not
//! belong here: which courses there are and how they are written, which the command line shares.

mod request;
mod slots;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{self, HeaderName};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse, rt};
use catalog::error::{AppError, Result};
use catalog::export::{self, Export, Selection};
use futures_util::stream;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tracing::Instrument;

use self::request::ExportRequest;
use self::slots::ExportSlot;
pub(super) use self::slots::ExportSlots;
use super::accept::ResponseFormat;
use super::authorization;
use super::error::HttpError;
use super::headers::POSITION;
use crate::export_lines::{self, Source};
use crate::state::AppState;
use catalog::budget::Client;

/// Number of courses that are left out, because they have no key.
pub(super) const LEFT_OUT: HeaderName = HeaderName::from_static("lectern-left-out");
/// Time in which the client must accept output.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);
/// Time after which an export ends, because its snapshot keeps the database from discarding old rows.
const MAX_DURATION: Duration = Duration::from_secs(15 * 60);
/// Pages that wait to be sent.
const MAX_QUEUED_PAGES: usize = 1;

/// `GET /export`.
pub(super) async fn get(state: Data<AppState>, slots: Data<ExportSlots>, request: HttpRequest) -> HttpResponse {
    let (export_request, mut export, slot) = match begin(&state, &slots, &request).await {
        Ok(started) => started,
        Err(error) => return error.answer(ResponseFormat::Json),
    };
    let source = match prepare(&state, &export_request, &mut export).await {
        Ok(source) => source,
        Err(error) => return HttpError::from(error).answer(ResponseFormat::Json),
    };
    let mut answer = HttpResponse::Ok();
    answer.content_type(export_request.format.media_type());
    answer.insert_header((header::CACHE_CONTROL, "private, no-store"));
    answer.insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", export_request.file())));
    answer.insert_header((POSITION, export.point().position));
    if export_request.provider.is_some() {
        answer.insert_header((LEFT_OUT, export.without_key().to_string()));
    }
    let (pages, taken) = mpsc::channel(MAX_QUEUED_PAGES);
    // The response begins before the courses are read, so from here on this marks the request as running.
    let in_flight = state.metrics.in_flight();
    let work = work(state.into_inner(), export_request, (export, source), pages);
    rt::spawn(async move { (work.await, drop((in_flight, slot))) }.in_current_span());
    answer.streaming(stream::unfold(taken, async |mut taken| Some((taken.recv().await?, taken))))
}

async fn begin(
    state: &AppState,
    slots: &ExportSlots,
    request: &HttpRequest,
) -> Result<(ExportRequest, Export, ExportSlot), HttpError> {
    let caller = authorization::caller(&state.auth, request.headers()).await?;
    let client = Client::of(&caller, authorization::client(request, state.settings.trusted_proxies));
    let export_request = ExportRequest::read(state, caller, request.query_string()).await?;
    let slot = slots.enter(&state.budgets, &client)?;
    // Members see their last write. The catalogue can be read from a replica, because it says how far that is.
    let (db, selection) = match &export_request.provider {
        Some(provider) => (&state.database.primary, Selection::Provider(provider.id)),
        None => (&state.database.read, Selection::Catalogue),
    };
    let export = Export::open(&db.0, selection, export_request.after).await?;
    Ok((export_request, export, slot))
}

/// Makes what has to be complete before it is sent, as long as the caller may read it.
async fn prepare(state: &AppState, export_request: &ExportRequest, export: &mut Export) -> Result<Source> {
    let check = async || authorize(state, export_request).await;
    tokio::select! {
        () = state.wait_for_cutoff() => Err(AppError::Unavailable("the process stops".to_owned())),
        source = timeout(
            MAX_DURATION,
            export_lines::prepare(export, export_request.format, &state.settings.data_dir, check),
        ) => source.unwrap_or(Err(AppError::OutOfTime)),
    }
}

/// A page, or an error that cuts the response off, so that nobody takes it for complete.
type Page = Result<Bytes, io::Error>;

/// Reads and sends the courses until the end, or until the client disconnects.
async fn work(
    state: Arc<AppState>,
    export_request: ExportRequest,
    (mut export, source): (Export, Source),
    pages: mpsc::Sender<Page>,
) {
    let send = async |bytes: Vec<u8>| {
        authorize(&state, &export_request).await?;
        match timeout(IDLE_TIMEOUT, pages.send(Ok(bytes.into()))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(AppError::input("answer", "is not taken by anybody")),
        }
    };
    let ended = tokio::select! {
        () = pages.closed() => Err(AppError::input("answer", "is not taken by anybody")),
        () = state.wait_for_cutoff() => Err(AppError::Unavailable("the process stops".to_owned())),
        ended = timeout(MAX_DURATION, export_lines::write(&mut export, source, send)) => {
            ended.unwrap_or(Err(AppError::OutOfTime))
        }
    };
    let provider = export_request.provider.as_ref().map(|provider| provider.slug.as_str());
    match ended {
        Ok(courses) => tracing::info!(provider, courses, "an export is done"),
        Err(error) => {
            tracing::info!(provider, cause = error.cause(), "an export breaks off");
            let last = match export.selection() {
                Selection::Provider(_) => Err(io::Error::other("the export breaks off")),
                Selection::Catalogue => Ok(export_lines::broken_off(&export, &error).into()),
            };
            _ = timeout(IDLE_TIMEOUT, pages.send(last)).await;
        }
    }
}

/// Fails if the caller may not read the listings any more.
async fn authorize(state: &AppState, request: &ExportRequest) -> Result<()> {
    match &request.provider {
        Some(provider) => {
            request.check_expiry(state.clock.now())?;
            export::authorize(&state.database.primary, &request.caller, provider.id).await.map(drop)
        }
        None => Ok(()),
    }
}
