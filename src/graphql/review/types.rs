//! The GraphQL types of reviews.

use std::sync::Arc;

use async_graphql::{Context, Description, ID, Object, SimpleObject};
use catalog::error::AppError;
use entity::{ReviewStatus as Stored, review, review_moderation, review_report};

use super::checks::EnrolmentCheck;
use super::enums::{ReportReason, ReviewStatus, ReviewVerification, ReviewerRelation};
use super::loader::{CheckFor, DecisionsOf, ReplyTo, ReportsOf, Vote};
use crate::graphql::account::Account;
use crate::graphql::connection::Listed;
use crate::graphql::context::ContextExt;
use crate::graphql::course::Course;
use crate::graphql::error::Result;
use crate::graphql::history::name_of;
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::loaders::Load;
use crate::graphql::scalars::{Date, DateTime, WebAddress};

/// Maximum number of reports and decisions listed per review.
const MAX_SHOWN: usize = 100;
/// Author name of reviews whose author has deleted their account.
const FORMER_MEMBER: &str = "Former member";
/// Author name of imported reviews whose source names none.
const ANONYMOUS: &str = "Anonymous";

/// Review of a course by a learner.
#[derive(Clone, Description)]
pub struct Review(pub Arc<review::Model>);

impl Listed for Review {
    const NAME: &'static str = "Review";
}

impl Review {
    /// Loads a review if the caller may see it.
    pub async fn visible(ctx: &Context<'_>, id: i64) -> Result<Option<Self>> {
        let Some(row) = ctx.load_row::<review::Entity>(id).await? else { return Ok(None) };
        Self::shown(ctx, row).await
    }

    /// Returns a review if the caller may see it. Published reviews are visible to everyone who can see the course,
    /// others to their author and staff.
    pub(super) async fn shown(ctx: &Context<'_>, row: Arc<review::Model>) -> Result<Option<Self>> {
        let review = Review(row);
        if review.0.status != Stored::Published && !review.shows_private_fields(ctx) {
            return Ok(None);
        }
        Ok(Course::load(ctx, review.0.course_id).await?.map(|_| review))
    }

    /// Whether the caller may see what is reserved to the author and staff.
    fn shows_private_fields(&self, ctx: &Context<'_>) -> bool {
        let caller = ctx.caller();
        caller.is_staff() || self.0.account_id.is_some() && self.0.account_id == caller.account()
    }
}

#[Object(use_type_description)]
impl Review {
    /// Global ID of the review.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Review, self.0.id)
    }

    /// Reviewed course.
    async fn course(&self, ctx: &Context<'_>) -> Result<Course> {
        let course = Course::load(ctx, self.0.course_id).await?;
        Ok(course.ok_or_else(|| AppError::internal("a review whose course cannot be seen"))?)
    }

    /// Current display name of the author, or "Former member" if the author deleted their account. For an imported
    /// review, the name that its source gives the author, or "Anonymous" if it gives none.
    async fn author(&self, ctx: &Context<'_>) -> Result<String> {
        if self.0.source_key.is_some() {
            return Ok(self.0.source_author.clone().unwrap_or_else(|| ANONYMOUS.to_owned()));
        }
        let name = match self.0.account_id {
            Some(account) => Account::name_of(ctx, account).await?,
            None => None,
        };
        Ok(name.unwrap_or_else(|| FORMER_MEMBER.to_owned()))
    }

    /// Overall rating of the course, 1 to 5 stars.
    async fn rating(&self) -> i32 {
        self.0.rating
    }

    /// Rating of the content, 1 to 5 stars. Null if the author did not rate it.
    async fn curriculum(&self) -> Option<i32> {
        self.0.curriculum
    }

    /// Rating of the instructors, 1 to 5 stars. Null if the author did not rate them.
    async fn instructors(&self) -> Option<i32> {
        self.0.instructors
    }

    /// Rating of the help with finding a job, 1 to 5 stars. Null if the author did not rate it.
    async fn job_support(&self) -> Option<i32> {
        self.0.job_support
    }

    /// Title of the review. Null if it has none.
    async fn title(&self) -> Option<&str> {
        self.0.title.as_deref()
    }

    /// Text of the review: plain text of 20 to 5,000 characters. Markup in it is not interpreted; never insert it into
    /// a page as HTML.
    async fn body(&self) -> &str {
        &self.0.body
    }

    /// Site that staff imported the review from. Null if the review was written here. An imported review counts in no
    /// rating and is never verified.
    async fn source(&self) -> Option<ReviewSource> {
        let row = &self.0;
        let (name, url, external_key) = (row.source_name.clone()?, row.source_url.clone()?, row.source_key.clone()?);
        let written_on = Date(row.created_at.date_naive());
        Some(ReviewSource { name, url: WebAddress(url), external_key, author: row.source_author.clone(), written_on })
    }

    /// Evidence that the author took the course. `NONE` for every imported review.
    async fn verification(&self) -> ReviewVerification {
        self.0.verification.into()
    }

    /// Author's relation to the course, as the author or the source states it.
    async fn relation(&self) -> ReviewerRelation {
        self.0.relation.into()
    }

    /// Whether the author was offered or given something in return for the review, as the author or the source states
    /// it.
    async fn incentive(&self) -> bool {
        self.0.incentive
    }

    /// Day on which the author finished the course, as the author states it. Null if not stated.
    async fn completed_on(&self) -> Option<Date> {
        self.0.completed_on.map(Date)
    }

    /// Moderation status of the review.
    async fn status(&self) -> ReviewStatus {
        self.0.status.into()
    }

    /// Reply of the provider. Null if there is none.
    async fn reply(&self, ctx: &Context<'_>) -> Option<Result<ReviewReply>> {
        let reply = ctx.load(ReplyTo(self.0.id)).await.transpose()?;
        let reply = reply.map(|row| ReviewReply {
            body: row.body.clone(),
            created_at: DateTime(row.created_at),
            updated_at: DateTime(row.updated_at),
        });
        Some(reply.map_err(Into::into))
    }

    /// Number of people who marked the review as helpful.
    async fn helpful_count(&self) -> i32 {
        self.0.helpful_count
    }

    /// Whether the caller marked the review as helpful. Null for callers without an account.
    async fn found_helpful(&self, ctx: &Context<'_>) -> Option<Result<bool>> {
        let account = ctx.caller().account()?;
        let vote = ctx.load(Vote { review: self.0.id, account }).await;
        Some(vote.map(|vote| vote.is_some()).map_err(Into::into))
    }

    /// Time at which the review was written. For an imported review, the start of the day (UTC) on which it was.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Time at which the author last changed the review, or an import did.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// Version of the review, starting at 1 and incremented when its content, status or verification changes. Votes and
    /// replies do not count. Pass it as `expectedVersion` when you update.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// Moderation decisions on the review, newest first, at most 100. Only the author and staff see them; null for
    /// everyone else.
    async fn moderation(&self, ctx: &Context<'_>) -> Option<Result<Vec<ReviewDecision>>> {
        if !self.shows_private_fields(ctx) {
            return None;
        }
        let rows = ctx.load(DecisionsOf(self.0.id)).await.map_err(Into::into);
        Some(rows.map(|rows| rows.unwrap_or_default().into_iter().take(MAX_SHOWN).map(ReviewDecision).collect()))
    }

    /// Reports of the review, newest first, at most 100. Only staff see them; null for everyone else.
    async fn reports(&self, ctx: &Context<'_>) -> Option<Result<Vec<ReviewReport>>> {
        if !ctx.caller().is_staff() {
            return None;
        }
        let rows = ctx.load(ReportsOf(self.0.id)).await.map_err(Into::into);
        Some(rows.map(|rows| rows.unwrap_or_default().into_iter().take(MAX_SHOWN).map(ReviewReport).collect()))
    }

    /// Enrolment check of the author and the provider's answer. Only the author and staff see it; null for everyone
    /// else, and if the provider was not asked.
    async fn enrolment_check(&self, ctx: &Context<'_>) -> Option<Result<EnrolmentCheck>> {
        if !self.shows_private_fields(ctx) {
            return None;
        }
        let check = ctx.load(CheckFor(self.0.id)).await.map_err(Into::into).transpose()?;
        Some(check.map(EnrolmentCheck))
    }
}

/// Site that a review was imported from.
#[derive(SimpleObject)]
pub struct ReviewSource {
    /// Name of the site, e.g. "Course Report".
    name: String,
    /// Address of the original, or of the site.
    url: WebAddress,
    /// Key of the original at the site.
    external_key: String,
    /// Name that the site gives the author. Null if it gives none.
    author: Option<String>,
    /// Day on which the original was written.
    written_on: Date,
}

/// Reply of the provider to a review.
#[derive(SimpleObject)]
pub struct ReviewReply {
    /// Text of the reply: plain text of at most 5,000 characters. Markup in it is not interpreted; never insert it into
    /// a page as HTML.
    body: String,
    /// Time at which the reply was written.
    created_at: DateTime,
    /// Time at which the reply was last changed.
    updated_at: DateTime,
}

/// Moderation decision on a review. Decisions are kept permanently.
#[derive(Description)]
pub struct ReviewDecision(Arc<review_moderation::Model>);

#[Object(use_type_description)]
impl ReviewDecision {
    /// Time of the decision.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Status of the review before the decision.
    async fn from(&self) -> ReviewStatus {
        self.0.from_status.into()
    }

    /// Status of the review after the decision.
    async fn to(&self) -> ReviewStatus {
        self.0.to_status.into()
    }

    /// Reason for the decision.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// Name of the person who decided. Only staff see it; null for everyone else.
    async fn by(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        if !ctx.caller().is_staff() {
            return None;
        }
        Some(name_of(ctx, &self.0.moderator).await.map_err(Into::into))
    }
}

/// Report of a problem with a review.
#[derive(Description)]
pub struct ReviewReport(Arc<review_report::Model>);

#[Object(use_type_description)]
impl ReviewReport {
    /// Kind of problem.
    async fn reason(&self) -> ReportReason {
        self.0.reason.into()
    }

    /// Problem in the reporter's own words. Null if they did not describe it.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Display name of the reporter. Null if the account was deleted.
    async fn by(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        Account::name_of(ctx, self.0.account_id?).await.transpose()
    }

    /// Time of the report.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Time at which staff decided on the review. Null while the report is open.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }
}
