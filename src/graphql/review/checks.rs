//! Enrolment checks: a provider is asked whether somebody was enrolled. Nothing a provider sees here identifies the
//! review.

use std::sync::Arc;

use async_graphql::{Context, Description, ID, Object};
use catalog::database::pages::{ListOrder, RowPosition, page_of, pages};
use catalog::database::{ReadPool, in_ids};
use catalog::error::AppError;
use entity::enrolment_check::{self, Column};
use entity::review;
use sea_orm::sea_query::{Asterisk, Expr, Query, SelectStatement};
use sea_orm::{ColumnTrait, FromQueryResult, QueryResult};
use search::paging;
use search::paging::cursor::{Cursor, Key};
use search::paging::list::Direction;
use search::paging::page::PageArguments;

use super::list::cursor_position;
use crate::graphql::account::Account;
use crate::graphql::connection::{Connection, Listed};
use crate::graphql::context::ContextExt;
use crate::graphql::course::Course;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::loaders::{Load, Paged};
use crate::graphql::scalars::{Date, DateTime};

const LIST: &str = "enrolmentChecks";

/// Enrolment check: the question to a provider whether a person was enrolled in a course.
#[derive(Clone, Description)]
pub struct EnrolmentCheck(pub(super) Arc<enrolment_check::Model>);

impl Listed for EnrolmentCheck {
    const NAME: &'static str = "EnrolmentCheck";
}

impl EnrolmentCheck {
    /// Loads an enrolment check if the caller is a member of the provider, staff, or the author of the review.
    pub async fn visible(ctx: &Context<'_>, id: i64) -> Result<Option<Self>> {
        let Some(row) = ctx.load_row::<enrolment_check::Entity>(id).await? else { return Ok(None) };
        if ctx.caller().can_see_private(row.provider_id) {
            return Ok(Some(Self(row)));
        }
        let author = ctx.load_row::<review::Entity>(row.review_id).await?.and_then(|review| review.account_id);
        Ok((author.is_some() && author == ctx.caller().account()).then_some(Self(row)))
    }

    /// Returns the email address only while it is the verified address of the author's account, because a provider
    /// trusts what it sees here.
    async fn verified_email(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let Some(email) = &self.0.email else { return Ok(None) };
        let author = ctx.load_row::<review::Entity>(self.0.review_id).await?.and_then(|review| review.account_id);
        let Some(author) = author else { return Ok(None) };
        Ok(Account::has_verified(ctx, author, email).await?.then(|| email.clone()))
    }
}

#[Object(use_type_description)]
impl EnrolmentCheck {
    /// Global ID of the enrolment check.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::EnrolmentCheck, self.0.id)
    }

    /// Course that the question is about. Null if the caller can no longer see the course.
    async fn course(&self, ctx: &Context<'_>) -> Option<Result<Course>> {
        Course::load(ctx, self.0.course_id).await.map_err(Into::into).transpose()
    }

    /// Name by which the provider knows the person, as the person states it.
    async fn person_name(&self) -> &str {
        &self.0.person_name
    }

    /// Email address of the person. Null if the person chose not to share it, or has not verified it.
    async fn email(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        self.verified_email(ctx).await.transpose()
    }

    /// First day of the period of enrolment.
    async fn from(&self) -> Date {
        Date(self.0.from_date)
    }

    /// Last day of the period of enrolment.
    async fn to(&self) -> Date {
        Date(self.0.to_date)
    }

    /// Day on which the question was asked, as midnight UTC. The exact time is withheld because it could identify the
    /// review.
    async fn asked_at(&self) -> DateTime {
        DateTime(self.0.asked_at)
    }

    /// Time of the provider's answer. Null while the question is open.
    async fn answered_at(&self) -> Option<DateTime> {
        self.0.answered_at.map(DateTime)
    }

    /// Whether the person was enrolled, as the provider answered. Null while the question is open.
    async fn enrolled(&self) -> Option<bool> {
        self.0.enrolled
    }
}

/// Enrolment checks that a provider is asked to answer, by the row ID of the provider.
pub struct ProviderChecks(pub i64);

#[Object]
impl ProviderChecks {
    /// Open enrolment checks that the provider has to answer, oldest first. Only members of the provider and staff see
    /// them; null for everyone else.
    async fn enrolment_checks(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of items to return, 1 to 100. The default is 20.")] first: Option<i32>,
        #[graphql(desc = "Cursor after which the page starts.")] after: Option<String>,
    ) -> Option<Result<Connection<EnrolmentCheck>>> {
        if !ctx.caller().can_see_private(self.0) {
            return None;
        }
        Some(open(ctx, self.0, PageArguments::forward(first, after)).await)
    }
}

async fn open(ctx: &Context<'_>, provider: i64, page: PageArguments) -> Result<Connection<EnrolmentCheck>> {
    let page = page.check(LIST)?;
    let after = page.after.as_ref().map(cursor_position).transpose()?;
    let rows = ctx.load((provider, CheckPage { after, limit: page.limit })).await?.unwrap_or_default();
    let edge = |(row, _): &(Arc<enrolment_check::Model>, RowPosition)| {
        let key = Key::Number(row.asked_at.timestamp_micros());
        let cursor = Cursor { list: LIST.to_owned(), key, id: row.id };
        Some(paging::Edge { cursor, node: EnrolmentCheck(row.clone()) })
    };
    Ok(page_of(&rows, |(_, position)| *position, edge).into())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct CheckPage {
    after: Option<(i64, i64)>,
    limit: usize,
}

impl Paged for CheckPage {
    type Row = (Arc<enrolment_check::Model>, RowPosition);

    fn select(&self, db: &ReadPool, providers: Vec<i64>) -> SelectStatement {
        let rows = Query::select()
            .column(Asterisk)
            .from(enrolment_check::Entity)
            .and_where(in_ids(db, Column::ProviderId.as_column_ref(), providers))
            .and_where(Column::AnsweredAt.is_null())
            .take();
        let key = Expr::col(Column::AskedAt);
        let by = ListOrder { owner: "provider_id", key, id: "id", direction: Direction::Asc };
        let after = self.after.and_then(|(key, id)| {
            let asked_at = chrono::DateTime::from_timestamp_micros(key)?;
            Some((asked_at.into(), id))
        });
        pages(rows, by, after, self.limit)
    }

    fn read(&self, row: &QueryResult) -> Result<(i64, Self::Row), AppError> {
        let check = enrolment_check::Model::from_query_result(row, "")?;
        Ok((check.provider_id, (Arc::new(check), RowPosition::read(row)?)))
    }
}
