//! Bounds the bytes of an incomplete message. The library checks the length that a frame announces only once the whole
//! frame has arrived, and buffers everything until then.

use std::cell::Cell;
use std::rc::Rc;

use actix_web::error::PayloadError;
use actix_web::web::{Bytes, Payload};
use actix_web::{Error, FromRequest, HttpRequest, dev};
use futures_util::StreamExt;

use super::connection::MAX_MESSAGE_BYTES;

/// Bytes that may arrive before a message completes: the largest message, the heads of its frames, and what arrives in
/// the same read.
const MAX_PENDING_BYTES: usize = 4 * MAX_MESSAGE_BYTES;

/// Bytes received since the last complete message.
#[derive(Clone, Default)]
pub(super) struct IntakeLimit(Rc<Cell<usize>>);

impl IntakeLimit {
    /// Wraps the payload so that it fails if too many bytes arrive.
    pub(super) fn limited(&self, request: &HttpRequest, payload: Payload) -> Result<Payload, Error> {
        let intake = self.clone();
        let counted = payload.map(move |bytes| intake.count(bytes?)).boxed_local();
        Payload::from_request(request, &mut dev::Payload::Stream { payload: counted }).into_inner()
    }

    fn count(&self, bytes: Bytes) -> Result<Bytes, PayloadError> {
        self.0.set(self.0.get().saturating_add(bytes.len()));
        if self.0.get() > MAX_PENDING_BYTES { Err(PayloadError::Overflow) } else { Ok(bytes) }
    }

    /// Resets the count after a complete message.
    pub(super) fn message_complete(&self) {
        self.0.set(0);
    }
}
