//! Status transitions of a listing: draft, published, retired.

use chrono::{DateTime, Utc};
use entity::{ListingStatus, ProviderStatus, course};

/// A status transition. Repeating one changes nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum StatusTransition {
    /// Makes the listing public.
    Publish,
    /// Schedules the publication.
    Schedule(DateTime<Utc>),
    /// Turns the listing back into a draft, and cancels a scheduled publication.
    Withdraw,
    /// Retires the listing, for an optional reason.
    Retire(Option<String>),
}

impl StatusTransition {
    /// Returns the reason why the transition is not allowed, if there is one.
    pub(super) fn refusal(&self, before: Option<&course::Model>, provider: ProviderStatus) -> Option<&'static str> {
        let is_published = before.is_some_and(|row| row.status == ListingStatus::Published);
        let is_active = provider == ProviderStatus::Active;
        match self {
            StatusTransition::Publish if is_published => None,
            StatusTransition::Schedule(_) if is_published => Some("it is published already"),
            StatusTransition::Publish | StatusTransition::Schedule(_) if !is_active => {
                Some("only courses of an active provider are published")
            }
            StatusTransition::Retire(_) if before.is_none_or(|row| row.published_at.is_none()) => {
                Some("only what has been published can be retired")
            }
            StatusTransition::Publish
            | StatusTransition::Schedule(_)
            | StatusTransition::Withdraw
            | StatusTransition::Retire(_) => None,
        }
    }

    /// Applies the transition to a row.
    pub(super) fn apply_to(self, row: course::Model, now: DateTime<Utc>) -> course::Model {
        use ListingStatus::{Draft, Published, Retired};
        match self {
            StatusTransition::Publish if row.status == Published => row,
            StatusTransition::Publish => course::Model {
                status: Published,
                published_at: Some(now),
                scheduled_for: None,
                retire_reason: None,
                ..row
            },
            StatusTransition::Schedule(at) => course::Model { scheduled_for: Some(at), ..row },
            StatusTransition::Withdraw => {
                course::Model { status: Draft, scheduled_for: None, retire_reason: None, ..row }
            }
            StatusTransition::Retire(reason) => course::Model {
                status: Retired,
                scheduled_for: None,
                retire_reason: reason.or(row.retire_reason),
                ..row
            },
        }
    }
}
