//! How much of a message may wait to be whole. The library looks at the length that a frame states only when all of the
//! frame has come, and until then keeps whatever comes.

use std::cell::Cell;
use std::rc::Rc;

use actix_web::error::PayloadError;
use actix_web::web::{Bytes, Payload};
use actix_web::{Error, FromRequest, HttpRequest, dev};
use futures_util::StreamExt;

use super::connection::MAX_MESSAGE_BYTES;

/// Bytes that may come in before there is one more message: the largest one, its frames' heads, and what follows it in
/// what is read at once.
const MAX_PENDING_BYTES: usize = 4 * MAX_MESSAGE_BYTES;

/// The bytes that have come in since the last whole message.
#[derive(Clone, Default)]
pub(super) struct IntakeLimit(Rc<Cell<usize>>);

impl IntakeLimit {
    /// The same bytes, which end with an error where there are too many.
    pub(super) fn limited(&self, request: &HttpRequest, payload: Payload) -> Result<Payload, Error> {
        let intake = self.clone();
        let counted = payload.map(move |bytes| intake.count(bytes?)).boxed_local();
        Payload::from_request(request, &mut dev::Payload::Stream { payload: counted }).into_inner()
    }

    fn count(&self, bytes: Bytes) -> Result<Bytes, PayloadError> {
        self.0.set(self.0.get().saturating_add(bytes.len()));
        if self.0.get() > MAX_PENDING_BYTES { Err(PayloadError::Overflow) } else { Ok(bytes) }
    }

    /// A message is whole.
    pub(super) fn message_complete(&self) {
        self.0.set(0);
    }
}
