//! What staff see of reviews: what was reported, and what was decided.

use std::sync::Arc;

use async_graphql::{Context, Object};
use entity::{review_moderation, review_report};

use super::enums::{ReportReason, ReviewStatus};
use crate::account::Account;
use crate::error::Result;
use crate::graphql::context::InRequest;
use crate::graphql::scalars::DateTime;
use crate::history::name_of;

/// What staff have decided of a review. It stays on record.
pub struct ReviewDecision(pub(super) Arc<review_moderation::Model>);

/// What staff have decided of a review. It stays on record.
#[Object]
impl ReviewDecision {
    /// When.
    async fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// What the review was.
    async fn from(&self) -> ReviewStatus {
        self.0.from_status.into()
    }

    /// What it has been since then.
    async fn to(&self) -> ReviewStatus {
        self.0.to_status.into()
    }

    /// Why.
    async fn reason(&self) -> &str {
        &self.0.reason
    }

    /// Who decided; for staff only, null for everyone else.
    async fn by(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        if !ctx.caller().is_staff() {
            return None;
        }
        Some(name_of(ctx, &self.0.moderator).await)
    }
}

/// What somebody finds wrong with a review.
pub struct ReviewReport(pub(super) Arc<review_report::Model>);

/// What somebody finds wrong with a review.
#[Object]
impl ReviewReport {
    /// Of what kind it is.
    async fn reason(&self) -> ReportReason {
        self.0.reason.into()
    }

    /// What it is, in their words; null where they did not say.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }

    /// Their display name; null where they have left.
    async fn by(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        Account::name_of(ctx, self.0.account_id?).await.transpose()
    }

    /// When it was reported.
    async fn created_at(&self) -> DateTime {
        DateTime(self.0.created_at)
    }

    /// When staff decided on the review; null as long as they have not.
    async fn closed_at(&self) -> Option<DateTime> {
        self.0.closed_at.map(DateTime)
    }
}
