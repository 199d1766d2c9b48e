//! Mutations on outcome reports.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use catalog::auth::Mutation;
use catalog::course::service::MutationContext;
use catalog::outcome::service;
use catalog::outcome::service::ReportResult;

use super::inputs::OutcomeReportInput;
use super::types::OutcomeReport;
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, row_to_write};
use crate::graphql::mutation_ext::MutationExt;
use crate::graphql::payload::UserError;
use crate::graphql::untyped_input::UntypedInput;

/// Result of a mutation on an outcome report.
#[derive(SimpleObject)]
pub struct OutcomeReportPayload {
    /// Report after the mutation, changed or not. Null if a new report was not published, because of user errors or
    /// `validateOnly`.
    outcome_report: Option<OutcomeReport>,
    /// Problems with the input, all at once. If there are any, nothing was written.
    user_errors: Vec<UserError>,
}

/// Mutations on outcome reports.
#[derive(Default)]
pub struct OutcomeMutation;

#[Object]
impl OutcomeMutation {
    /// Publishes an outcome report on the graduates of a course in one period. Does not change the version of the
    /// course. Returns the user error LIMIT if the course already has 200 reports that are not withdrawn. Allowed for
    /// editors and owners of the provider, its service tokens and staff.
    async fn publish_outcome_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the course.")] course: ID,
        #[graphql(desc = "Complete report.")] input: UntypedInput<OutcomeReportInput>,
        #[graphql(default, desc = "If true, checks the whole input but writes nothing.")] validate_only: bool,
    ) -> Option<Result<OutcomeReportPayload>> {
        let publish = async {
            let course = row_to_write(NodeKind::Course, "course", "course", &course)?;
            let writer = ctx.writer(validate_only);
            let context =
                MutationContext { writer: &writer, caller: ctx.caller(), mutation: Mutation::PublishOutcomeReport };
            service::publish(ctx.primary(), &context, course, &input.fields).await
        };
        Some(payload(ctx, publish.await).await)
    }

    /// Replaces the figures of an outcome report. A withdrawn report cannot be updated, which is the user error
    /// NOT_ALLOWED. Allowed for editors and owners of the course's provider, its service tokens and staff; an imported
    /// report is for staff only.
    async fn update_outcome_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the report.")] id: ID,
        #[graphql(desc = "Version that you read. If it has changed since, returns the user error STALE.")]
        expected_version: i32,
        #[graphql(desc = "Complete report, which replaces the stored one.")] input: UntypedInput<OutcomeReportInput>,
        #[graphql(default, desc = "If true, checks the whole input but writes nothing.")] validate_only: bool,
    ) -> Option<Result<OutcomeReportPayload>> {
        let update = async {
            let id = row_to_write(NodeKind::OutcomeReport, "outcome report", "id", &id)?;
            let writer = ctx.writer(validate_only);
            let context =
                MutationContext { writer: &writer, caller: ctx.caller(), mutation: Mutation::UpdateOutcomeReport };
            service::update(ctx.primary(), &context, (id, expected_version), &input.fields).await
        };
        Some(payload(ctx, update.await).await)
    }

    /// Withdraws an outcome report from the public. The report and the reason stay on record for the provider's members
    /// and staff, and another report can be published in its place. Allowed for editors and owners of the course's
    /// provider, its service tokens and staff; an imported report is for staff only.
    async fn withdraw_outcome_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ID of the report.")] id: ID,
        #[graphql(desc = "Version that you read. If it has changed since, returns the user error STALE.")]
        expected_version: i32,
        #[graphql(desc = "Reason, at most 2,000 characters. Shown to members and staff.")] reason: String,
    ) -> Option<Result<OutcomeReportPayload>> {
        let withdraw = async {
            let id = row_to_write(NodeKind::OutcomeReport, "outcome report", "id", &id)?;
            let writer = ctx.writer(false);
            let context =
                MutationContext { writer: &writer, caller: ctx.caller(), mutation: Mutation::WithdrawOutcomeReport };
            service::withdraw(ctx.primary(), &context, (id, expected_version), &reason).await
        };
        Some(payload(ctx, withdraw.await).await)
    }
}

async fn payload(ctx: &Context<'_>, outcome: ReportResult) -> Result<OutcomeReportPayload> {
    let (row, user_errors) = ctx.finish(outcome).await?;
    Ok(OutcomeReportPayload { outcome_report: row.map(Arc::new).map(OutcomeReport), user_errors })
}
