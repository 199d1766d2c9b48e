//! Loads pages of the partnerships of a provider.

use std::sync::Arc;

use async_graphql::Context;
use catalog::database::pages::{ListOrder, RowPosition, page_of, pages};
use catalog::database::{ReadPool, in_ids};
use catalog::dictionary::NOT_PUBLIC;
use catalog::error::{AppError, Result};
use entity::{PartnershipStatus, course, partnership, provider};
use sea_orm::sea_query::{Alias, Asterisk, Expr, ExprTrait, Query, SelectStatement, UnionType};
use sea_orm::{FromQueryResult, JoinType, QueryResult};
use search::paging::cursor::{Cursor, Key};
use search::paging::list::Direction;
use search::paging::page::PageArguments;
use search::paging::{Connection, Edge};

use super::Partnership;
use crate::graphql::context::ContextExt;
use crate::graphql::loaders::{Load, Paged};

const LIST: &str = "partnerships";

/// Page of the partnerships of a provider.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct PartnershipPage {
    status: Option<Vec<PartnershipStatus>>,
    /// Whether to include drafts of other providers, as for staff.
    all: bool,
    after: Option<i64>,
    limit: usize,
}

/// Returns a page of the partnerships of a provider, newest first: those proposed to it and those that its own courses
/// propose. The caller must be allowed to see inside the provider.
pub async fn partnerships(
    ctx: &Context<'_>,
    provider: i64,
    status: Option<Vec<PartnershipStatus>>,
    page: PageArguments,
) -> Result<Connection<Partnership>> {
    let page = page.check(LIST)?;
    let after = page.after.as_ref().map(position).transpose()?;
    let key = PartnershipPage { status, all: ctx.caller().is_staff(), after, limit: page.limit };
    let rows = ctx.load((provider, key)).await?.unwrap_or_default();
    let nodes = rows.iter().map(|(row, _)| Partnership::of(ctx, row.clone()));
    let nodes = futures_util::future::try_join_all(nodes).await?;
    let rows: Vec<(Option<Partnership>, RowPosition)> =
        nodes.into_iter().zip(rows.into_iter().map(|(_, position)| position)).collect();
    let edge = |(node, _): &(Option<Partnership>, RowPosition)| {
        let node = node.clone()?;
        let id = node.row.id;
        Some(Edge { cursor: Cursor { list: LIST.to_owned(), key: Key::Number(id), id }, node })
    };
    Ok(page_of(&rows, |(_, position)| *position, edge))
}

fn position(cursor: &Cursor) -> Result<i64> {
    match cursor.key {
        Key::Number(id) => Ok(id),
        Key::Absent | Key::Text(_) => Err(AppError::input("after", "is not a cursor of this list")),
    }
}

impl Paged for PartnershipPage {
    type Row = (Arc<partnership::Model>, RowPosition);

    fn select(&self, db: &ReadPool, providers: Vec<i64>) -> SelectStatement {
        let mut asked = self.side("p", db, providers.clone());
        if !self.all {
            // Another provider's draft stays private until it is published.
            asked.and_where(Expr::cust(format!("c.status <> 'DRAFT' and o.status not in {NOT_PUBLIC}")));
        }
        let own = self.side("c", db, providers);
        asked.union(UnionType::All, own);
        let rows = Query::select().column(Asterisk).from_subquery(asked, Alias::new("sides")).take();
        let by =
            ListOrder { owner: "owner_id", key: Expr::col(Alias::new("id")), id: "id", direction: Direction::Desc };
        pages(rows, by, self.after.map(|id| (id.into(), id)), self.limit)
    }

    fn read(&self, row: &QueryResult) -> Result<(i64, Self::Row)> {
        let partnership = Arc::new(partnership::Model::from_query_result(row, "")?);
        Ok((row.try_get("", "owner_id")?, (partnership, RowPosition::read(row)?)))
    }
}

impl PartnershipPage {
    /// Selects the partnerships in which these providers are one side: the partner (table `p`) or the provider of the
    /// course (table `c`).
    fn side(&self, table: &'static str, db: &ReadPool, providers: Vec<i64>) -> SelectStatement {
        let col = |table: &'static str, column: &'static str| (Alias::new(table), Alias::new(column));
        let named_course = Expr::col(col("c", "id")).equals(col("p", "course_id"));
        let owner = Expr::col(col("o", "id")).equals(col("c", "provider_id"));
        let mut rows = Query::select();
        rows.column((Alias::new("p"), Asterisk))
            .expr_as(Expr::col(col(table, "provider_id")), Alias::new("owner_id"))
            .from_as(partnership::Entity, Alias::new("p"))
            .join_as(JoinType::InnerJoin, course::Entity, Alias::new("c"), named_course)
            .join_as(JoinType::InnerJoin, provider::Entity, Alias::new("o"), owner)
            .and_where(in_ids(db, col(table, "provider_id"), providers));
        if let Some(status) = &self.status {
            let any = status.iter().map(sea_orm::ActiveEnum::to_value);
            rows.and_where(Expr::col(col("p", "status")).is_in(any));
        }
        rows.take()
    }
}
