//! Mutations on offerings.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};

use super::types::Offering;
use crate::course::CoursePayload;
use crate::course::fields::OfferingInput;
use crate::course::service::{self, Errand};
use crate::error::Result;
use crate::graphql::context::InRequest;
use crate::graphql::ids::{NodeKind, row_to_write};
use crate::graphql::payload::UserError;
use crate::graphql::raw::Raw;
use crate::graphql::writing::Writing;

/// What has come of a mutation on an offering.
#[derive(SimpleObject)]
pub struct OfferingPayload {
    /// The offering as it is now, also where the mutation was refused; null where there is none.
    pub offering: Option<Offering>,
    /// What is wrong with the request, all of it; where there is anything, nothing was written.
    pub user_errors: Vec<UserError>,
}

/// Mutations on offerings.
#[derive(Default)]
pub struct OfferingMutation;

/// Mutations on offerings.
#[Object]
impl OfferingMutation {
    /// Adds an offering to a course, of which there are at most 200, or puts another in the place of one that is there.
    /// It raises the course's version too. For editors and owners of the course's provider, its own systems and staff.
    async fn save_offering(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The course's global id.")] course: ID,
        #[graphql(desc = "The offering's global id; a new one where it is not given.")] id: Option<ID>,
        #[graphql(desc = "The version of the offering that was read, with its id: another one now is STALE.")]
        expected_version: Option<i32>,
        #[graphql(desc = "The offering, whole.")] input: Raw<OfferingInput>,
    ) -> Option<Result<OfferingPayload>> {
        Some(save(ctx, &course, id.as_ref(), expected_version, input).await)
    }

    /// Takes an offering away; the answer holds its course, whose version it raises too. For editors and owners of the
    /// course's provider, its own systems and staff.
    async fn remove_offering(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The offering's global id.")] id: ID,
        #[graphql(desc = "The version of the offering that was read: another one now is STALE.")] expected_version: i32,
    ) -> Option<Result<CoursePayload>> {
        Some(remove(ctx, &id, expected_version).await)
    }
}

async fn save(
    ctx: &Context<'_>,
    course: &ID,
    id: Option<&ID>,
    version: Option<i32>,
    input: Raw<OfferingInput>,
) -> Result<OfferingPayload> {
    let course = row_to_write(NodeKind::Course, "course", "course", course)?;
    let known = |id| row_to_write(NodeKind::Offering, "offering", "id", id);
    let which = (id.map(known).transpose()?, version);
    let writer = ctx.writer(false);
    let errand = Errand { writer: &writer, caller: ctx.caller(), mutation: "saveOffering" };
    let saved = service::save_offering(ctx.primary(), &errand, course, which, &input.fields).await?;
    ctx.written(saved.position).await;
    let user_errors = saved.faults.into_iter().map(UserError::from).collect();
    Ok(OfferingPayload { offering: saved.now.map(Arc::new).map(Offering), user_errors })
}

async fn remove(ctx: &Context<'_>, id: &ID, version: i32) -> Result<CoursePayload> {
    let id = row_to_write(NodeKind::Offering, "offering", "id", id)?;
    let writer = ctx.writer(false);
    let errand = Errand { writer: &writer, caller: ctx.caller(), mutation: "removeOffering" };
    let saved = service::remove_offering(ctx.primary(), &errand, id, version).await?;
    Ok(CoursePayload::of(ctx, saved).await)
}
