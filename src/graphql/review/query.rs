//! The moderation queue of reviews. Does not belong here: the reviews of a course, which are fields of the course.

use async_graphql::{Context, Object};
use catalog::database::Database;
use catalog::error::AppError;
use chrono::DateTime;
use entity::review::{self, Column};
use entity::{ReviewStatus as Stored, review_report};
use sea_orm::sea_query::{Condition, Expr, Query};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use search::paging;
use search::paging::cursor::{Cursor, Key};
use search::paging::page::PageArguments;

use super::enums::ReviewStatus;
use super::list::cursor_position;
use super::types::Review;
use crate::graphql::connection::Connection;
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;

const LIST: &str = "queue";

/// Queries for reviews.
#[derive(Default)]
pub struct ReviewQuery;

#[Object]
impl ReviewQuery {
    /// Returns the reviews of all courses for moderation, oldest first. Staff only; null for everyone else. Without
    /// arguments, returns the reviews that are `PENDING`.
    async fn reviews(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Statuses, any of which a review may have.")] status: Option<Vec<ReviewStatus>>,
        #[graphql(desc = "Whether a review must have open reports (true) or must have none (false).")] reported: Option<
            bool,
        >,
        #[graphql(desc = "Number of items to return, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page starts.")] after: Option<String>,
    ) -> Option<Result<Connection<Review>>> {
        if !ctx.caller().is_staff() {
            return None;
        }
        let status = status.map(|any| any.into_iter().map(Stored::from).collect());
        Some(queue(ctx, condition(status, reported), PageArguments::forward(first, after)).await)
    }
}

fn condition(status: Option<Vec<Stored>>, reported: Option<bool>) -> Condition {
    use review_report::Column as Report;
    let open = Query::select()
        .column(Report::ReviewId)
        .from(review_report::Entity)
        .and_where(Report::ClosedAt.is_null())
        .take();
    let reports =
        reported.map(|reported| if reported { Column::Id.in_subquery(open) } else { Column::Id.not_in_subquery(open) });
    let status = status.or_else(|| reported.is_none().then(|| vec![Stored::Pending]));
    let by_index = status.as_deref().and_then(index_condition).map(Expr::cust);
    Condition::all().add_option(reports).add_option(by_index).add_option(status.map(|any| Column::Status.is_in(any)))
}

/// Predicate implied by the status condition, spelled as in the definition of the partial index so that the planner
/// picks it.
fn index_condition(status: &[Stored]) -> Option<&'static str> {
    match status {
        [Stored::Published] => Some("status = 'PUBLISHED'"),
        any if any.contains(&Stored::Published) => None,
        _ => Some("status <> 'PUBLISHED'"),
    }
}

async fn queue(ctx: &Context<'_>, condition: Condition, page: PageArguments) -> Result<Connection<Review>> {
    let page = page.check(LIST)?;
    let all = review::Entity::find().filter(condition);
    let after = page.after.as_ref().map(after).transpose()?;
    let rows = all.clone().filter(Condition::all().add_option(after));
    let rows = rows.order_by_asc(Column::CreatedAt).order_by_asc(Column::Id).limit(page.limit as u64 + 1);
    let db = &ctx.data_unchecked::<Database>().primary;
    let (total, mut rows) = futures_util::try_join!(all.count(db), rows.all(db))?;
    let has_next = rows.len() > page.limit;
    rows.truncate(page.limit);
    let edge = |row: review::Model| {
        let key = Key::Number(row.created_at.timestamp_micros());
        paging::Edge { cursor: Cursor { list: LIST.to_owned(), key, id: row.id }, node: Review(row.into()) }
    };
    let edges = rows.into_iter().map(edge).collect();
    Ok(paging::Connection { edges, has_next, has_previous: page.after.is_some(), total: total as usize }.into())
}

/// Condition for the rows after a cursor.
fn after(cursor: &Cursor) -> Result<Condition> {
    let (key, id) = cursor_position(cursor)?;
    let at = DateTime::from_timestamp_micros(key);
    let at = at.ok_or_else(|| AppError::input("after", "is not a cursor of this list"))?;
    let same = Condition::all().add(Column::CreatedAt.eq(at)).add(Column::Id.gt(id));
    Ok(Condition::any().add(Column::CreatedAt.gt(at)).add(same))
}
