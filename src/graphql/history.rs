//! The history of a listing: the change log as the members of its provider see it, newest change first.

mod actor;

use std::sync::Arc;

use async_graphql::{Context, Description, Object, SimpleObject};
use catalog::changelog::Action;
use catalog::database::pages::{ListOrder, RowPosition, page_of, pages};
use catalog::database::{ReadPool, in_ids};
use catalog::error::AppError;
use entity::{ListingType, change};
use sea_orm::sea_query::{Alias, Asterisk, Expr, Query, SelectStatement};
use sea_orm::{ColumnTrait, FromQueryResult, QueryResult};
use search::paging::Edge;
use search::paging::cursor::{Cursor, Key};
use search::paging::list::Direction;
use search::paging::page::PageArguments;
use serde_json::Value;

use crate::graphql::connection::{Connection, Listed};
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::loaders::{Load, Paged};
use crate::graphql::scalars::DateTime;
pub(crate) use actor::name_of;

const LIST: &str = "history";

/// Change of a listing.
#[derive(Description)]
pub struct HistoryEntry(Arc<change::Model>);

impl Listed for HistoryEntry {
    const NAME: &'static str = "History";
}

#[Object(use_type_description)]
impl HistoryEntry {
    /// Time of the change.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Who made the change: the name of the person, of the service token, or of the job of the catalogue.
    async fn by(&self, ctx: &Context<'_>) -> Result<String> {
        Ok(name_of(ctx, &self.0.actor).await?)
    }

    /// What was done, e.g. `course.create`, `course.update`, `course.publish`, `course.schedule`, `course.unpublish`,
    /// `course.retire`, `course.restore` or `outcome.publish`.
    async fn action(&self) -> &str {
        &self.0.action
    }

    /// Fields that the change affected, under their input names. Empty if the listing was created.
    async fn changes(&self) -> Vec<FieldChange> {
        let list = self.0.fields.as_ref().and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        list.iter().filter_map(FieldChange::read).collect()
    }
}

/// Value of a field before and after a change.
#[derive(SimpleObject)]
pub struct FieldChange {
    /// Name of the field.
    pub field: String,
    /// Value before the change, in the form of the input. Null if not stated.
    pub before: Option<Value>,
    /// Value after the change, in the form of the input. Null if not stated.
    pub after: Option<Value>,
}

impl FieldChange {
    fn read(entry: &Value) -> Option<Self> {
        let field = entry.get("field")?.as_str()?.to_owned();
        let stated = |name| entry.get(name).filter(|value| !value.is_null()).cloned();
        Some(Self { field, before: stated("before"), after: stated("after") })
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct HistoryPage {
    listing: ListingType,
    after: Option<i64>,
    limit: usize,
}

/// Returns a page of the history of a listing, if the caller is a member of its provider or staff.
pub async fn history(
    ctx: &Context<'_>,
    provider: i64,
    listing: (ListingType, i64),
    page: PageArguments,
) -> Option<Result<Connection<HistoryEntry>>> {
    if !ctx.caller().can_see_private(provider) {
        return None;
    }
    Some(page_of_history(ctx, listing, page).await)
}

async fn page_of_history(
    ctx: &Context<'_>,
    (listing, id): (ListingType, i64),
    page: PageArguments,
) -> Result<Connection<HistoryEntry>> {
    let page = page.check(LIST)?;
    let after = page.after.as_ref().map(position).transpose()?;
    let rows = ctx.load((id, HistoryPage { listing, after, limit: page.limit })).await?.unwrap_or_default();
    let edge = |(change, _): &(Arc<change::Model>, RowPosition)| {
        let cursor = Cursor { list: LIST.to_owned(), key: Key::Number(change.position), id: change.position };
        Some(Edge { cursor, node: HistoryEntry(change.clone()) })
    };
    Ok(page_of(&rows, |(_, position)| *position, edge).into())
}

fn position(cursor: &Cursor) -> Result<i64, AppError> {
    match cursor.key {
        Key::Number(position) => Ok(position),
        Key::Absent | Key::Text(_) => Err(AppError::input("after", "is not a cursor of this list")),
    }
}

impl Paged for HistoryPage {
    type Row = (Arc<change::Model>, RowPosition);

    fn select(&self, db: &ReadPool, listings: Vec<i64>) -> SelectStatement {
        let rows = Query::select()
            .column(Asterisk)
            .from(change::Entity)
            .and_where(change::Column::ListingType.eq(self.listing))
            .and_where(in_ids(db, change::Column::ListingId.as_column_ref(), listings))
            .and_where(change::Column::Action.is_not_in([Action::ReviewNote.name(), Action::ReviewRate.name()]))
            .take();
        let key = Expr::col(Alias::new("position"));
        let by = ListOrder { owner: "listing_id", key, id: "position", direction: Direction::Desc };
        let after = self.after.map(|position| (position.into(), position));
        pages(rows, by, after, self.limit)
    }

    fn read(&self, row: &QueryResult) -> Result<(i64, Self::Row), AppError> {
        let change = change::Model::from_query_result(row, "")?;
        Ok((change.listing_id, (Arc::new(change), RowPosition::read(row)?)))
    }
}
