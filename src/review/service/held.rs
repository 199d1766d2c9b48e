//! Loads, authorizes and locks the rows that a mutation works on.

use entity::{ReviewStatus, account, course, provider, review, review_moderation};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
};

use super::ReviewContext;
use crate::auth::{Caller, as_of_now, permit, signed_in};
use crate::course::service::is_public;
use crate::error::{AppError, Result};
use crate::provider::service::hold;

/// A course whose reviews nobody else can write before the commit.
pub(super) struct Place {
    pub(super) course: course::Model,
    pub(super) provider: provider::Model,
}

/// A review with its course and provider.
pub(super) struct Held {
    pub(super) row: review::Model,
    pub(super) place: Place,
    /// Caller, with the permissions they have inside this transaction.
    pub(super) caller: Caller,
}

impl Place {
    /// Loads a course and its provider, and locks the row of the provider.
    pub(super) async fn hold(tx: &DatabaseTransaction, course: i64, what: &'static str) -> Result<Self> {
        let row = || course::Entity::find_by_id(course).one(tx);
        let owner = row().await?.ok_or(AppError::NotFound(what))?.provider_id;
        let provider = hold(tx, owner).await?.ok_or(AppError::NotFound(what))?;
        Ok(Self { course: row().await?.ok_or(AppError::NotFound(what))?, provider })
    }

    /// Whether the caller can look the course up by ID and slug.
    pub(super) fn is_seen_by(&self, caller: &Caller) -> bool {
        is_public(&self.course, self.provider.status) || caller.sees_inside(self.provider.id)
    }
}

impl ReviewContext<'_> {
    /// Loads and locks a course if the caller may see it and use the mutation on it. Returns the refreshed caller too.
    pub(super) async fn place(&self, tx: &DatabaseTransaction, course: i64) -> Result<(Place, Caller)> {
        let (place, caller) = self.reach(tx, course, "course").await?;
        if !place.is_seen_by(&caller) {
            return Err(AppError::NotFound("course"));
        }
        permit(&caller, self.mutation, Some(place.provider.id))?;
        Ok((place, caller))
    }

    /// Loads and locks a review if the caller may see it and use the mutation on it.
    pub(super) async fn held(&self, tx: &DatabaseTransaction, id: i64) -> Result<Held> {
        signed_in(self.caller)?;
        let row = || review::Entity::find_by_id(id).one(tx);
        let course = row().await?.ok_or(AppError::NotFound("review"))?.course_id;
        let (place, caller) = self.reach(tx, course, "review").await?;
        let row = row().await?.ok_or(AppError::NotFound("review"))?;
        let is_shown = row.status == ReviewStatus::Published && place.is_seen_by(&caller);
        if !is_shown && !is_author(&row, &caller) && !caller.is_staff() {
            return Err(AppError::NotFound("review"));
        }
        permit(&caller, self.mutation, Some(place.provider.id))?;
        Ok(Held { row, place, caller })
    }

    /// Like `held`, but only for the author of the review.
    pub(super) async fn own(&self, tx: &DatabaseTransaction, id: i64) -> Result<Held> {
        let held = self.held(tx, id).await?;
        if is_author(&held.row, &held.caller) { Ok(held) } else { Err(AppError::Forbidden) }
    }

    /// Locks the caller's account, so that it cannot be deleted before the commit.
    async fn reach(&self, tx: &DatabaseTransaction, course: i64, what: &'static str) -> Result<(Place, Caller)> {
        signed_in(self.caller)?;
        if let Some(account) = self.caller.account() {
            account::Entity::find_by_id(account).lock(LockType::KeyShare).one(tx).await?;
        }
        let place = Place::hold(tx, course, what).await?;
        let caller = as_of_now(tx, self.caller, place.provider.id).await?;
        signed_in(&caller)?;
        Ok((place, caller))
    }

    /// Status of a review that staff have not decided on. If moderation has turned away another review of this course
    /// by the same author, the review always waits for staff: deleting and rewriting it must not bypass them.
    pub(super) async fn status(&self, tx: &impl ConnectionTrait, row: &review::Model) -> Result<ReviewStatus> {
        use review_moderation::Column;
        if !self.publish.lets_pass(row) {
            return Ok(ReviewStatus::Pending);
        }
        let refused = review_moderation::Entity::find().filter(Column::CourseId.eq(row.course_id));
        let refused = refused.filter(Column::AccountId.eq(row.account_id));
        let refused = refused.filter(Column::ToStatus.is_in([ReviewStatus::Rejected, ReviewStatus::Removed]));
        Ok(if refused.count(tx).await? == 0 { ReviewStatus::Published } else { ReviewStatus::Pending })
    }
}

/// Whether the caller wrote the review.
pub(super) fn is_author(row: &review::Model, caller: &Caller) -> bool {
    row.account_id.is_some() && row.account_id == caller.account()
}
