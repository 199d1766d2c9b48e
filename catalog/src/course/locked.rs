//! A course whose provider is locked: nobody else writes to any course of the provider, or to its reviews, before the
//! commit.

use entity::{course, provider};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use crate::auth::Caller;
use crate::error::{AppError, Result};

/// A course and its provider.
#[derive(Clone, Debug)]
pub struct LockedCourse {
    /// Row of the course.
    pub course: course::Model,
    /// Row of its provider, locked until the commit.
    pub provider: provider::Model,
}

impl LockedCourse {
    /// Locks the provider of a course, then loads the course: it must not be older than the lock. `what` names the
    /// object in the error NOT_FOUND.
    pub async fn lock(tx: &DatabaseTransaction, course: i64, what: &'static str) -> Result<Self> {
        let owner = course::Entity::find_by_id(course).select_only().column(course::Column::ProviderId);
        let owner = provider::Column::Id.in_subquery(owner.into_query());
        let provider = provider::Entity::find().filter(owner).lock(LockType::NoKeyUpdate).one(tx).await?;
        let provider = provider.ok_or(AppError::NotFound(what))?;
        let course = course::Entity::find_by_id(course).one(tx).await?.ok_or(AppError::NotFound(what))?;
        Ok(Self { course, provider })
    }

    /// Whether the caller can see the course by ID and slug.
    pub fn is_seen_by(&self, caller: &Caller) -> bool {
        self.is_public() || caller.can_see_private(self.provider.id)
    }

    /// Whether everyone can see the course by ID and slug.
    pub fn is_public(&self) -> bool {
        super::service::is_public(&self.course, self.provider.status)
    }
}
