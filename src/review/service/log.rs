//! The end of every transaction that writes reviews: the figures, then the log. The log speaks of the course and never of
//! who has written, since a course's history is for its provider to read.

use entity::{ChangeKind, ListingStatus, ListingType, ProviderStatus, course, review};
use sea_orm::DatabaseTransaction;

use super::held::Place;
use crate::changelog::{Entry, NOTED, RATED};
use crate::error::Result;
use crate::rating::{self, Figures};
use crate::write::Writer;

/// Whom the log names.
const ACTOR: &str = "reviews";

/// Adds to the figures what has changed of a review that was there before, is there afterwards, or both; then notes it in
/// the log, also where no figure changes: answers that are kept hold reviews too.
pub(super) async fn settle(
    tx: &DatabaseTransaction,
    writer: &Writer,
    place: &Place,
    (before, after): (Option<&review::Model>, Option<&review::Model>),
) -> Result<Option<i64>> {
    let figures = |row: Option<&review::Model>| row.map(Figures::of).unwrap_or_default();
    let difference = figures(after).since(figures(before));
    if difference.is_nothing() {
        return writer.log(tx, vec![noted(&place.course)]).await;
    }
    rating::add(tx, place.course.id, place.provider.id, difference).await?;
    writer.log(tx, vec![provider(place), rated(place)]).await
}

/// What the log says of a change that is of no figure.
pub(super) async fn note(tx: &DatabaseTransaction, writer: &Writer, place: &Place) -> Result<Option<i64>> {
    settle(tx, writer, place, (None, None)).await
}

/// What the log says of a course whose figures are what they were.
pub(super) fn noted(course: &course::Model) -> Entry {
    Entry {
        actor: ACTOR.to_owned(),
        action: NOTED,
        listing_type: ListingType::Course,
        listing_id: course.id,
        slug: course.slug.clone(),
        provider_id: Some(course.provider_id),
        event: None,
        fields: None,
    }
}

fn rated(place: &Place) -> Entry {
    let is_shown = place.course.status != ListingStatus::Draft;
    Entry { action: RATED, event: updated(place).filter(|_| is_shown), ..noted(&place.course) }
}

fn provider(place: &Place) -> Entry {
    Entry {
        action: RATED,
        listing_type: ListingType::Provider,
        listing_id: place.provider.id,
        slug: place.provider.slug.clone(),
        event: updated(place),
        ..noted(&place.course)
    }
}

/// What the public sees of new figures, where it sees the provider in lists.
fn updated(place: &Place) -> Option<ChangeKind> {
    (place.provider.status == ProviderStatus::Active).then_some(ChangeKind::Updated)
}
