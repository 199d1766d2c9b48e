//! The turns that a listing takes: draft, published, retired, and back.

use chrono::{DateTime, Utc};
use entity::{ListingStatus, ProviderStatus, course};

/// A turn of a listing. One that has been taken already is none: it changes nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Turn {
    /// Everyone sees it from now on.
    Publish,
    /// It will be published at this time.
    Schedule(DateTime<Utc>),
    /// It is a draft again, and is not going to be published by itself.
    Withdraw,
    /// It is offered no longer, for this reason.
    Retire(Option<String>),
}

impl Turn {
    /// Why a listing of a provider cannot take it; `None` where it can.
    pub(super) fn refusal(&self, before: Option<&course::Model>, provider: ProviderStatus) -> Option<&'static str> {
        let is_published = before.is_some_and(|row| row.status == ListingStatus::Published);
        let is_active = provider == ProviderStatus::Active;
        match self {
            Turn::Publish if is_published => None,
            Turn::Schedule(_) if is_published => Some("it is published already"),
            Turn::Publish | Turn::Schedule(_) if !is_active => Some("only courses of an active provider are published"),
            Turn::Retire(_) if before.is_none_or(|row| row.published_at.is_none()) => {
                Some("only what has been published can be retired")
            }
            Turn::Publish | Turn::Schedule(_) | Turn::Withdraw | Turn::Retire(_) => None,
        }
    }

    /// The row after it.
    pub(super) fn over(self, row: course::Model, now: DateTime<Utc>) -> course::Model {
        use ListingStatus::{Draft, Published, Retired};
        match self {
            Turn::Publish if row.status == Published => row,
            Turn::Publish => course::Model {
                status: Published,
                published_at: Some(now),
                scheduled_for: None,
                retire_reason: None,
                ..row
            },
            Turn::Schedule(at) => course::Model { scheduled_for: Some(at), ..row },
            Turn::Withdraw => course::Model { status: Draft, scheduled_for: None, retire_reason: None, ..row },
            Turn::Retire(reason) => course::Model {
                status: Retired,
                scheduled_for: None,
                retire_reason: reason.or(row.retire_reason),
                ..row
            },
        }
    }
}
