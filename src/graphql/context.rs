//! What a resolver finds in its context.

use std::sync::Arc;

use async_graphql::Context;
use chrono::{DateTime, Utc};

use crate::auth::Caller;
use crate::dictionary::Dictionary;
use crate::live::Snapshot;

/// What holds for one request from its beginning to its end.
pub struct Request {
    /// The state of everything derived.
    pub snapshot: Arc<Snapshot>,
    /// When it began.
    pub now: DateTime<Utc>,
    /// Who sent it.
    pub caller: Caller,
}

/// The request that a resolver works for.
pub trait InRequest {
    /// The request.
    fn request(&self) -> &Request;

    /// Who sent the request.
    fn caller(&self) -> &Caller {
        &self.request().caller
    }

    /// The small tables as of this request.
    fn dictionary(&self) -> &Dictionary {
        &self.request().snapshot.dictionary
    }
}

impl InRequest for Context<'_> {
    fn request(&self) -> &Request {
        self.data_unchecked::<Request>()
    }
}
