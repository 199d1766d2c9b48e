//! Loads, authorizes and locks the rows that a mutation works on.

use entity::{ReviewStatus, account, review, review_moderation};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
};

use super::ReviewContext;
use crate::auth::{Caller, permit, refresh_caller, require_sign_in};
use crate::course::LockedCourse;
use crate::error::{AppError, Result};

/// A review with its course and provider.
pub(super) struct LockedReview {
    pub(super) row: review::Model,
    pub(super) parent: LockedCourse,
    /// Caller, with the permissions they have inside this transaction.
    pub(super) caller: Caller,
}

impl ReviewContext<'_> {
    /// Loads and locks a course if the caller may see it and use the mutation on it. Returns the refreshed caller too.
    #[tracing::instrument(level = "debug", skip_all, fields(course))]
    pub(super) async fn authorize_and_lock_course(
        &self,
        tx: &DatabaseTransaction,
        course: i64,
    ) -> Result<(LockedCourse, Caller)> {
        self.lock_account(tx).await?;
        let parent = LockedCourse::lock(tx, course, "course").await?;
        let caller = self.refresh_caller(tx, &parent).await?;
        if !parent.is_seen_by(&caller) {
            return Err(AppError::NotFound("course"));
        }
        permit(&caller, self.mutation, Some(parent.provider.id))?;
        Ok((parent, caller))
    }

    /// Loads and locks a review if the caller may see it and use the mutation on it.
    #[tracing::instrument(level = "debug", skip_all, fields(id))]
    pub(super) async fn authorize_and_lock_review(&self, tx: &DatabaseTransaction, id: i64) -> Result<LockedReview> {
        self.lock_account(tx).await?;
        let (row, parent) = lock_review(tx, id).await?;
        let caller = self.refresh_caller(tx, &parent).await?;
        let is_shown = row.status == ReviewStatus::Published && parent.is_seen_by(&caller);
        if !is_shown && !is_author(&row, &caller) && !caller.is_staff() {
            return Err(AppError::NotFound("review"));
        }
        permit(&caller, self.mutation, Some(parent.provider.id))?;
        Ok(LockedReview { row, parent, caller })
    }

    /// Like `authorize_and_lock_review`, but only for the author of the review.
    #[tracing::instrument(level = "debug", skip_all, fields(id))]
    pub(super) async fn authorize_and_lock_own_review(
        &self,
        tx: &DatabaseTransaction,
        id: i64,
    ) -> Result<LockedReview> {
        let locked = self.authorize_and_lock_review(tx, id).await?;
        if is_author(&locked.row, &locked.caller) { Ok(locked) } else { Err(AppError::Forbidden) }
    }

    /// Requires signing in, and locks the caller's account, so that it cannot be deleted before the commit.
    async fn lock_account(&self, tx: &DatabaseTransaction) -> Result<()> {
        require_sign_in(self.caller)?;
        if let Some(account) = self.caller.account() {
            account::Entity::find_by_id(account).lock(LockType::KeyShare).one(tx).await?;
        }
        Ok(())
    }

    async fn refresh_caller(&self, tx: &DatabaseTransaction, parent: &LockedCourse) -> Result<Caller> {
        let caller = refresh_caller(tx, self.caller, parent.provider.id).await?;
        require_sign_in(&caller)?;
        Ok(caller)
    }

    /// Status of a review that staff have not decided on. If moderation has turned away another review of this course
    /// by the same author, the review always waits for staff: deleting and rewriting it must not bypass them.
    #[tracing::instrument(level = "debug", skip_all)]
    pub(super) async fn initial_status(&self, tx: &impl ConnectionTrait, row: &review::Model) -> Result<ReviewStatus> {
        use review_moderation::Column;
        if !self.publish.allows(row) {
            return Ok(ReviewStatus::Pending);
        }
        let refused = review_moderation::Entity::find().filter(Column::CourseId.eq(row.course_id));
        let refused = refused.filter(Column::AccountId.eq(row.account_id));
        let refused = refused.filter(Column::ToStatus.is_in([ReviewStatus::Rejected, ReviewStatus::Removed]));
        Ok(if refused.count(tx).await? == 0 { ReviewStatus::Published } else { ReviewStatus::Pending })
    }
}

/// Locks the provider of a review's course, then loads the review: it must not be older than the lock.
pub(super) async fn lock_review(tx: &DatabaseTransaction, id: i64) -> Result<(review::Model, LockedCourse)> {
    let row = || review::Entity::find_by_id(id).one(tx);
    let course = row().await?.ok_or(AppError::NotFound("review"))?.course_id;
    let parent = LockedCourse::lock(tx, course, "review").await?;
    Ok((row().await?.ok_or(AppError::NotFound("review"))?, parent))
}

pub(super) fn is_author(row: &review::Model, caller: &Caller) -> bool {
    row.account_id.is_some() && row.account_id == caller.account()
}
