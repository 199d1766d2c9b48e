//! Reviews as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::{ReviewStatus as Stored, review};

use super::checks::EnrolmentCheck;
use super::decisions::{ReviewDecision, ReviewReport};
use super::enums::{ReviewStatus, ReviewVerification, ReviewerRelation};
use super::loader::{DecisionsOf, ReplyTo, ReportsOf, ReviewId, Vote};
use crate::account::Account;
use crate::auth::Caller;
use crate::course::Course;
use crate::error::{AppError, Result};
use crate::graphql::context::InRequest;
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::loaders::Load;
use crate::graphql::scalars::{Date, DateTime};

/// Reports and decisions of one review that are shown: the newest.
const SHOWN: usize = 100;
/// Whom a review is by whose author has left.
const GONE: &str = "Former member";

/// What a learner says of a course.
#[derive(Clone)]
pub struct Review(pub Arc<review::Model>);

impl Review {
    /// The review of this row, where the caller may see it.
    pub async fn visible(ctx: &Context<'_>, id: i64) -> Result<Option<Self>> {
        let Some(row) = ctx.load(ReviewId(id)).await? else { return Ok(None) };
        Self::shown(ctx, row).await
    }

    /// A review, where the caller may see it: everyone who sees the course sees a published one, its author and staff any.
    pub(super) async fn shown(ctx: &Context<'_>, row: Arc<review::Model>) -> Result<Option<Self>> {
        if row.status != Stored::Published && !knows_inside(&row, ctx.caller()) {
            return Ok(None);
        }
        Ok(Course::load(ctx, row.course_id).await?.map(|_| Review(row)))
    }

    /// Whether the caller sees what only its author and staff see.
    fn is_inside(&self, ctx: &Context<'_>) -> bool {
        knows_inside(&self.0, ctx.caller())
    }
}

fn knows_inside(row: &review::Model, caller: &Caller) -> bool {
    caller.is_staff() || row.account_id.is_some() && row.account_id == caller.account()
}

/// What a learner says of a course.
#[Object]
impl Review {
    /// Its global id.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Review, self.0.id)
    }

    /// The course.
    async fn course(&self, ctx: &Context<'_>) -> Result<Course> {
        let course = Course::load(ctx, self.0.course_id).await?;
        course.ok_or_else(|| AppError::internal("a review whose course cannot be seen"))
    }

    /// The author's display name as it is now; "Former member" where they have left.
    async fn author(&self, ctx: &Context<'_>) -> Result<String> {
        let name = match self.0.account_id {
            Some(account) => Account::name_of(ctx, account).await?,
            None => None,
        };
        Ok(name.unwrap_or_else(|| GONE.to_owned()))
    }

    /// How good the course is all in all, 1 to 5 stars.
    async fn rating(&self) -> i32 {
        self.0.rating
    }

    /// How good its content is, 1 to 5; null where the author does not say.
    async fn curriculum(&self) -> Option<i32> {
        self.0.curriculum
    }

    /// How good its instructors are, 1 to 5; null where the author does not say.
    async fn instructors(&self) -> Option<i32> {
        self.0.instructors
    }

    /// How good its help with finding a job is, 1 to 5; null where the author does not say.
    async fn job_support(&self) -> Option<i32> {
        self.0.job_support
    }

    /// A headline; null where there is none.
    async fn title(&self) -> Option<&str> {
        self.0.title.as_deref()
    }

    /// What the author has to say: plain text of 20 to 5,000 characters. Markup in it is text: never put it into a page as
    /// HTML.
    async fn body(&self) -> &str {
        &self.0.body
    }

    /// What is known of whether the author took the course.
    async fn verification(&self) -> ReviewVerification {
        self.0.verification.into()
    }

    /// What the author is to the course, as they say.
    async fn relation(&self) -> ReviewerRelation {
        self.0.relation.into()
    }

    /// Whether the author was offered something for the review, as they say.
    async fn incentive(&self) -> bool {
        self.0.incentive
    }

    /// The day on which the author finished the course, as they say; null where not stated.
    async fn completed_on(&self) -> Option<Date> {
        self.0.completed_on.map(Date)
    }

    /// Whether it is shown.
    async fn status(&self) -> ReviewStatus {
        self.0.status.into()
    }

    /// What the provider says to it; null where nothing.
    async fn reply(&self, ctx: &Context<'_>) -> Option<Result<ReviewReply>> {
        let reply = ctx.load(ReplyTo(self.0.id)).await.transpose()?;
        Some(reply.map(|row| ReviewReply {
            body: row.body.clone(),
            created_at: DateTime(row.created_at),
            updated_at: DateTime(row.updated_at),
        }))
    }

    /// How many people found it helpful.
    async fn helpful_count(&self) -> i32 {
        self.0.helpful_count
    }

    /// Whether the caller found it helpful; null for those who have no account.
    async fn found_helpful(&self, ctx: &Context<'_>) -> Option<Result<bool>> {
        let account = ctx.caller().account()?;
        Some(ctx.load(Vote { review: self.0.id, account }).await.map(|vote| vote.is_some()))
    }

    /// When it was written.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When its author last changed it.
    async fn updated_at(&self) -> DateTime {
        DateTime(self.0.updated_at)
    }

    /// Raised with every change of the review, its status or its verification, from 1; not by votes and replies.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// What staff have decided of it, the newest first, at most 100; for its author and staff only, null for everyone else.
    async fn moderation(&self, ctx: &Context<'_>) -> Option<Result<Vec<ReviewDecision>>> {
        if !self.is_inside(ctx) {
            return None;
        }
        let rows = ctx.load(DecisionsOf(self.0.id)).await;
        Some(rows.map(|rows| rows.unwrap_or_default().into_iter().take(SHOWN).map(ReviewDecision).collect()))
    }

    /// What was reported of it, the newest first, at most 100; for staff only, null for everyone else.
    async fn reports(&self, ctx: &Context<'_>) -> Option<Result<Vec<ReviewReport>>> {
        if !ctx.caller().is_staff() {
            return None;
        }
        let rows = ctx.load(ReportsOf(self.0.id)).await;
        Some(rows.map(|rows| rows.unwrap_or_default().into_iter().take(SHOWN).map(ReviewReport).collect()))
    }

    /// What the provider was asked of the author's enrolment, and what it has answered; for its author and staff only, null
    /// for everyone else and where it was not asked.
    async fn enrolment_check(&self, ctx: &Context<'_>) -> Option<Result<EnrolmentCheck>> {
        if !self.is_inside(ctx) {
            return None;
        }
        EnrolmentCheck::of(ctx, self.0.id).await.transpose()
    }
}

/// What the provider says to a review.
#[derive(SimpleObject)]
pub struct ReviewReply {
    /// Plain text of at most 5,000 characters. Markup in it is text: never put it into a page as HTML.
    body: String,
    /// When it was written.
    created_at: DateTime,
    /// When it was last changed.
    updated_at: DateTime,
}
