//! The end of every transaction that writes reviews: first the ratings, then the log. Log entries name the course and
//! never the author, because the provider reads the history of its courses.

use entity::{ChangeKind, ListingStatus, ListingType, ProviderStatus, course, review};
use sea_orm::DatabaseTransaction;

use super::ReviewResult;
use super::authorization::LockedReview;
use crate::changelog::{Action, Entry};
use crate::course::LockedCourse;
use crate::error::Result;
use crate::rating;
use crate::rating::Figures;
use crate::write::{MutationOutcome, Writer};

/// Actor named in log entries.
const ACTOR: &str = "reviews";

/// Applies the difference between two states of a review to the ratings; a state is `None` before creation and after
/// deletion. Then appends to the log, even if no rating changed, because cached answers contain reviews too.
#[tracing::instrument(level = "debug", skip_all)]
pub(super) async fn finish(
    tx: &DatabaseTransaction,
    writer: &Writer,
    parent: &LockedCourse,
    (before, after): (Option<&review::Model>, Option<&review::Model>),
) -> Result<Option<i64>> {
    let figures = |row: Option<&review::Model>| row.map(Figures::of).unwrap_or_default();
    let difference = figures(after).since(figures(before));
    if difference.is_nothing() {
        return writer.log(tx, vec![log_entry(&parent.course)]).await;
    }
    rating::add(tx, parent.course.id, parent.provider.id, difference).await?;
    writer.log(tx, vec![provider(parent), rated(parent)]).await
}

/// Logs a change that affects no rating, and returns the review.
#[tracing::instrument(level = "debug", skip_all)]
pub(super) async fn note(tx: &DatabaseTransaction, writer: &Writer, locked: LockedReview) -> ReviewResult {
    let position = finish(tx, writer, &locked.parent, (None, None)).await?;
    Ok(MutationOutcome::success(locked.row, position))
}

/// Log entry for a course whose ratings did not change.
pub(super) fn log_entry(course: &course::Model) -> Entry {
    Entry {
        actor: ACTOR.to_owned(),
        action: Action::ReviewNote,
        listing_type: ListingType::Course,
        listing_id: course.id,
        slug: course.slug.clone(),
        provider_id: Some(course.provider_id),
        event: None,
        fields: None,
    }
}

fn rated(parent: &LockedCourse) -> Entry {
    let is_shown = parent.course.status != ListingStatus::Draft;
    Entry { action: Action::ReviewRate, event: updated(parent).filter(|_| is_shown), ..log_entry(&parent.course) }
}

fn provider(parent: &LockedCourse) -> Entry {
    Entry {
        action: Action::ReviewRate,
        listing_type: ListingType::Provider,
        listing_id: parent.provider.id,
        slug: parent.provider.slug.clone(),
        event: updated(parent),
        ..log_entry(&parent.course)
    }
}

/// Public event for changed ratings; none if the provider is not listed.
fn updated(parent: &LockedCourse) -> Option<ChangeKind> {
    (parent.provider.status == ProviderStatus::Active).then_some(ChangeKind::Updated)
}
