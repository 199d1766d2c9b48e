//! Mutations on courses.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use entity::course;

use super::fields::{CourseInput, CoursePatch};
use super::service::{self, Change, Errand};
use super::types::Course;
use crate::error::Result;
use crate::graphql::context::InRequest;
use crate::graphql::ids::{NodeKind, row_to_write};
use crate::graphql::payload::UserError;
use crate::graphql::raw::Raw;
use crate::graphql::scalars::DateTime;
use crate::graphql::writing::Writing;
use crate::notice::Notices;
use crate::write::Saved;

/// What has come of a mutation on a course.
#[derive(SimpleObject)]
pub struct CoursePayload {
    /// The course as it is now, also where the mutation was refused; null where there is none.
    pub course: Option<Course>,
    /// What is wrong with the request, all of it; where there is anything, nothing was written.
    pub user_errors: Vec<UserError>,
}

impl CoursePayload {
    /// Waits until the write is served, and shows the course as it was written.
    pub async fn of(ctx: &Context<'_>, saved: Saved<course::Model>) -> Self {
        ctx.written(saved.position).await;
        let user_errors = saved.faults.into_iter().map(UserError::from).collect();
        Self { course: saved.now.map(Arc::new).map(Course), user_errors }
    }
}

/// Mutations on courses.
#[derive(Default)]
pub struct CourseMutation;

/// Mutations on courses.
#[Object]
impl CourseMutation {
    /// Makes a course with all that hangs on it, as a draft: it is seen by the provider's members and staff only, until
    /// it is published. For editors and owners of the provider, its own systems and staff.
    async fn create_course(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who offers it: the provider's global id.")] provider: ID,
        #[graphql(desc = "The course.")] input: Raw<CourseInput>,
        #[graphql(desc = "Only checks everything and writes nothing; course is null then.", default = false)]
        validate_only: bool,
    ) -> Option<Result<CoursePayload>> {
        Some(create(ctx, &provider, input, validate_only).await)
    }

    /// Changes a course. For editors and owners of its provider, its own systems and staff.
    async fn update_course(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The course's global id.")] id: ID,
        #[graphql(desc = "The version that was read: another one now is STALE.")] expected_version: i32,
        #[graphql(desc = "What is to change.")] input: Raw<CoursePatch>,
        #[graphql(desc = "Only checks everything and writes nothing; course is as it is then.", default = false)]
        validate_only: bool,
    ) -> Option<Result<CoursePayload>> {
        let change = Change::Fields(input.fields);
        Some(edit(ctx, "updateCourse", &id, expected_version, (change, validate_only)).await)
    }

    /// Publishes a course, now or at a time; only of an ACTIVE provider. One that is published stays so, and a retired
    /// one has to be made a draft first. For editors and owners of its provider, its own systems and staff.
    async fn publish_course(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The course's global id.")] id: ID,
        #[graphql(desc = "The version that was read: another one now is STALE.")] expected_version: i32,
        #[graphql(desc = "When, at most two years ahead; now where it is not given or not in the future.")] at: Option<
            DateTime,
        >,
    ) -> Option<Result<CoursePayload>> {
        let change = Change::Publish(at.map(|at| at.0));
        Some(edit(ctx, "publishCourse", &id, expected_version, (change, false)).await)
    }

    /// Makes a course a draft again, a retired one too, and calls off a publishing that was scheduled. For editors and
    /// owners of its provider, its own systems and staff.
    async fn unpublish_course(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The course's global id.")] id: ID,
        #[graphql(desc = "The version that was read: another one now is STALE.")] expected_version: i32,
    ) -> Option<Result<CoursePayload>> {
        Some(edit(ctx, "unpublishCourse", &id, expected_version, (Change::Withdraw, false)).await)
    }

    /// Retires a course that is or was published: from then on it is found by slug or id and nowhere else. For editors
    /// and owners of its provider, its own systems and staff.
    async fn retire_course(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The course's global id.")] id: ID,
        #[graphql(desc = "The version that was read: another one now is STALE.")] expected_version: i32,
        #[graphql(desc = "Why, in at most 2,000 characters; members and staff read it in the history.")] reason: Option<
            String,
        >,
    ) -> Option<Result<CoursePayload>> {
        Some(edit(ctx, "retireCourse", &id, expected_version, (Change::Retire(reason), false)).await)
    }

    /// Deletes a draft that never was public, with all that hangs on it. Anything else is retired instead. Courses that
    /// name it as a unit or prerequisite lose that link. Afterwards `course` is null and the ID leads nowhere. Allowed for
    /// editors and owners of its provider, its own systems and staff.
    async fn delete_course(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the course.")] id: ID,
        #[graphql(desc = "Version that was read. Another version now is the user error STALE.")] expected_version: i32,
    ) -> Option<Result<CoursePayload>> {
        Some(delete(ctx, &id, expected_version).await)
    }
}

async fn delete(ctx: &Context<'_>, id: &ID, version: i32) -> Result<CoursePayload> {
    let id = row_to_write(NodeKind::Course, "course", "id", id)?;
    let writer = ctx.writer(false);
    let errand = Errand { writer: &writer, caller: ctx.caller(), mutation: "deleteCourse" };
    let saved = super::delete::delete(ctx.primary(), &errand, id, version).await?;
    Ok(CoursePayload::of(ctx, saved).await)
}

async fn create(
    ctx: &Context<'_>,
    provider: &ID,
    input: Raw<CourseInput>,
    validate_only: bool,
) -> Result<CoursePayload> {
    let provider = row_to_write(NodeKind::Provider, "provider", "provider", provider)?;
    let writer = ctx.writer(validate_only);
    let errand = Errand { writer: &writer, caller: ctx.caller(), mutation: "createCourse" };
    let saved = service::create(ctx.primary(), &errand, provider, &input.fields).await?;
    Ok(CoursePayload::of(ctx, saved).await)
}

async fn edit(
    ctx: &Context<'_>,
    mutation: &'static str,
    id: &ID,
    version: i32,
    (change, validate_only): (Change, bool),
) -> Result<CoursePayload> {
    let id = row_to_write(NodeKind::Course, "course", "id", id)?;
    let writer = ctx.writer(validate_only);
    let errand = Errand { writer: &writer, caller: ctx.caller(), mutation };
    let saved = service::edit(ctx.primary(), &errand, id, version, &change).await?;
    if saved.position.is_some() {
        ctx.data_unchecked::<Notices>().partnerships();
    }
    Ok(CoursePayload::of(ctx, saved).await)
}
