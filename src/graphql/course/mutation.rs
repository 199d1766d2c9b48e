//! Mutations of courses.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use catalog::auth::Mutation;
use catalog::course::service;
use catalog::course::service::{CourseChange, MutationContext};
use catalog::notice::Notices;
use catalog::write::MutationOutcome;
use entity::course;

use super::fields::{CourseInput, CoursePatch};
use super::types::Course;
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, row_to_write};
use crate::graphql::mutation_ext::MutationExt;
use crate::graphql::payload::UserError;
use crate::graphql::scalars::DateTime;
use crate::graphql::untyped_input::UntypedInput;

/// Result of a mutation of a course.
#[derive(SimpleObject)]
pub struct CoursePayload {
    /// Course after the mutation. If the mutation was refused, the course as it is stored. Null if there is none.
    pub course: Option<Course>,
    /// All errors of the request. If there are any, nothing was written.
    pub user_errors: Vec<UserError>,
}

impl CoursePayload {
    /// Waits until the write is visible to readers, then returns the course as written.
    pub async fn of(ctx: &Context<'_>, outcome: MutationOutcome<course::Model>) -> Self {
        ctx.wait_until_served(outcome.position).await;
        let user_errors = outcome.errors.into_iter().map(UserError::from).collect();
        Self { course: outcome.current.map(Arc::new).map(Course), user_errors }
    }
}

/// Mutations of courses.
#[derive(Default)]
pub struct CourseMutation;

/// Mutations of courses.
#[Object]
impl CourseMutation {
    /// Creates a course as a draft, together with its offerings and links. A draft is visible only to the provider's
    /// members and service tokens, and to staff, until it is published. Allowed for editors and owners of the provider,
    /// its service tokens, and staff. Returns the user error LIMIT if the provider has as many drafts as it may.
    async fn create_course(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the provider that offers the course.")] provider: ID,
        #[graphql(desc = "Fields of the course.")] input: UntypedInput<CourseInput>,
        #[graphql(desc = "Validates the input without writing it. `course` is null.", default = false)]
        validate_only: bool,
    ) -> Option<Result<CoursePayload>> {
        Some(create(ctx, &provider, input, validate_only).await)
    }

    /// Updates a course. Allowed for editors and owners of the provider, its service tokens, and staff.
    async fn update_course(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the course.")] id: ID,
        #[graphql(desc = "Version of the course that you read. If it has changed since, the user error is STALE.")]
        expected_version: i32,
        #[graphql(desc = "Fields to change.")] input: UntypedInput<CoursePatch>,
        #[graphql(desc = "Validates the input without writing it. `course` is the stored course.", default = false)]
        validate_only: bool,
    ) -> Option<Result<CoursePayload>> {
        let change = CourseChange::Fields(input.fields);
        Some(edit(ctx, Mutation::UpdateCourse, &id, expected_version, (change, validate_only)).await)
    }

    /// Publishes a course, immediately or at a given time. The provider must be ACTIVE, otherwise the user error is
    /// NOT_ALLOWED. Publishing a published course changes nothing; scheduling one is NOT_ALLOWED, and so is publishing
    /// a retired course: call `unpublishCourse` first. Allowed for editors and owners of the provider, its service
    /// tokens, and staff.
    async fn publish_course(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the course.")] id: ID,
        #[graphql(desc = "Version of the course that you read. If it has changed since, the user error is STALE.")]
        expected_version: i32,
        #[graphql(
            desc = "Time of publication, at most two years ahead. If left out or not in the future, the course is \
                    published immediately."
        )]
        at: Option<DateTime>,
    ) -> Option<Result<CoursePayload>> {
        let change = CourseChange::Publish(at.map(|at| at.0));
        Some(edit(ctx, Mutation::PublishCourse, &id, expected_version, (change, false)).await)
    }

    /// Turns a published or retired course back into a draft, and cancels a scheduled publication. Allowed for editors
    /// and owners of the provider, its service tokens, and staff.
    async fn unpublish_course(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the course.")] id: ID,
        #[graphql(desc = "Version of the course that you read. If it has changed since, the user error is STALE.")]
        expected_version: i32,
    ) -> Option<Result<CoursePayload>> {
        Some(edit(ctx, Mutation::UnpublishCourse, &id, expected_version, (CourseChange::Withdraw, false)).await)
    }

    /// Retires a course that is or was published. It can still be found by slug or ID, but no longer appears in lists
    /// and searches. A course that was never published is the user error NOT_ALLOWED. Allowed for editors and owners of
    /// the provider, its service tokens, and staff.
    async fn retire_course(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the course.")] id: ID,
        #[graphql(desc = "Version of the course that you read. If it has changed since, the user error is STALE.")]
        expected_version: i32,
        #[graphql(desc = "Reason, at most 2,000 characters. The provider's members and staff see it in the history.")]
        reason: Option<String>,
    ) -> Option<Result<CoursePayload>> {
        Some(edit(ctx, Mutation::RetireCourse, &id, expected_version, (CourseChange::Retire(reason), false)).await)
    }

    /// Deletes a draft that was never public, together with its offerings and links. Courses that name it as a unit or
    /// prerequisite lose that link. Afterwards `course` is null and the ID no longer resolves. The user error is
    /// NOT_ALLOWED if the course is or was public (use `retireCourse`), or if a review or statistic refers to it.
    /// Allowed for editors and owners of the provider, its service tokens, and staff.
    async fn delete_course(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the course.")] id: ID,
        #[graphql(desc = "Version of the course that you read. If it has changed since, the user error is STALE.")]
        expected_version: i32,
    ) -> Option<Result<CoursePayload>> {
        Some(delete(ctx, &id, expected_version).await)
    }
}

async fn delete(ctx: &Context<'_>, id: &ID, version: i32) -> Result<CoursePayload> {
    let id = row_to_write(NodeKind::Course, "course", "id", id)?;
    let writer = ctx.writer(false);
    let context = MutationContext { writer: &writer, caller: ctx.caller(), mutation: Mutation::DeleteCourse };
    let outcome = catalog::course::delete::delete(ctx.primary(), &context, id, version).await?;
    Ok(CoursePayload::of(ctx, outcome).await)
}

async fn create(
    ctx: &Context<'_>,
    provider: &ID,
    input: UntypedInput<CourseInput>,
    validate_only: bool,
) -> Result<CoursePayload> {
    let provider = row_to_write(NodeKind::Provider, "provider", "provider", provider)?;
    let writer = ctx.writer(validate_only);
    let context = MutationContext { writer: &writer, caller: ctx.caller(), mutation: Mutation::CreateCourse };
    let outcome = service::create(ctx.primary(), &context, provider, &input.fields).await?;
    Ok(CoursePayload::of(ctx, outcome).await)
}

async fn edit(
    ctx: &Context<'_>,
    mutation: Mutation,
    id: &ID,
    version: i32,
    (change, validate_only): (CourseChange, bool),
) -> Result<CoursePayload> {
    let id = row_to_write(NodeKind::Course, "course", "id", id)?;
    let writer = ctx.writer(validate_only);
    let context = MutationContext { writer: &writer, caller: ctx.caller(), mutation };
    let outcome = service::edit(ctx.primary(), &context, id, version, &change).await?;
    if outcome.position.is_some() && change.concerns_partners() {
        ctx.data_unchecked::<Notices>().partnerships();
    }
    Ok(CoursePayload::of(ctx, outcome).await)
}
