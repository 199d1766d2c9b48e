//! Mutations on outcome reports.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};

use super::inputs::OutcomeReportInput;
use super::service::{self, Written};
use super::types::OutcomeReport;
use crate::course::service::Errand;
use crate::error::Result;
use crate::graphql::context::InRequest;
use crate::graphql::ids::{NodeKind, row_to_write};
use crate::graphql::payload::UserError;
use crate::graphql::raw::Raw;
use crate::graphql::writing::Writing;

/// What has become of an outcome report.
#[derive(SimpleObject)]
pub struct OutcomeReportPayload {
    /// The report as it is now, also where it was not changed; null where there is none, since it was to be new.
    outcome_report: Option<OutcomeReport>,
    /// What is wrong with the input, all of it; where there is anything, nothing was written.
    user_errors: Vec<UserError>,
}

/// Mutations on outcome reports.
#[derive(Default)]
pub struct OutcomeMutation;

/// Mutations on outcome reports.
#[Object]
impl OutcomeMutation {
    /// Publishes what became of those who took a course in one period; a course has at most 200 such reports. The course's
    /// version stays as it is. For editors and owners of its provider, its own systems and staff.
    async fn publish_outcome_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The course's global id.")] course: ID,
        #[graphql(desc = "The report, whole.")] input: Raw<OutcomeReportInput>,
        #[graphql(default, desc = "If true, checks the whole input but writes nothing.")] validate_only: bool,
    ) -> Option<Result<OutcomeReportPayload>> {
        let publish = async {
            let course = row_to_write(NodeKind::Course, "course", "course", &course)?;
            let writer = ctx.writer(validate_only);
            let errand = Errand { writer: &writer, caller: ctx.caller(), mutation: "publishOutcomeReport" };
            service::publish(ctx.primary(), &errand, course, &input.fields).await
        };
        Some(payload(ctx, publish.await).await)
    }

    /// Puts other figures in the place of those of a report. For editors and owners of its course's provider, its own systems
    /// and staff.
    async fn update_outcome_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The report's global id.")] id: ID,
        #[graphql(
            desc = "Version that you read. If it has changed since, returns the user error STALE and the report as it \
                    is now."
        )]
        expected_version: i32,
        #[graphql(desc = "The report, whole.")] input: Raw<OutcomeReportInput>,
        #[graphql(default, desc = "If true, checks the whole input but writes nothing.")] validate_only: bool,
    ) -> Option<Result<OutcomeReportPayload>> {
        let update = async {
            let id = report(&id)?;
            let writer = ctx.writer(validate_only);
            let errand = Errand { writer: &writer, caller: ctx.caller(), mutation: "updateOutcomeReport" };
            service::update(ctx.primary(), &errand, (id, expected_version), &input.fields).await
        };
        Some(payload(ctx, update.await).await)
    }

    /// Takes a report from the public. It stays on record, with the reason, for the provider's members and staff; another may
    /// be published in its place. For editors and owners of its course's provider, its own systems and staff.
    async fn withdraw_outcome_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The report's global id.")] id: ID,
        #[graphql(
            desc = "Version that you read. If it has changed since, returns the user error STALE and the report as it \
                    is now."
        )]
        expected_version: i32,
        #[graphql(desc = "Why, in at most 2,000 characters; members and staff read it.")] reason: String,
    ) -> Option<Result<OutcomeReportPayload>> {
        let withdraw = async {
            let id = report(&id)?;
            let writer = ctx.writer(false);
            let errand = Errand { writer: &writer, caller: ctx.caller(), mutation: "withdrawOutcomeReport" };
            service::withdraw(ctx.primary(), &errand, (id, expected_version), &reason).await
        };
        Some(payload(ctx, withdraw.await).await)
    }
}

fn report(id: &ID) -> Result<i64> {
    row_to_write(NodeKind::OutcomeReport, "outcome report", "id", id)
}

async fn payload(ctx: &Context<'_>, saved: Written) -> Result<OutcomeReportPayload> {
    let saved = saved?;
    ctx.written(saved.position).await;
    let outcome_report = saved.now.map(Arc::new).map(OutcomeReport);
    Ok(OutcomeReportPayload { outcome_report, user_errors: UserError::whole(saved.faults) })
}
