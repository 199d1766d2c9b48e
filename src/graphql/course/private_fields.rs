//! Fields of a course that only its provider and staff can see.

use async_graphql::{Context, Object};
use entity::{ListingType, ProviderStatus, course, offering};
use search::paging::page::PageArguments;

use super::child_rows::{FinancingOf, RequiredSkillsOf};
use super::completeness::{self, Completeness, CompletenessInput};
use super::links::{Link, linked};
use super::loader::DescriptionOf;
use super::types::Course;
use crate::graphql::connection::Connection;
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::history::{HistoryEntry, history};
use crate::graphql::loaders::Load;
use crate::graphql::offering::next_offering;
use crate::graphql::scalars::DateTime;

/// Private fields of a course: null for everyone but its provider's members and service tokens, and staff.
pub struct PrivateFields(pub(super) Course);

/// Private fields of a course: null for everyone but its provider's members and service tokens, and staff.
#[Object(name = "CourseInside")]
impl PrivateFields {
    /// The provider's own key for the course. Null if there is none. Visible to the provider's members and service
    /// tokens and to staff; null for everyone else.
    async fn external_key(&self, ctx: &Context<'_>) -> Option<&str> {
        self.0.0.external_key.as_deref().filter(|_| self.0.is_open_to(ctx))
    }

    /// Scheduled time of publication. Null if nothing is scheduled. Visible to the provider's members and service
    /// tokens and to staff; null for everyone else.
    async fn scheduled_for(&self, ctx: &Context<'_>) -> Option<DateTime> {
        self.0.0.scheduled_for.filter(|_| self.0.is_open_to(ctx)).map(DateTime)
    }

    /// Change history of the course, newest first: who changed what, and when. Visible to the provider's members and
    /// service tokens and to staff; null for everyone else.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Number of entries to return, 1 to 100. Defaults to 20.")] first: Option<i32>,
        #[graphql(desc = "Cursor of an entry. Returns only the entries after it.")] after: Option<String>,
    ) -> Option<Result<Connection<HistoryEntry>>> {
        let listing = (ListingType::Course, self.0.0.id);
        history(ctx, self.0.0.provider_id, listing, PageArguments::forward(first, after)).await
    }

    /// Completeness of the listing: a score, and the missing facts. Visible to the provider's members and service
    /// tokens and to staff; null for everyone else.
    async fn completeness(&self, ctx: &Context<'_>) -> Option<Result<Completeness>> {
        if !self.0.is_open_to(ctx) {
            return None;
        }
        Some(Box::pin(completeness_of(ctx, &self.0.0)).await)
    }
}

/// Loads all facts and computes the completeness. Everything is requested at once, so that many courses take as many
/// statements as one.
async fn completeness_of(ctx: &Context<'_>, row: &course::Model) -> Result<Completeness> {
    let link = |link| linked(ctx, link, row.id);
    let links = async {
        futures_util::try_join!(link(Link::Skill), link(Link::Subject), link(Link::Career), link(Link::Required))
    };
    let parts = async {
        futures_util::try_join!(
            ctx.load(RequiredSkillsOf(row.id)),
            ctx.load(FinancingOf(row.id)),
            ctx.load(DescriptionOf(row.id)),
            next_offering(ctx, row.id),
        )
    };
    let (links, parts) = futures_util::try_join!(links, parts)?;
    let (skills, subjects, careers, courses) = links;
    let (required, financing, description, offering) = parts;
    let provider = ctx.dictionary().providers.get(row.provider_id);
    Ok(completeness::of(&CompletenessInput {
        row,
        provider: provider.map_or(ProviderStatus::Closed, |provider| provider.row.status),
        description: description.is_some(),
        skills: !skills.is_empty(),
        subjects: !subjects.is_empty(),
        careers: !careers.is_empty(),
        prerequisites: !courses.is_empty() || required.is_some_and(|rows| !rows.is_empty()),
        financing: financing.is_some_and(|rows| !rows.is_empty()),
        location: offering.as_ref().is_some_and(|offering| has_location(&offering.0))
            || provider.is_some_and(|provider| !provider.locations.is_empty()),
        offering: offering.is_some(),
    }))
}

fn has_location(row: &offering::Model) -> bool {
    row.city.is_some() || row.region.is_some() || row.country.is_some() || row.latitude.is_some()
}
