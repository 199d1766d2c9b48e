//! Reading the log in order. Nothing is skipped by asking for what is greater than the last position seen: positions
//! are in commit order (see `append`).

use entity::{ListingType, catalogue, change};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use crate::error::{AppError, Result};

/// What a follower has to know of a change.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Changed {
    /// Its place in the log.
    pub position: i64,
    /// What kind of thing changed.
    pub listing_type: ListingType,
    /// Which one.
    pub listing_id: i64,
    /// What was done.
    pub action: String,
    /// The random number that it got when it was appended.
    pub mark: Option<i64>,
}

/// A place in the log together with the history that led there: the same position in a database that was restored from a
/// backup, and has gone on since, is another point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPoint {
    /// The position.
    pub position: i64,
    /// The mark of the change there; `None` at the beginning of the log, and where the change is older than marks.
    #[serde(default)]
    pub mark: Option<i64>,
}

impl LogPoint {
    /// The point that the log has reached at a position.
    pub async fn at(db: &impl ConnectionTrait, position: i64) -> Result<Self> {
        use change::Column;
        let change = change::Entity::find_by_id(position).select_only().column(Column::Mark);
        let mark: Option<Option<i64>> = change.into_tuple().one(db).await?;
        Ok(Self { position, mark: mark.flatten() })
    }

    /// Whether the log holds this point.
    pub async fn is_in(self, db: &impl ConnectionTrait) -> Result<bool> {
        Ok(Self::at(db, self.position).await? == self)
    }
}

impl Changed {
    /// The point of the log that it is.
    pub fn point(&self) -> LogPoint {
        LogPoint { position: self.position, mark: self.mark }
    }

    /// Whether the listing itself has changed, and so what the index holds of it: not where only who acts for a provider
    /// has, or what is said of a course without a figure of it. New figures of a provider are in none of its courses.
    pub fn is_of_listing(&self) -> bool {
        let is_rated_provider = self.is_rating() && self.listing_type == ListingType::Provider;
        !self.action.starts_with(MEMBERS) && self.action != NOTED && !is_rated_provider
    }

    /// Whether the figures of reviews have changed.
    pub fn is_rating(&self) -> bool {
        self.action == RATED
    }
}

/// What the log says where reviews have changed the figures of a course or provider.
pub const RATED: &str = "review.rate";
/// What it says where anything else of the reviews of a course has changed.
pub const NOTED: &str = "review.note";

/// How the actions begin that change who acts for a provider.
const MEMBERS: &str = "member.";

/// Which catalogue this is, and the position that its log has got to.
pub async fn head(db: &impl ConnectionTrait) -> Result<catalogue::Model> {
    let row = catalogue::Entity::find().one(db).await?;
    row.ok_or_else(|| AppError::internal("the catalogue has no row"))
}

/// The changes after a position, in order, at most so many.
pub async fn after(db: &impl ConnectionTrait, position: i64, most: u64) -> Result<Vec<Changed>> {
    use change::Column;
    let changes = change::Entity::find().filter(Column::Position.gt(position)).order_by_asc(Column::Position);
    let columns = [Column::Position, Column::ListingType, Column::ListingId, Column::Action, Column::Mark];
    Ok(changes.limit(most).select_only().columns(columns).into_model().all(db).await?)
}
