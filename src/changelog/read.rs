//! Reads the log in order. Asking for positions greater than the last one seen skips nothing, because positions are in
//! commit order (see `append`).

use entity::{ListingType, catalogue, change};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

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

/// A position in the log together with the history that led to it. After a database was restored from a backup and
/// written to again, the same position is a different point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPoint {
    /// Position in the log.
    pub position: i64,
    /// Mark of the change at the position; `None` at the start of the log and for changes older than marks.
    #[serde(default)]
    pub mark: Option<i64>,
}

impl LogPoint {
    /// Point of the log at a position.
    pub async fn at(db: &impl ConnectionTrait, position: i64) -> Result<Self> {
        use change::Column;
        let change = change::Entity::find_by_id(position).select_only().column(Column::Mark);
        let mark: Option<Option<i64>> = change.into_tuple().one(db).await?;
        Ok(Self { position, mark: mark.flatten() })
    }

    /// Whether the log contains this point.
    pub async fn is_in(self, db: &impl ConnectionTrait) -> Result<bool> {
        Ok(Self::at(db, self.position).await? == self)
    }
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
pub async fn head(db: &impl ConnectionTrait) -> Result<catalogue::Model> {
    let row = catalogue::Entity::find().one(db).await?;
    row.ok_or_else(|| AppError::internal("the catalogue has no row"))
}

/// Changes after a position, in order, at most `most`.
pub async fn after(db: &impl ConnectionTrait, position: i64, most: u64) -> Result<Vec<LogEntry>> {
    use change::Column;
    let changes = change::Entity::find().filter(Column::Position.gt(position)).order_by_asc(Column::Position);
    let columns = [Column::Position, Column::ListingType, Column::ListingId, Column::Action, Column::Mark];
    Ok(changes.limit(most).select_only().columns(columns).into_model().all(db).await?)
}
