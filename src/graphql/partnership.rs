//! Partnerships: the type, its lists and mutations.

mod loader;

use std::sync::Arc;

use async_graphql::{Context, Description, Enum, ID, Object, SimpleObject};
use catalog::partnership::service;
use entity::partnership;

use crate::graphql::connection::Listed;
use crate::graphql::context::ContextExt;
use crate::graphql::course::Course;
use crate::graphql::enums::shown;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, global_id, row_to_write};
use crate::graphql::loaders::Load;
use crate::graphql::mutation_ext::MutationExt;
use crate::graphql::payload::UserError;
use crate::graphql::provider::Provider;
use crate::graphql::scalars::DateTime;

pub use loader::partnerships;

shown! {
    /// Whether a provider agrees to be shown with a course of another provider.
    PartnershipStatus = "entity::PartnershipStatus" {
        /// The course names the provider, which has not decided yet. Only both sides and staff see the link.
        Proposed,
        /// The provider has agreed. Everyone sees the link.
        Accepted,
        /// The provider has declined. Only both sides and staff see the link. Naming the provider again does not create
        /// a new proposal.
        Declined,
    }
}

/// Consent of a provider to be shown with a course of another provider, as its partner or as the provider of one of its
/// units. There is one per course and provider, visible to the members of both providers and to staff.
#[derive(Clone, Description)]
pub struct Partnership {
    row: Arc<partnership::Model>,
    course: Course,
}

impl Listed for Partnership {
    const NAME: &'static str = "Partnership";
}

impl Partnership {
    /// Returns the partnership of this row if the caller may see its course and is inside one of the two providers.
    pub async fn visible(ctx: &Context<'_>, id: i64) -> Result<Option<Self>> {
        let Some(row) = ctx.load_row::<partnership::Entity>(id).await? else { return Ok(None) };
        Self::of(ctx, row).await
    }

    /// Like [`Self::visible`], for a row that is already loaded.
    async fn of(ctx: &Context<'_>, row: Arc<partnership::Model>) -> Result<Option<Self>> {
        let course = Course::load(ctx, row.course_id).await?;
        let inside = |provider| ctx.caller().can_see_private(provider);
        let seen = course.filter(|course| inside(row.provider_id) || inside(course.0.provider_id));
        Ok(seen.map(|course| Self { row, course }))
    }
}

#[Object(use_type_description)]
impl Partnership {
    /// Global ID of the partnership.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Partnership, self.row.id)
    }

    /// Course that names the partner, itself or in one of its units.
    async fn course(&self) -> &Course {
        &self.course
    }

    /// Provider that is asked to agree.
    async fn partner(&self, ctx: &Context<'_>) -> Result<Provider> {
        Provider::of(ctx, self.row.provider_id).await
    }

    /// Whether the partner agrees.
    async fn status(&self) -> PartnershipStatus {
        self.row.status.into()
    }

    /// Time when the course first named the partner.
    async fn proposed_at(&self) -> DateTime {
        DateTime(self.row.created_at)
    }

    /// Time when the partner last decided. Null while the partnership is PROPOSED.
    async fn decided_at(&self) -> Option<DateTime> {
        self.row.decided_at.map(DateTime)
    }
}

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
    let outcome = service::decide(ctx.primary(), &ctx.writer(false), ctx.caller(), id, accept).await;
    let (row, user_errors) = ctx.finish(outcome).await?;
    let partnership = match row {
        Some(row) => Partnership::of(ctx, Arc::new(row)).await?,
        None => None,
    };
    Ok(PartnershipPayload { partnership, user_errors })
}
