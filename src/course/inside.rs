//! What a course shows to its provider's members and to staff.

use async_graphql::Context;
use entity::{ProviderStatus, course, offering};

use super::completeness::{self, Completeness, Known};
use super::links::{Link, linked};
use super::loader::DescriptionOf;
use super::parts::{FinancingOf, RequiredSkillsOf};
use crate::error::Result;
use crate::graphql::context::InRequest;
use crate::graphql::loaders::Load;
use crate::offering::next_offering;

/// What a course leaves open. Everything is asked for at once, so that it is as many statements for many courses as for
/// one.
pub(super) async fn completeness(ctx: &Context<'_>, row: &course::Model) -> Result<Completeness> {
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
