//! What staff see of a review: reports and moderation decisions.

use std::sync::Arc;

use async_graphql::{Context, Object};
use entity::{review_moderation, review_report};

use super::enums::{ReportReason, ReviewStatus};
use crate::graphql::account::Account;
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::history::name_of;
use crate::graphql::scalars::DateTime;

/// Moderation decision on a review. Decisions are kept permanently.
pub struct ReviewDecision(pub(super) Arc<review_moderation::Model>);

/// Moderation decision on a review. Decisions are kept permanently.
#[Object]
impl ReviewDecision {
    /// Time of the decision.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// Status of the review before the decision.
    async fn from(&self) -> ReviewStatus {
        self.0.from_status.into()
    }

    /// Status of the review after the decision.
    async fn to(&self) -> ReviewStatus {
        self.0.to_status.into()
    }

    /// Reason for the decision.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// Name of the person who decided. Only staff see it; null for everyone else.
    async fn by(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        if !ctx.caller().is_staff() {
            return None;
        }
        Some(name_of(ctx, &self.0.moderator).await.map_err(Into::into))
    }
}

/// Report of a problem with a review.
pub struct ReviewReport(pub(super) Arc<review_report::Model>);

/// Report of a problem with a review.
#[Object]
impl ReviewReport {
    /// Kind of problem.
    async fn reason(&self) -> ReportReason {
        self.0.reason.into()
    }

    /// Problem in the reporter's own words. Null if they did not describe it.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Display name of the reporter. Null if the account was deleted.
    async fn by(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        Account::name_of(ctx, self.0.account_id?).await.transpose()
    }

    /// Time of the report.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// Time at which staff decided on the review. Null while the report is open.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }
}
