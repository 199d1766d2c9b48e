//! Loaders for reviews and their related rows, one statement per kind and batch.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use catalog::database::in_ids;
use catalog::dictionary::grouped;
use catalog::error::{AppError, Result};
use entity::{ReviewStatus, enrolment_check, review, review_moderation, review_reply, review_report, review_vote};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::graphql::loaders::Rows;

/// Defines a loader of the one row that belongs to a review.
macro_rules! single {
    ($($(#[$doc:meta])* $key:ident of $table:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(super) struct $key(pub i64);

        #[async_graphql::async_trait::async_trait]
        impl Loader<$key> for Rows {
            type Value = Arc<$table::Model>;
            type Error = AppError;

            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, Arc<$table::Model>>> {
                let rows = self.select($table::Column::ReviewId, keys.iter().map(|key| key.0));
                Ok(rows.all(&self.0).await?.into_iter().map(|row| ($key(row.review_id), Arc::new(row))).collect())
            }
        }
    )+};
}

single! {
    /// Provider's reply, by review.
    ReplyTo of review_reply;
    /// Enrolment check, by review.
    CheckFor of enrolment_check;
}

/// Defines a loader of the rows that belong to a review, newest first.
macro_rules! newest {
    ($($(#[$doc:meta])* $key:ident of $table:ident by $time:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(super) struct $key(pub i64);

        #[async_graphql::async_trait::async_trait]
        impl Loader<$key> for Rows {
            type Value = Vec<Arc<$table::Model>>;
            type Error = AppError;

            async fn load(&self, keys: &[$key]) -> Result<HashMap<$key, Self::Value>> {
                let rows = self.select($table::Column::ReviewId, keys.iter().map(|key| key.0));
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

#[async_graphql::async_trait::async_trait]
impl Loader<OwnReview> for Rows {
    type Value = Arc<review::Model>;
    type Error = AppError;

    async fn load(&self, keys: &[OwnReview]) -> Result<HashMap<OwnReview, Arc<review::Model>>> {
        use review::Column;
        let accounts = in_ids(&self.0, Column::AccountId.as_column_ref(), keys.iter().map(|key| key.account));
        let rows = self.select(Column::CourseId, keys.iter().map(|key| key.course));
        let rows = rows.filter(accounts).all(&self.0).await?;
        let keyed = |row: review::Model| Some((OwnReview { course: row.course_id, account: row.account_id? }, row));
        Ok(rows.into_iter().filter_map(keyed).map(|(key, row)| (key, Arc::new(row))).collect())
    }
}

#[async_graphql::async_trait::async_trait]
impl Loader<Vote> for Rows {
    type Value = ();
    type Error = AppError;

    async fn load(&self, keys: &[Vote]) -> Result<HashMap<Vote, ()>> {
        use review_vote::Column;
        let accounts = in_ids(&self.0, Column::AccountId.as_column_ref(), keys.iter().map(|key| key.account));
        let rows = self.select(Column::ReviewId, keys.iter().map(|key| key.review));
        let rows = rows.filter(accounts).all(&self.0).await?;
        Ok(rows.into_iter().map(|row| (Vote { review: row.review_id, account: row.account_id }, ())).collect())
    }
}

#[async_graphql::async_trait::async_trait]
impl Loader<TurnedAway> for Rows {
    type Value = Vec<(ReviewStatus, i64)>;
    type Error = AppError;

    async fn load(&self, keys: &[TurnedAway]) -> Result<HashMap<TurnedAway, Self::Value>> {
        use review_moderation::Column;
        let counts = self.select(Column::CourseId, keys.iter().map(|key| key.0)).select_only();
        let counts = counts.columns([Column::CourseId, Column::ToStatus]);
        let counts = counts.column_as(Expr::col(Column::Id).count(), "count");
        let counts = counts.filter(Expr::cust("stands")).group_by(Column::CourseId).group_by(Column::ToStatus);
        let counts: Vec<(i64, ReviewStatus, i64)> = counts.into_tuple().all(&self.0).await?;
        Ok(grouped(counts.into_iter().map(|(course, status, count)| (TurnedAway(course), (status, count)))))
    }
}
