//! Mutations on reviews by readers, providers and staff.

use async_graphql::{Context, ID, Object, SimpleObject};
use catalog::auth::Mutation;
use catalog::review::service::{self, ModerationDecision, ReportRequest};

use super::{ReviewPayload, context, review};
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, row_to_write};
use crate::graphql::mutation_ext::MutationExt;
use crate::graphql::payload::UserError;
use crate::graphql::review::checks::EnrolmentCheck;
use crate::graphql::review::enums::{ReportReason, ReviewStatus};

/// Result of a mutation on an enrolment check.
#[derive(SimpleObject)]
pub struct EnrolmentCheckPayload {
    /// Enrolment check after the mutation, or as it is stored if the mutation was refused.
    check: Option<EnrolmentCheck>,
    /// Validation errors. If there are any, nothing was written.
    user_errors: Vec<UserError>,
}

/// Mutations on reviews by readers, providers and staff.
#[derive(Default)]
pub struct ReviewReaderMutation;

#[Object]
impl ReviewReaderMutation {
    /// Marks a published review as helpful, or takes the mark back. Requires sign-in. Each account counts once per
    /// review. Authors cannot mark their own reviews, and members of the course's provider cannot mark any of its
    /// reviews. Repeating the current state writes nothing.
    async fn mark_review_helpful(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the review.")] id: ID,
        #[graphql(desc = "Whether the review is helpful.")] helpful: bool,
    ) -> Option<Result<ReviewPayload>> {
        let vote = async {
            service::vote(ctx.primary(), &context(ctx, Mutation::MarkReviewHelpful), review(&id)?, helpful).await
        };
        Some(ReviewPayload::of(ctx, vote.await).await)
    }

    /// Creates or replaces the provider's reply to a published review. Requires an editor or owner of the course's
    /// provider, or one of its service tokens. For everyone else, including staff, the error is `FORBIDDEN`.
    async fn reply_to_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the review.")] id: ID,
        #[graphql(desc = "Text of the reply: plain text of 1 to 5,000 characters.")] body: String,
    ) -> Option<Result<ReviewPayload>> {
        let reply =
            async { service::reply(ctx.primary(), &context(ctx, Mutation::ReplyToReview), review(&id)?, &body).await };
        Some(ReviewPayload::of(ctx, reply.await).await)
    }

    /// Reports a published review to staff. Requires sign-in. Each account can report a review once and make at most 50
    /// reports in 24 hours; authors cannot report their own reviews. The review stays visible until staff decide.
    async fn report_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the review.")] id: ID,
        #[graphql(desc = "Kind of problem.")] reason: ReportReason,
        #[graphql(desc = "Description of the problem, at most 2,000 characters. Required if the reason is `OTHER`.")]
        note: Option<String>,
    ) -> Option<Result<ReviewPayload>> {
        let report = async {
            let report = ReportRequest { id: review(&id)?, reason: reason.into(), note: note.as_deref() };
            service::report(ctx.primary(), &context(ctx, Mutation::ReportReview), report).await
        };
        Some(ReviewPayload::of(ctx, report.await).await)
    }

    /// Decides on a review. Staff only. A `PENDING` review can be published or rejected, a `PUBLISHED` one removed, and
    /// a `REJECTED` or `REMOVED` one published after all. A reported review can also stay `PUBLISHED`. The decision
    /// closes all open reports of the review. Staff cannot decide on their own reviews, or on reviews of a provider
    /// that they are members of.
    async fn moderate_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the review.")] id: ID,
        #[graphql(desc = "New status of the review.")] status: ReviewStatus,
        #[graphql(desc = "Reason, 1 to 2,000 characters. It is kept permanently; the author and staff can read it.")]
        reason: String,
    ) -> Option<Result<ReviewPayload>> {
        let moderate = async {
            let decision = ModerationDecision { id: review(&id)?, status: status.into(), reason: &reason };
            service::moderate(ctx.primary(), &context(ctx, Mutation::ModerateReview), decision).await
        };
        Some(ReviewPayload::of(ctx, moderate.await).await)
    }

    /// Answers an enrolment check for the course's provider. Requires an editor or owner of the provider, or one of its
    /// service tokens; staff cannot answer. An answer is final.
    async fn answer_enrolment_check(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the enrolment check.")] id: ID,
        #[graphql(desc = "Whether the person was enrolled in the course during that period.")] enrolled: bool,
    ) -> Option<Result<EnrolmentCheckPayload>> {
        Some(answer(ctx, &id, enrolled).await)
    }
}

async fn answer(ctx: &Context<'_>, id: &ID, enrolled: bool) -> Result<EnrolmentCheckPayload> {
    let id = row_to_write(NodeKind::EnrolmentCheck, "enrolment check", "id", id)?;
    let context = context(ctx, Mutation::AnswerEnrolmentCheck);
    let outcome = service::answer_check(ctx.primary(), &context, id, enrolled).await;
    let (row, user_errors) = ctx.finish(outcome).await?;
    Ok(EnrolmentCheckPayload { check: row.map(|row| EnrolmentCheck(row.into())), user_errors })
}
