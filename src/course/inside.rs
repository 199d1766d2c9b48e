//! What a course shows to its provider's members and to staff.

use async_graphql::{Context, Object};
use entity::{ListingType, ProviderStatus, course, offering};

use super::completeness::{self, Completeness, Known};
use super::links::{Link, linked};
use super::loader::DescriptionOf;
use super::parts::{FinancingOf, RequiredSkillsOf};
use super::types::Course;
use crate::error::Result;
use crate::graphql::connection::Connection;
use crate::graphql::context::InRequest;
use crate::graphql::loaders::Load;
use crate::graphql::scalars::DateTime;
use crate::history::{HistoryEntry, history};
use crate::offering::next_offering;
use crate::paging::page::PageArguments;

/// The fields of a course that its provider's members and staff see; null for everyone else.
pub struct Inside(pub(super) Course);

/// The fields of a course that its provider's members and staff see.
#[Object(name = "CourseInside")]
impl Inside {
    /// The provider's own key for it; for its members and staff only, null for everyone else and where there is none.
    async fn external_key(&self, ctx: &Context<'_>) -> Option<&str> {
        self.0.0.external_key.as_deref().filter(|_| self.0.is_open_to(ctx))
    }

    /// When it will be published; for its provider's members and staff only, null for everyone else and where nothing is
    /// scheduled.
    async fn scheduled_for(&self, ctx: &Context<'_>) -> Option<DateTime> {
        self.0.0.scheduled_for.filter(|_| self.0.is_open_to(ctx)).map(DateTime)
    }

    /// What was done to it, by whom and when, the newest first; for its provider's members and staff only, null for
    /// everyone else.
    async fn history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How many, 1 to 100; 20 where it is not given.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Option<Result<Connection<HistoryEntry>>> {
        let listing = (ListingType::Course, self.0.0.id);
        history(ctx, self.0.0.provider_id, listing, PageArguments::forward(first, after)).await
    }

    /// What its listing leaves open, and how whole it is; for its provider's members and staff only, null for everyone
    /// else.
    async fn completeness(&self, ctx: &Context<'_>) -> Option<Result<Completeness>> {
        if !self.0.is_open_to(ctx) {
            return None;
        }
        Some(completeness_of(ctx, &self.0.0).await)
    }
}

/// What a course leaves open. Everything is asked for at once, so that it is as many statements for many courses as for
/// one.
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
    Ok(completeness::of(&Known {
        row,
        provider: provider.map_or(ProviderStatus::Closed, |provider| provider.row.status),
        description: description.is_some(),
        skills: !skills.is_empty(),
        subjects: !subjects.is_empty(),
        careers: !careers.is_empty(),
        prerequisites: !courses.is_empty() || required.is_some_and(|rows| !rows.is_empty()),
        financing: financing.is_some_and(|rows| !rows.is_empty()),
        location: offering.as_ref().is_some_and(|offering| has_place(&offering.0))
            || provider.is_some_and(|provider| !provider.locations.is_empty()),
        offering: offering.is_some(),
    }))
}

fn has_place(row: &offering::Model) -> bool {
    row.city.is_some() || row.region.is_some() || row.country.is_some() || row.latitude.is_some()
}
