//! Reads the log in order. Asking for positions greater than the last one seen skips nothing, because positions are in
//! commit order (see `append`).

use entity::{ListingType, catalogue, change};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use search::LogPoint;

use super::action::Action;
use crate::error::{AppError, Result};

/// What a follower needs to know about a change.
#[derive(Clone, Debug, FromQueryResult)]
pub struct LogEntry {
    /// Position in the log.
    pub position: i64,
    /// Type of the changed listing.
    pub listing_type: ListingType,
    /// Row ID of the listing.
    pub listing_id: i64,
    /// What was done.
    pub action: String,
    /// Random mark, assigned when the change was appended.
    pub mark: Option<i64>,
}

impl LogEntry {
    /// Point of this change.
    pub fn point(&self) -> LogPoint {
        LogPoint { position: self.position, mark: self.mark }
    }

    /// Whether the listing itself changed, and with it what the index holds about it. False for changes of a provider's
    /// members, for changes of reviews that affect no rating, and for ratings of providers, which the index does not
    /// hold.
    pub fn is_of_listing(&self) -> bool {
        let is_rated_provider = self.is_rating() && self.listing_type == ListingType::Provider;
        !self.action.starts_with(MEMBER_ACTION_PREFIX) && self.action != Action::ReviewNote.name() && !is_rated_provider
    }

    /// Whether a rating changed.
    pub fn is_rating(&self) -> bool {
        self.action == Action::ReviewRate.name()
    }
}

/// Prefix of the actions that change the members of a provider.
const MEMBER_ACTION_PREFIX: &str = "member.";

/// Identity of the catalogue and the current position of its log.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn head(db: &impl ConnectionTrait) -> Result<catalogue::Model> {
    let row = catalogue::Entity::find().one(db).await?;
    row.ok_or_else(|| AppError::internal("the catalogue has no row"))
}

/// Changes after a position, in order, at most `most`.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn after(db: &impl ConnectionTrait, position: i64, most: u64) -> Result<Vec<LogEntry>> {
    use change::Column;
    let changes = change::Entity::find().filter(Column::Position.gt(position)).order_by_asc(Column::Position);
    let columns = [Column::Position, Column::ListingType, Column::ListingId, Column::Action, Column::Mark];
    Ok(changes.limit(most).select_only().columns(columns).into_model().all(db).await?)
}

/// Point of the log at a position.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn point_at(db: &impl ConnectionTrait, position: i64) -> Result<LogPoint> {
    use change::Column;
    let change = change::Entity::find_by_id(position).select_only().column(Column::Mark);
    let mark: Option<Option<i64>> = change.into_tuple().one(db).await?;
    Ok(LogPoint { position, mark: mark.flatten() })
}

/// Whether the log contains this point.
#[tracing::instrument(level = "debug", skip_all)]
pub async fn contains(db: &impl ConnectionTrait, point: LogPoint) -> Result<bool> {
    Ok(point_at(db, point.position).await? == point)
}
