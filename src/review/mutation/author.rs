//! What authors do with their reviews.

use async_graphql::{Context, ID, Object};

use super::{ReviewPayload, errand, review};
use crate::account::Accounts;
use crate::auth::permit;
use crate::error::{AppError, Result};
use crate::graphql::context::InRequest;
use crate::graphql::ids::{NodeKind, row_to_write};
use crate::graphql::raw::Raw;
use crate::graphql::scalars::Date;
use crate::graphql::writing::Writing;
use crate::review::inputs::ReviewInput;
use crate::review::letters;
use crate::review::service::{self, Asked};
use crate::write::Saved;

/// Mutations of authors.
#[derive(Default)]
pub struct ReviewAuthorMutation;

/// Mutations of authors.
#[Object]
impl ReviewAuthorMutation {
    /// Writes a review of a published course. Everybody who has signed in may, once a course and at most 20 times in 24
    /// hours, unless they are members of its provider. It is PENDING until staff publish it, where the catalogue is not set
    /// to publish by itself.
    async fn write_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The course's global id.")] course: ID,
        #[graphql(desc = "The review.")] input: Raw<ReviewInput>,
    ) -> Option<Result<ReviewPayload>> {
        let write = async {
            let course = row_to_write(NodeKind::Course, "course", "course", &course)?;
            service::write(ctx.primary(), &errand(ctx, "writeReview"), course, &input.fields).await
        };
        Some(ReviewPayload::of(ctx, write.await).await)
    }

    /// Changes one's own review. One that staff had published, rejected or removed has to pass as a new one does. To say
    /// what it says already writes nothing.
    async fn update_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The review's global id.")] id: ID,
        #[graphql(desc = "The version that was read: another one now is STALE.")] expected_version: i32,
        #[graphql(desc = "The review, whole: a field that is left out is not stated any more.")] input: Raw<
            ReviewInput,
        >,
    ) -> Option<Result<ReviewPayload>> {
        let update = async {
            let which = (review(&id)?, expected_version);
            service::update(ctx.primary(), &errand(ctx, "updateReview"), which, &input.fields).await
        };
        Some(ReviewPayload::of(ctx, update.await).await)
    }

    /// Deletes one's own review, with its votes and its reply.
    async fn delete_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The review's global id.")] id: ID,
    ) -> Option<Result<ReviewPayload>> {
        let delete = async { service::delete(ctx.primary(), &errand(ctx, "deleteReview"), review(&id)?).await };
        Some(ReviewPayload::of(ctx, delete.await).await)
    }

    /// Sends the author of a review a link to the page verify-review, good for a day and until the next one is sent, unless
    /// the review is verified. Letters to an address are limited: RATE_LIMITED says when to come again.
    async fn request_review_verification(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The review's global id.")] id: ID,
    ) -> Option<Result<ReviewPayload>> {
        Some(request_verification(ctx, &id).await)
    }

    /// Takes a review for verified by EMAIL, and the address that its link was sent to.
    async fn verify_review(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The token from the link.")] token: String,
    ) -> Option<Result<ReviewPayload>> {
        let verify = async { service::verify(ctx.primary(), &errand(ctx, "verifyReview"), &token).await };
        Some(ReviewPayload::of(ctx, verify.await).await)
    }

    /// Asks the course's provider whether the author of a review was enrolled, once a review. The provider sees what is
    /// given here, and nothing of the review; if it says yes, the review is verified by ENROLMENT.
    #[allow(clippy::too_many_arguments, reason = "each is a thing that the provider is told")]
    async fn request_enrolment_check(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The review's global id.")] id: ID,
        #[graphql(desc = "The name that the provider knows the author by: one line of at most 200 characters.")]
        name: String,
        #[graphql(desc = "The first day of the time in which the author was enrolled, not in the future.")] from: Date,
        #[graphql(desc = "The last day of it.")] to: Date,
        #[graphql(desc = "Whether the provider is told the address of the author's account too.", default = false)]
        with_email: bool,
    ) -> Option<Result<ReviewPayload>> {
        let ask = async {
            let asked = Asked { id: review(&id)?, name: &name, from: from.0, to: to.0, with_email };
            service::ask_check(ctx.primary(), &errand(ctx, "requestEnrolmentCheck"), asked).await
        };
        Some(ReviewPayload::of(ctx, ask.await).await)
    }
}

async fn request_verification(ctx: &Context<'_>, id: &ID) -> Result<ReviewPayload> {
    let (accounts, id) = (ctx.data_unchecked::<Accounts>(), review(id)?);
    let errand = errand(ctx, "requestReviewVerification");
    permit(ctx.caller(), errand.mutation, None)?;
    let account = ctx.caller().account().ok_or(AppError::Forbidden)?;
    let to = accounts.count_letter(account, ctx.request().client).await?;
    let saved = service::ask_verification(ctx.primary(), &errand, id).await?;
    let (now, secret) = saved.now.unzip();
    if let Some(secret) = secret.flatten() {
        accounts.send_link("verify-review", &secret.reveal(), |link: &str| letters::verify(&to, link));
    }
    ReviewPayload::of(ctx, Ok(Saved { now, faults: saved.faults, position: saved.position })).await
}
