//! Pages of reviews of courses and of accounts. All owners that ask for the same page share one statement. A page
//! selects only IDs and sort keys and loads the rows afterwards, because review texts are long.

use std::collections::{BTreeSet, HashMap};
use std::marker::PhantomData;

use async_graphql::{Context, InputObject};
use catalog::database::pages::{ListOrder, RowPosition, page_of, pages};
use catalog::database::{ReadPool, in_ids};
use catalog::dictionary::NOT_PUBLIC;
use catalog::error::{AppError, Result};
use chrono::DateTime;
use entity::review::{self, Column};
use sea_orm::sea_query::{Expr, IntoColumnRef, Query, SelectStatement, Value};
use sea_orm::{ColumnTrait, IdenStatic, QueryResult};
use search::paging::cursor::{Cursor, Key};
use search::paging::list::Direction;
use search::paging::page::PageArguments;
use search::paging::{Connection, Edge};

use super::enums::{ReviewOrder, ReviewVerification, ReviewerRelation};
use super::types::Review;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::RecordOrigin;
use crate::graphql::loaders::{Load, Paged, RowId};

/// Conditions on reviews. A review must meet every condition that is given. A list matches any of its values; an empty
/// list matches nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ReviewFilter {
    /// Overall ratings, each 1 to 5 stars.
    pub rating: Option<Vec<i32>>,
    /// Evidence that the author took the course.
    pub verification: Option<Vec<ReviewVerification>>,
    /// Author's relation to the course.
    pub relation: Option<Vec<ReviewerRelation>>,
    /// Where the reviews come from. If left out, only reviews that were written here, which are those that the ratings
    /// count.
    pub origin: Option<Vec<RecordOrigin>>,
}

/// Which reviews of an owner a page lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum ReviewOwner {
    /// Published reviews of a course.
    Course,
    /// Reviews by an account, of courses that everyone can see.
    Account,
    /// All reviews by an account.
    AccountForStaff,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct ReviewPage {
    of: ReviewOwner,
    ratings: Option<BTreeSet<i32>>,
    verifications: Option<BTreeSet<entity::ReviewVerification>>,
    relations: Option<BTreeSet<entity::ReviewerRelation>>,
    /// Condition on the origin.
    origin: Option<&'static str>,
    order: ReviewOrder,
    after: Option<(i64, i64)>,
    limit: usize,
}

impl ReviewPage {
    /// Column that holds the owner of the reviews.
    fn owner(&self) -> Column {
        match self.of {
            ReviewOwner::Course => Column::CourseId,
            ReviewOwner::Account | ReviewOwner::AccountForStaff => Column::AccountId,
        }
    }
}

/// Returns a page of the published reviews of a course. The caller must be able to see the course.
pub(super) async fn of_course(
    ctx: &Context<'_>,
    course: i64,
    filter: ReviewFilter,
    order: ReviewOrder,
    page: PageArguments,
) -> Result<Connection<Review>> {
    if let Some(wrong) = filter.rating.iter().flatten().position(|stars| !(1..=5).contains(stars)) {
        return Err(AppError::input(format!("filter.rating.{wrong}"), "must be 1 to 5"));
    }
    let question = ReviewPage {
        ratings: filter.rating.map(|any| any.into_iter().collect()),
        verifications: filter.verification.map(|any| any.into_iter().map(Into::into).collect()),
        relations: filter.relation.map(|any| any.into_iter().map(Into::into).collect()),
        origin: Some(RecordOrigin::condition(filter.origin.as_deref())),
        ..ReviewPage::whole(ReviewOwner::Course, order)
    };
    question.load(ctx, course, "reviews", page).await
}

/// Returns a page of the reviews by an account, newest first. Everyone who may see the account may call it; reviews of
/// courses that are not public are left out, except for staff.
pub async fn of_account(ctx: &Context<'_>, account: i64, page: PageArguments) -> Result<Connection<Review>> {
    let of = if ctx.caller().is_staff() { ReviewOwner::AccountForStaff } else { ReviewOwner::Account };
    ReviewPage::whole(of, ReviewOrder::Newest).load(ctx, account, "account.reviews", page).await
}

impl ReviewPage {
    /// First page, without conditions.
    fn whole(of: ReviewOwner, order: ReviewOrder) -> Self {
        Self { of, ratings: None, verifications: None, relations: None, origin: None, order, after: None, limit: 0 }
    }

    async fn load(
        mut self,
        ctx: &Context<'_>,
        owner: i64,
        list: &str,
        page: PageArguments,
    ) -> Result<Connection<Review>> {
        let list = format!("{list}:{}", self.order.name());
        let page = page.check(&list)?;
        (self.after, self.limit) = (page.after.as_ref().map(cursor_position).transpose()?, page.limit);
        let order = self.order;
        let rows = ctx.load((owner, self)).await?.unwrap_or_default();
        let ids: Vec<RowId<review::Entity>> = rows.iter().map(|(id, _)| (PhantomData, *id)).collect();
        let reviews = ctx.load_all(ids).await?;
        let reviews: HashMap<i64, Review> = reviews.into_iter().map(|row| (row.id, Review(row))).collect();
        let edge = |(id, _): &(i64, RowPosition)| {
            let node = reviews.get(id)?.clone();
            let key = Key::Number(order.key_of(&node.0));
            Some(Edge { cursor: Cursor { list: list.clone(), key, id: *id }, node })
        };
        Ok(page_of(&rows, |(_, position)| *position, edge))
    }
}

impl ReviewOrder {
    /// Name of the order in cursors, which clients keep.
    fn name(self) -> &'static str {
        match self {
            ReviewOrder::Newest => "Newest",
            ReviewOrder::Oldest => "Oldest",
            ReviewOrder::Highest => "Highest",
            ReviewOrder::Lowest => "Lowest",
            ReviewOrder::MostHelpful => "MostHelpful",
        }
    }

    /// Column to sort by, and the direction.
    fn sort(self) -> (Column, Direction) {
        match self {
            ReviewOrder::Newest => (Column::CreatedAt, Direction::Desc),
            ReviewOrder::Oldest => (Column::CreatedAt, Direction::Asc),
            ReviewOrder::Highest => (Column::Rating, Direction::Desc),
            ReviewOrder::Lowest => (Column::Rating, Direction::Asc),
            ReviewOrder::MostHelpful => (Column::HelpfulCount, Direction::Desc),
        }
    }

    /// Sort key of a review as it is stored in a cursor. Times are in microseconds, the precision of the database.
    fn key_of(self, row: &review::Model) -> i64 {
        match self {
            ReviewOrder::Newest | ReviewOrder::Oldest => row.created_at.timestamp_micros(),
            ReviewOrder::Highest | ReviewOrder::Lowest => row.rating.into(),
            ReviewOrder::MostHelpful => row.helpful_count.into(),
        }
    }

    /// Sort key as a value that the database can compare.
    fn stored(self, key: i64) -> Option<Value> {
        match self {
            ReviewOrder::Newest | ReviewOrder::Oldest => DateTime::from_timestamp_micros(key).map(Value::from),
            ReviewOrder::Highest | ReviewOrder::Lowest | ReviewOrder::MostHelpful => Some(key.into()),
        }
    }
}

/// Reads the sort key and the row ID of a cursor.
pub(super) fn cursor_position(cursor: &Cursor) -> Result<(i64, i64)> {
    match cursor.key {
        Key::Number(key) => Ok((key, cursor.id)),
        Key::Absent | Key::Text(_) => Err(AppError::input("after", "is not a cursor of this list")),
    }
}

/// SQL condition, valid in both databases, that everyone can see the course of a review.
fn is_seen() -> String {
    format!(
        "exists (select 1 from course join provider on provider.id = course.provider_id \
         where course.id = review.course_id and course.status <> 'DRAFT' and provider.status not in {NOT_PUBLIC})"
    )
}

impl Paged for ReviewPage {
    /// ID of a review and its position.
    type Row = (i64, RowPosition);

    fn select(&self, db: &ReadPool, owners: Vec<i64>) -> SelectStatement {
        let (owner, order) = (self.owner(), self.order);
        // Literals instead of parameters: the partial indexes on published reviews match only this text.
        let condition = match self.of {
            ReviewOwner::Course => Some("status = 'PUBLISHED'".to_owned()),
            ReviewOwner::Account => Some(is_seen()),
            ReviewOwner::AccountForStaff => None,
        };
        let mut rows = Query::select();
        rows.columns([Column::Id, owner]).from(review::Entity);
        rows.and_where(in_ids(db, owner.into_column_ref(), owners)).and_where_option(condition.map(Expr::cust));
        rows.and_where_option(self.ratings.clone().map(|any| Column::Rating.is_in(any)));
        rows.and_where_option(self.verifications.clone().map(|any| Column::Verification.is_in(any)));
        rows.and_where_option(self.origin.map(Expr::cust));
        rows.and_where_option(self.relations.clone().map(|any| Column::Relation.is_in(any)));
        let (column, direction) = order.sort();
        let by = ListOrder { owner: owner.as_str(), key: Expr::col(column), id: "id", direction };
        let after = self.after.and_then(|(key, id)| Some((order.stored(key)?, id)));
        pages(rows, by, after, self.limit)
    }

    fn read(&self, row: &QueryResult) -> Result<(i64, Self::Row)> {
        let owner = row.try_get("", self.owner().as_str())?;
        Ok((owner, (row.try_get("", "id")?, RowPosition::read(row)?)))
    }
}

#[cfg(test)]
mod tests {
    use super::ReviewOrder::*;

    #[test]
    fn the_names_in_cursors_stay() {
        let names = [Newest, Oldest, Highest, Lowest, MostHelpful].map(|order| order.name());
        assert_eq!(names, ["Newest", "Oldest", "Highest", "Lowest", "MostHelpful"]);
    }
}
