//! What others do with reviews: readers, the provider, staff.

use async_graphql::{Context, ID, Object, SimpleObject};

use super::{ReviewPayload, errand, review};
use crate::error::Result;
use crate::graphql::ids::{NodeKind, row_to_write};
use crate::graphql::payload::UserError;
use crate::graphql::writing::Writing;
use crate::review::checks::EnrolmentCheck;
use crate::review::enums::{ReportReason, ReviewStatus};
use crate::review::service::{self, Answered, Decision, Report};

/// What has become of a question whether somebody was enrolled.
#[derive(SimpleObject)]
pub struct EnrolmentCheckPayload {
    /// The question as it is now, also where the mutation was refused.
    check: Option<EnrolmentCheck>,
    /// What is wrong with the request; where there is anything, nothing was written.
    user_errors: Vec<UserError>,
}

/// Mutations of those who read reviews.
#[derive(Default)]
pub struct ReviewReaderMutation;

/// Mutations of those who read reviews.
#[Object]
impl ReviewReaderMutation {
    /// Says that a published review helps, or takes that back. Everybody who has signed in may, once a review, unless it is
    /// their own or they are members of the course's provider. To say what one has said already writes nothing.
    async fn mark_review_helpful(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The review's global id.")] id: ID,
        #[graphql(desc = "Whether it helps.")] helpful: bool,
    ) -> Option<Result<ReviewPayload>> {
        let vote =
            async { service::vote(ctx.primary(), &errand(ctx, "markReviewHelpful"), review(&id)?, helpful).await };
        Some(ReviewPayload::of(ctx, vote.await).await)
    }

    /// Replies to a published review in the name of the course's provider, or puts another reply in the place of the one
    /// there is. Editors and owners of the provider may, and its own systems; to everybody else, staff too, it is FORBIDDEN.
    async fn reply_to_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The review's global id.")] id: ID,
        #[graphql(desc = "Plain text of 1 to 5,000 characters.")] body: String,
    ) -> Option<Result<ReviewPayload>> {
        let reply = async { service::reply(ctx.primary(), &errand(ctx, "replyToReview"), review(&id)?, &body).await };
        Some(ReviewPayload::of(ctx, reply.await).await)
    }

    /// Tells staff what is wrong with a published review. Everybody who has signed in may, once a review and at most 50
    /// times in 24 hours, unless it is their own. It stays shown until staff decide.
    async fn report_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The review's global id.")] id: ID,
        #[graphql(desc = "Of what kind it is.")] reason: ReportReason,
        #[graphql(desc = "What it is, in at most 2,000 characters; needed with OTHER.")] note: Option<String>,
    ) -> Option<Result<ReviewPayload>> {
        let report = async {
            let report = Report { id: review(&id)?, reason: reason.into(), note: note.as_deref() };
            service::report(ctx.primary(), &errand(ctx, "reportReview"), report).await
        };
        Some(ReviewPayload::of(ctx, report.await).await)
    }

    /// Decides on a review, for staff: publishes or rejects one that is PENDING, removes one that is PUBLISHED, publishes one
    /// that was REJECTED or REMOVED after all, or leaves a reported one PUBLISHED. Whatever was reported of it is settled
    /// then. Nobody decides on their own.
    async fn moderate_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The review's global id.")] id: ID,
        #[graphql(desc = "What it is to be.")] status: ReviewStatus,
        #[graphql(desc = "Why, in 1 to 2,000 characters. It stays on record; the author and staff read it.")]
        reason: String,
    ) -> Option<Result<ReviewPayload>> {
        let moderate = async {
            let decision = Decision { id: review(&id)?, status: status.into(), reason: &reason };
            service::moderate(ctx.primary(), &errand(ctx, "moderateReview"), decision).await
        };
        Some(ReviewPayload::of(ctx, moderate.await).await)
    }

    /// Answers whether somebody was enrolled, in the name of the course's provider. Its editors and owners may, and its own
    /// systems; staff may not. An answer is not undone.
    async fn answer_enrolment_check(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The question's global id.")] id: ID,
        #[graphql(desc = "Whether the person was enrolled in the course at that time.")] enrolled: bool,
    ) -> Option<Result<EnrolmentCheckPayload>> {
        Some(answer(ctx, &id, enrolled).await)
    }
}

async fn answer(ctx: &Context<'_>, id: &ID, enrolled: bool) -> Result<EnrolmentCheckPayload> {
    let id = row_to_write(NodeKind::EnrolmentCheck, "enrolment check", "id", id)?;
    let errand = errand(ctx, "answerEnrolmentCheck");
    let saved = service::answer_check(ctx.primary(), &errand, Answered { id, enrolled }).await?;
    ctx.written(saved.position).await;
    let check = saved.now.map(|row| EnrolmentCheck(row.into()));
    Ok(EnrolmentCheckPayload { check, user_errors: UserError::whole(saved.faults) })
}
