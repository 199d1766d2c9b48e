//! Pages of outcome reports, latest period first. One statement with a window function serves all courses or providers
//! that ask for the same page.

use std::sync::Arc;

use async_graphql::Context;
use catalog::database::pages::{ListOrder, RowPosition, page_of, pages};
use catalog::database::{ReadPool, in_ids};
use catalog::dictionary::Provider;
use catalog::error::{AppError, Result};
use chrono::NaiveDate;
use entity::{ListingStatus, course, outcome_report};
use sea_orm::sea_query::{Alias, Asterisk, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{FromQueryResult, QueryResult};
use search::paging::cursor::{Cursor, Key};
use search::paging::list::Direction;
use search::paging::page::PageArguments;
use search::paging::{Connection, Edge};

use super::types::OutcomeReport;
use crate::graphql::context::ContextExt;
use crate::graphql::course::Course;
use crate::graphql::enums::RecordOrigin;
use crate::graphql::loaders::{Load, Paged};

/// Kind of owner whose reports to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum ReportOwner {
    Course,
    Provider,
}

impl ReportOwner {
    /// Name of the list in its cursors.
    fn list(self) -> &'static str {
        match self {
            ReportOwner::Course => "course.outcomeReports",
            ReportOwner::Provider => "provider.outcomeReports",
        }
    }
}

/// Page of reports to load.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct ReportPage {
    of: ReportOwner,
    /// Whether to include withdrawn reports and reports on courses that are in no list.
    inside: bool,
    /// Condition on the origin.
    origin: &'static str,
    after: Option<(NaiveDate, i64)>,
    limit: usize,
}

/// Returns a page of the reports on a course.
pub(super) async fn of_course(
    ctx: &Context<'_>,
    course: &Course,
    origin: Option<&[RecordOrigin]>,
    page: PageArguments,
) -> Result<Connection<OutcomeReport>> {
    let inside = ctx.caller().can_see_private(course.0.provider_id);
    page_for(ctx, Some(course.0.id), (ReportOwner::Course, inside, origin), page).await
}

/// Returns a page of the reports on a provider's courses. Empty for the public if the provider is in no list.
pub async fn of_provider(
    ctx: &Context<'_>,
    provider: &Provider,
    origin: Option<&[RecordOrigin]>,
    page: PageArguments,
) -> Result<Connection<OutcomeReport>> {
    let inside = ctx.caller().can_see_private(provider.row.id);
    let shown = inside || provider.is_listed();
    page_for(ctx, shown.then_some(provider.row.id), (ReportOwner::Provider, inside, origin), page).await
}

/// Returns a page of an owner's reports. Without an owner, the page is empty.
async fn page_for(
    ctx: &Context<'_>,
    owner: Option<i64>,
    (of, inside, origin): (ReportOwner, bool, Option<&[RecordOrigin]>),
    page: PageArguments,
) -> Result<Connection<OutcomeReport>> {
    let page = page.check(of.list())?;
    let after = page.after.as_ref().map(cursor_position).transpose()?;
    let page = ReportPage { of, inside, origin: RecordOrigin::condition(origin), after, limit: page.limit };
    let rows = match owner {
        Some(owner) => ctx.load((owner, page)).await?.unwrap_or_default(),
        None => Vec::new(),
    };
    Ok(page_of(&rows, |(_, position)| *position, |(report, _)| Some(edge(of, report))))
}

fn edge(of: ReportOwner, report: &Arc<outcome_report::Model>) -> Edge<OutcomeReport> {
    let key = Key::Text(report.period_end.to_string());
    let cursor = Cursor { list: of.list().to_owned(), key, id: report.id };
    Edge { cursor, node: OutcomeReport(report.clone()) }
}

fn cursor_position(cursor: &Cursor) -> Result<(NaiveDate, i64)> {
    let wrong = || AppError::input("after", "is not a cursor of this list");
    match &cursor.key {
        Key::Text(date) => Ok((date.parse().map_err(|_| wrong())?, cursor.id)),
        Key::Absent | Key::Number(_) => Err(wrong()),
    }
}

impl Paged for ReportPage {
    type Row = (Arc<outcome_report::Model>, RowPosition);

    fn select(&self, db: &ReadPool, owners: Vec<i64>) -> SelectStatement {
        let rows = Query::select().column(Asterisk).from_subquery(self.owned(db, owners), Alias::new("owned")).take();
        let key = Expr::col(outcome_report::Column::PeriodEnd);
        let by = ListOrder { owner: "owner_id", key, id: "id", direction: Direction::Desc };
        let after = self.after.map(|(date, id)| (date.into(), id));
        pages(rows, by, after, self.limit)
    }

    fn read(&self, row: &QueryResult) -> Result<(i64, Self::Row)> {
        let report = Arc::new(outcome_report::Model::from_query_result(row, "")?);
        Ok((row.try_get("", "owner_id")?, (report, RowPosition::read(row)?)))
    }
}

impl ReportPage {
    /// Selects the reports of these owners, each with its owner.
    fn owned(&self, db: &ReadPool, owners: Vec<i64>) -> SelectStatement {
        let (report, listing) = (outcome_report::Entity, course::Entity);
        let course_id = (report, outcome_report::Column::CourseId);
        let owner = match self.of {
            ReportOwner::Course => (listing, course::Column::Id),
            ReportOwner::Provider => (listing, course::Column::ProviderId),
        };
        let mut rows = Query::select();
        rows.column((report, Asterisk))
            .expr_as(Expr::col(owner), Alias::new("owner_id"))
            .from(report)
            .inner_join(listing, Expr::col((listing, course::Column::Id)).equals(course_id))
            .and_where(in_ids(db, owner, owners))
            .and_where(Expr::cust(self.origin));
        if !self.inside {
            rows.and_where(Expr::col((report, outcome_report::Column::WithdrawnAt)).is_null());
        }
        // Visibility of a course is checked on the course itself. Below a provider, only published courses count.
        if !self.inside && self.of == ReportOwner::Provider {
            rows.and_where(Expr::col((listing, course::Column::Status)).eq(ListingStatus::Published));
        }
        rows
    }
}
