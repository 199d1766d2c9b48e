//! Mutations on partnerships.

use async_graphql::{Context, ID, Object, SimpleObject};
use catalog::partnership;

use super::types::Partnership;
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, row_to_write};
use crate::graphql::mutation_ext::MutationExt;
use crate::graphql::payload::UserError;

/// Result of a mutation on a partnership.
#[derive(SimpleObject)]
pub struct PartnershipPayload {
    /// Partnership after the mutation, changed or not. Null if the caller may not see it.
    partnership: Option<Partnership>,
    /// Problems with the input. If there are any, nothing was written.
    user_errors: Vec<UserError>,
}

/// Mutations on partnerships.
#[derive(Default)]
pub struct PartnershipMutation;

/// Mutations on partnerships.
#[Object]
impl PartnershipMutation {
    /// Accepts or declines a partnership on behalf of the partner, who can change the decision at any time. Allowed for
    /// editors and owners of the partner, its service tokens and staff.
    async fn decide_partnership(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the partnership.")] id: ID,
        #[graphql(desc = "True shows the link to everyone. False shows it to both sides and staff only.")] accept: bool,
    ) -> Option<Result<PartnershipPayload>> {
        Some(decide(ctx, &id, accept).await)
    }
}

async fn decide(ctx: &Context<'_>, id: &ID, accept: bool) -> Result<PartnershipPayload> {
    let id = row_to_write(NodeKind::Partnership, "partnership", "id", id)?;
    let outcome = partnership::decide(ctx.primary(), &ctx.writer(false), ctx.caller(), id, accept).await?;
    ctx.wait_until_served(outcome.position).await;
    let partnership = match outcome.current {
        Some(row) => Partnership::of(ctx, row).await?,
        None => None,
    };
    Ok(PartnershipPayload { partnership, user_errors: UserError::whole(outcome.errors) })
}
