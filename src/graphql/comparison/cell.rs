//! The value of a course for a criterion, as text for a comparison.

use std::collections::HashSet;

use async_graphql::Context;
use catalog::course::derived;
use catalog::dictionary::{NamedEntity, Table};
use catalog::error::Result;
use entity::{Format, Schedule, members};
use sea_orm::{ActiveEnum, Iterable};

use super::criterion::Criterion;
use crate::graphql::certification::Certification;
use crate::graphql::context::ContextExt;
use crate::graphql::course::{AwardsOf, Course, FinancingOf, Link, RequiredSkillsOf, linked};
use crate::graphql::loaders::Load;
use crate::graphql::offering::{locations, next_offering};
use crate::graphql::rating::{RatingOf, RatingSummary};

/// Returns the value of a course, or `None` if it states none. Prices are handled in `rows`, because they need a
/// currency.
pub(super) async fn cell_value(ctx: &Context<'_>, criterion: Criterion, course: &Course) -> Result<Option<String>> {
    let row = &*course.0;
    Ok(match criterion {
        Criterion::Career => slugs(&ctx.dictionary().careers, &linked(ctx, Link::Career, row.id).await?),
        Criterion::Certification => {
            let rows = Certification::listed(ctx, &linked(ctx, Link::Certification, row.id).await?);
            list(rows.iter().map(|row| row.0.slug().to_owned()))
        }
        Criterion::Skills => slugs(&ctx.dictionary().skills, &linked(ctx, Link::Skill, row.id).await?),
        Criterion::Prerequisites => prerequisites(ctx, course).await?,
        Criterion::Level => row.level.map(|level| level.to_value()),
        Criterion::Price => None,
        Criterion::Financing => {
            let plans = ctx.load(FinancingOf(row.id)).await?.unwrap_or_default();
            let mut seen = HashSet::new();
            list(plans.iter().map(|plan| plan.kind.to_value()).filter(|kind| seen.insert(kind.clone())))
        }
        Criterion::Duration => derived::exact_hours(row).map(|hours| hours.to_string()),
        Criterion::HoursPerWeek => derived::hours_per_week(row).map(|hours| hours.to_string()),
        Criterion::Format => names::<Format>(row.formats),
        Criterion::Schedule => names::<Schedule>(row.schedules),
        Criterion::Location => {
            let places: Vec<String> = locations(ctx, row).await?.into_iter().collect();
            (!places.is_empty()).then(|| places.join("; "))
        }
        Criterion::Language => list(derived::languages(row).map(str::to_owned)),
        Criterion::NextStart => {
            let start = |day: Option<chrono::NaiveDate>| day.map_or("ON_DEMAND".to_owned(), |day| day.to_string());
            next_offering(ctx, row.id).await?.map(|next| start(next.0.starts_on))
        }
        Criterion::Mentoring => row.mentoring_sessions.map(|count| count.to_string()),
        Criterion::FreeRetake => row.free_retake_within_months.map(|months| months.to_string()),
        Criterion::Certificate => row.certificate_of_completion.map(|holds| holds.to_string()),
        Criterion::JobPreparation => row.job_preparation.map(|holds| holds.to_string()),
        Criterion::JobGuarantee => row.job_guarantee.map(|holds| holds.to_string()),
        Criterion::Portfolio => row.portfolio.map(|holds| holds.to_string()),
        Criterion::Rating => {
            rating(ctx, row.id).await?.and_then(|rating| rating.score).map(|score| format!("{score:.2}"))
        }
        Criterion::ReviewCount => Some(rating(ctx, row.id).await?.map_or(0, |rating| rating.count).to_string()),
        Criterion::Awards => ctx.load(AwardsOf(row.id)).await?.map(|awards| awards.len().to_string()),
    })
}

async fn prerequisites(ctx: &Context<'_>, course: &Course) -> Result<Option<String>> {
    let id = course.0.id;
    let (skills, courses) = futures_util::try_join!(ctx.load(RequiredSkillsOf(id)), linked(ctx, Link::Required, id))?;
    let skills = skills.unwrap_or_default().into_iter().filter_map(|required| {
        let skill = ctx.dictionary().skills.get(required.skill_id)?;
        Some(format!("{} {}", skill.slug(), required.level.to_value()))
    });
    let courses = Course::load_linked(ctx, &courses).await?;
    let stated = list(skills.chain(courses.iter().map(|course| course.0.slug.clone())));
    let in_short = course.0.no_prerequisites.map(|none| if none { "NONE" } else { "SOME" }.to_owned());
    Ok(stated.or(in_short))
}

async fn rating(ctx: &Context<'_>, course: i64) -> Result<Option<RatingSummary>> {
    ctx.load(RatingOf::Course(course)).await
}

fn slugs<T: NamedEntity>(table: &Table<T>, ids: &[i64]) -> Option<String> {
    list(table.all(ids).iter().map(|row| row.slug().to_owned()))
}

fn names<T: Iterable + ActiveEnum<Value = String>>(mask: i32) -> Option<String> {
    list(members::<T>(mask).iter().map(ActiveEnum::to_value))
}

fn list(values: impl IntoIterator<Item = String>) -> Option<String> {
    let values: Vec<String> = values.into_iter().collect();
    (!values.is_empty()).then(|| values.join(", "))
}
