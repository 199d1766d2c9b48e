//! Mutations of offerings.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use catalog::auth::Mutation;
use catalog::course::service;
use catalog::course::service::MutationContext;

use super::types::Offering;
use crate::graphql::context::ContextExt;
use crate::graphql::course::CoursePayload;
use crate::graphql::course::fields::OfferingInput;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, row_to_write};
use crate::graphql::mutation_ext::MutationExt;
use crate::graphql::payload::UserError;
use crate::graphql::untyped_input::UntypedInput;

/// Result of a mutation of an offering.
#[derive(SimpleObject)]
pub struct OfferingPayload {
    /// Offering after the mutation. If the mutation was refused, the offering as it is stored. Null if there is none.
    pub offering: Option<Offering>,
    /// All errors of the request. If there are any, nothing was written.
    pub user_errors: Vec<UserError>,
}

/// Mutations of offerings.
#[derive(Default)]
pub struct OfferingMutation;

/// Mutations of offerings.
#[Object]
impl OfferingMutation {
    /// Adds an offering to a course, or replaces an existing one. Also increments the version of the course. A course
    /// has at most 200 offerings; more is the user error LIMIT. Allowed for editors and owners of the course's
    /// provider, its service tokens, and staff.
    async fn save_offering(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the course.")] course: ID,
        #[graphql(desc = "Global ID of the offering to replace. If left out, a new offering is added.")] id: Option<ID>,
        #[graphql(
            desc = "Version of the offering that you read. Required with `id`, and only allowed with it. If the \
                    offering has changed since, the user error is STALE."
        )]
        expected_version: Option<i32>,
        #[graphql(desc = "The offering. It replaces the stored one as a whole.")] input: UntypedInput<OfferingInput>,
    ) -> Option<Result<OfferingPayload>> {
        Some(save(ctx, &course, id.as_ref(), expected_version, input).await)
    }

    /// Removes an offering and returns its course. Also increments the version of the course. Allowed for editors and
    /// owners of the course's provider, its service tokens, and staff.
    async fn remove_offering(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the offering.")] id: ID,
        #[graphql(desc = "Version of the offering that you read. If it has changed since, the user error is STALE.")]
        expected_version: i32,
    ) -> Option<Result<CoursePayload>> {
        Some(remove(ctx, &id, expected_version).await)
    }
}

async fn save(
    ctx: &Context<'_>,
    course: &ID,
    id: Option<&ID>,
    version: Option<i32>,
    input: UntypedInput<OfferingInput>,
) -> Result<OfferingPayload> {
    let course = row_to_write(NodeKind::Course, "course", "course", course)?;
    let known = |id| row_to_write(NodeKind::Offering, "offering", "id", id);
    let which = (id.map(known).transpose()?, version);
    let writer = ctx.writer(false);
    let context = MutationContext { writer: &writer, caller: ctx.caller(), mutation: Mutation::SaveOffering };
    let outcome = service::save_offering(ctx.primary(), &context, course, which, &input.fields).await?;
    ctx.wait_until_served(outcome.position).await;
    let user_errors = outcome.errors.into_iter().map(UserError::from).collect();
    Ok(OfferingPayload { offering: outcome.current.map(Arc::new).map(Offering), user_errors })
}

async fn remove(ctx: &Context<'_>, id: &ID, version: i32) -> Result<CoursePayload> {
    let id = row_to_write(NodeKind::Offering, "offering", "id", id)?;
    let writer = ctx.writer(false);
    let context = MutationContext { writer: &writer, caller: ctx.caller(), mutation: Mutation::RemoveOffering };
    let outcome = service::remove_offering(ctx.primary(), &context, id, version).await?;
    Ok(CoursePayload::of(ctx, outcome).await)
}
