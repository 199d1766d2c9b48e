//! Mutations of review authors.

use async_graphql::{Context, ID, InputObject, Object};
use catalog::account::Accounts;
use catalog::auth::{Mutation, permit};
use catalog::error::AppError;
use catalog::review::emails;
use catalog::review::service::{self, EnrolmentQuestion};
use catalog::write::MutationOutcome;

use super::{ReviewPayload, context, review};
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, row_to_write};
use crate::graphql::mutation_ext::MutationExt;
use crate::graphql::review::enums::ReviewerRelation;
use crate::graphql::scalars::Date;
use crate::graphql::untyped_input::{DeferredScalar, UntypedInput};

/// Review to write. An update replaces the whole review.
#[derive(InputObject)]
pub struct ReviewInput {
    /// Overall rating of the course, 1 to 5 stars.
    pub rating: i32,
    /// Rating of the content, 1 to 5 stars. Null for no rating.
    pub curriculum: Option<i32>,
    /// Rating of the instructors, 1 to 5 stars. Null for no rating.
    pub instructors: Option<i32>,
    /// Rating of the help with finding a job, 1 to 5 stars. Null for no rating.
    pub job_support: Option<i32>,
    /// Title, one line of at most 200 characters. Null for no title.
    pub title: Option<String>,
    /// Text of the review: plain text of 20 to 5,000 characters. Markup is not interpreted.
    pub body: String,
    /// Author's relation to the course.
    pub relation: ReviewerRelation,
    /// Whether the author was offered or given something in return for the review.
    pub incentive: bool,
    /// Day on which the author finished the course. It must not be in the future. Null if they have not finished it or
    /// do not say. An `APPLICANT` must leave it out.
    pub completed_on: Option<DeferredScalar<Date>>,
}

/// Mutations of review authors.
#[derive(Default)]
pub struct ReviewAuthorMutation;

#[Object]
impl ReviewAuthorMutation {
    /// Creates a review of a published course. Requires sign-in. Each account can review a course once and write at
    /// most 20 reviews in 24 hours; members of the course's provider cannot review it. The review is `PENDING` until
    /// staff publish it, unless the catalogue is configured to publish automatically.
    async fn write_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the course.")] course: ID,
        #[graphql(desc = "Review to create.")] input: UntypedInput<ReviewInput>,
    ) -> Option<Result<ReviewPayload>> {
        let write = async {
            let course = row_to_write(NodeKind::Course, "course", "course", &course)?;
            service::write(ctx.primary(), &context(ctx, Mutation::WriteReview), course, &input.fields).await
        };
        Some(ReviewPayload::of(ctx, write.await).await)
    }

    /// Updates the caller's own review. The changed review goes through moderation again, like a new one, whatever its
    /// status was. If nothing differs, nothing is written.
    async fn update_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the review.")] id: ID,
        #[graphql(desc = "Version of the review that you read. If it has changed since, the user error is `STALE`.")]
        expected_version: i32,
        #[graphql(desc = "Complete review. An optional field that is left out is cleared.")] input: UntypedInput<
            ReviewInput,
        >,
    ) -> Option<Result<ReviewPayload>> {
        let update = async {
            let which = (review(&id)?, expected_version);
            service::update(ctx.primary(), &context(ctx, Mutation::UpdateReview), which, &input.fields).await
        };
        Some(ReviewPayload::of(ctx, update.await).await)
    }

    /// Deletes the caller's own review, including its votes and its reply. Staff can also delete an imported review.
    async fn delete_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the review.")] id: ID,
    ) -> Option<Result<ReviewPayload>> {
        let delete =
            async { service::delete(ctx.primary(), &context(ctx, Mutation::DeleteReview), review(&id)?).await };
        Some(ReviewPayload::of(ctx, delete.await).await)
    }

    /// Sends the author of a review an email with a link to the page `verify-review`. The link expires after one day,
    /// or when the next one is sent. Sends nothing if the review is already verified. Emails per address are limited;
    /// `RATE_LIMITED` states when to retry.
    async fn request_review_verification(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the review.")] id: ID,
    ) -> Option<Result<ReviewPayload>> {
        Some(request_verification(ctx, &id).await)
    }

    /// Verifies a review by `EMAIL`, and with it the email address that the link was sent to. A link works once.
    async fn verify_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Token from the link.")] token: String,
    ) -> Option<Result<ReviewPayload>> {
        let verify = async { service::verify(ctx.primary(), &context(ctx, Mutation::VerifyReview), &token).await };
        Some(ReviewPayload::of(ctx, verify.await).await)
    }

    /// Asks the course's provider whether the author of a review was enrolled. Possible once per review. The provider
    /// sees only what is passed here, and nothing of the review. If it confirms the enrolment, the review's
    /// verification becomes `ENROLMENT`.
    #[allow(clippy::too_many_arguments, reason = "each is a thing that the provider is told")]
    async fn request_enrolment_check(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the review.")] id: ID,
        #[graphql(desc = "Name by which the provider knows the author: one line of at most 200 characters.")]
        name: String,
        #[graphql(desc = "First day of the period of enrolment. It must not be in the future.")] from: Date,
        #[graphql(desc = "Last day of the period of enrolment.")] to: Date,
        #[graphql(
            desc = "Whether to share the email address of the author's account with the provider.",
            default = false
        )]
        with_email: bool,
    ) -> Option<Result<ReviewPayload>> {
        let ask = async {
            let question = EnrolmentQuestion { id: review(&id)?, name: &name, from: from.0, to: to.0, with_email };
            service::ask_check(ctx.primary(), &context(ctx, Mutation::RequestEnrolmentCheck), question).await
        };
        Some(ReviewPayload::of(ctx, ask.await).await)
    }
}

async fn request_verification(ctx: &Context<'_>, id: &ID) -> Result<ReviewPayload> {
    let (accounts, id) = (ctx.data_unchecked::<Accounts>(), review(id)?);
    let context = context(ctx, Mutation::RequestReviewVerification);
    permit(ctx.caller(), context.mutation, None)?;
    let account = ctx.caller().account().ok_or(AppError::Forbidden)?;
    let to = accounts.count_letter(account, ctx.request().client).await?;
    let outcome = service::ask_verification(ctx.primary(), &context, id).await?;
    let (current, secret) = outcome.current.unzip();
    if let Some(secret) = secret.flatten() {
        accounts.send_link("verify-review", &secret.reveal(), |link: &str| emails::verify(&to, link));
    }
    let outcome = MutationOutcome { current, errors: outcome.errors, position: outcome.position };
    ReviewPayload::of(ctx, Ok(outcome)).await
}
