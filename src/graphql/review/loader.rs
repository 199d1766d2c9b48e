//! Loaders for reviews and their related rows, one statement per kind and batch.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use catalog::database::in_ids;
use catalog::dictionary::grouped;
use catalog::error::{AppError, Result};
use entity::{ReviewStatus, enrolment_check, review, review_moderation, review_reply, review_report, review_vote};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::graphql::loaders::Rows;

/// Defines a loader of single rows by a unique column.
macro_rules! single {
    ($($(#[$doc:meta])* $key:ident of $table:ident.$column:ident as $field:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(super) struct $key(pub i64);

        impl Loader<$key> for Rows {
            type Value = Arc<$table::Model>;
            type Error = AppError;

            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, Arc<$table::Model>>> {
                let column = ($table::Entity, $table::Column::$column);
                let rows = $table::Entity::find().filter(in_ids(&self.0, column, keys.iter().map(|key| key.0)));
                Ok(rows.all(&self.0).await?.into_iter().map(|row| ($key(row.$field), Arc::new(row))).collect())
            }
        }
    )+};
}

single! {
    /// Review by row ID.
    ReviewId of review.Id as id;
    /// Provider's reply, by review.
    ReplyTo of review_reply.ReviewId as review_id;
    /// Enrolment check by row ID.
    CheckId of enrolment_check.Id as id;
    /// Enrolment check, by review.
    CheckFor of enrolment_check.ReviewId as review_id;
}

/// Defines a loader of the rows that belong to a review, newest first.
macro_rules! newest {
    ($($(#[$doc:meta])* $key:ident of $table:ident by $time:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(super) struct $key(pub i64);

        impl Loader<$key> for Rows {
            type Value = Vec<Arc<$table::Model>>;
            type Error = AppError;

            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, Self::Value>> {
                let column = ($table::Entity, $table::Column::ReviewId);
                let rows = $table::Entity::find().filter(in_ids(&self.0, column, keys.iter().map(|key| key.0)));
                let rows = rows.order_by_desc($table::Column::$time).order_by_desc($table::Column::Id);
                let rows = rows.all(&self.0).await?;
                let keyed = rows.into_iter().filter_map(|row| Some(($key(Option::from(row.review_id)?), Arc::new(row))));
                Ok(grouped(keyed))
            }
        }
    )+};
}

newest! {
    /// Reports of a review.
    ReportsOf of review_report by CreatedAt;
    /// Moderation decisions on a review.
    DecisionsOf of review_moderation by At;
}

/// Review that an account has written of a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct OwnReview {
    pub course: i64,
    pub account: i64,
}

/// Whether an account marked a review as helpful.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Vote {
    pub review: i64,
    pub account: i64,
}

/// Number of reviews of a course that moderation turned away, by status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct TurnedAway(pub i64);

impl Loader<OwnReview> for Rows {
    type Value = Arc<review::Model>;
    type Error = AppError;

    async fn load(&self, keys: &[OwnReview]) -> Result<HashMap<OwnReview, Arc<review::Model>>> {
        use review::Column;
        let courses = in_ids(&self.0, (review::Entity, Column::CourseId), keys.iter().map(|key| key.course));
        let accounts = in_ids(&self.0, (review::Entity, Column::AccountId), keys.iter().map(|key| key.account));
        let rows = review::Entity::find().filter(courses).filter(accounts).all(&self.0).await?;
        let keyed = |row: review::Model| Some((OwnReview { course: row.course_id, account: row.account_id? }, row));
        Ok(rows.into_iter().filter_map(keyed).map(|(key, row)| (key, Arc::new(row))).collect())
    }
}

impl Loader<Vote> for Rows {
    type Value = ();
    type Error = AppError;

    async fn load(&self, keys: &[Vote]) -> Result<HashMap<Vote, ()>> {
        use review_vote::Column;
        let reviews = in_ids(&self.0, (review_vote::Entity, Column::ReviewId), keys.iter().map(|key| key.review));
        let accounts = in_ids(&self.0, (review_vote::Entity, Column::AccountId), keys.iter().map(|key| key.account));
        let rows = review_vote::Entity::find().filter(reviews).filter(accounts).all(&self.0).await?;
        Ok(rows.into_iter().map(|row| (Vote { review: row.review_id, account: row.account_id }, ())).collect())
    }
}

impl Loader<TurnedAway> for Rows {
    type Value = Vec<(ReviewStatus, i64)>;
    type Error = AppError;

    async fn load(&self, keys: &[TurnedAway]) -> Result<HashMap<TurnedAway, Self::Value>> {
        use review_moderation::Column;
        let courses = in_ids(&self.0, (review_moderation::Entity, Column::CourseId), keys.iter().map(|key| key.0));
        let counts = review_moderation::Entity::find().select_only().columns([Column::CourseId, Column::ToStatus]);
        let counts = counts.column_as(Expr::col(Column::Id).count(), "count").filter(courses);
        let counts = counts.filter(Expr::cust("stands")).group_by(Column::CourseId).group_by(Column::ToStatus);
        let counts: Vec<(i64, ReviewStatus, i64)> = counts.into_tuple().all(&self.0).await?;
        Ok(grouped(counts.into_iter().map(|(course, status, count)| (TurnedAway(course), (status, count)))))
    }
}
