//! The query for learning paths.

use async_graphql::{Context, Object};
use catalog::error::AppError;
use catalog::path::service;
use catalog::path::service::PathGoal;
use search::SortKey;

use super::inputs::{PathAim, PathTarget};
use super::types::LearningPath;
use crate::graphql::certification::Certification;
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::matching::inputs::SkillKnown;
use crate::graphql::scalars::CurrencyCode;

/// Maximum number of known skills and of wanted skills.
const MAX_SKILLS: usize = 50;

/// Queries for learning paths.
#[derive(Default)]
pub struct PathQuery;

#[Object]
impl PathQuery {
    /// Finds a short list of courses that leads from known skills to a career, a certification or other skills. The
    /// courses are ordered so that earlier ones meet the prerequisites of later ones. Finishing a course gives its
    /// skills at `FAMILIAR`, an `ADVANCED` course at `PROFICIENT`; a wanted skill is covered from `BASIC` up. A course
    /// that another one requires comes before it, unless the learner already knows everything it teaches, at its level.
    async fn learning_path(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Skills that the learner already has, at most 50. For duplicates, the higher level counts.",
            default
        )]
        from: Vec<SkillKnown>,
        #[graphql(desc = "Target of the path.")] to: PathTarget,
        #[graphql(desc = "Quantity to minimise.", default_with = "PathAim::Hours")] minimise: PathAim,
        #[graphql(
            desc = "Currency in which prices are compared if `minimise` is `PRICE`.",
            default_with = "CurrencyCode(iso_currency::Currency::USD)"
        )]
        currency: CurrencyCode,
    ) -> Result<LearningPath> {
        let measure = match minimise {
            PathAim::Hours => SortKey::Duration,
            PathAim::Price => SortKey::Price(currency.0.code().to_owned()),
            PathAim::Courses => SortKey::Relevance,
        };
        let goal = PathGoal { known: known(ctx, &from)?, wanted: wanted(ctx, &to)?, measure };
        LearningPath::load(ctx, service::find(ctx.search(), &goal)?).await
    }
}

fn known(ctx: &Context<'_>, from: &[SkillKnown]) -> Result<service::SkillLevels> {
    if from.len() > MAX_SKILLS {
        return Err(AppError::input("from", format!("must hold at most {MAX_SKILLS} skills")).into());
    }
    let mut known = service::SkillLevels::default();
    for (index, start) in from.iter().enumerate() {
        let skill = skill(ctx, &format!("from.{index}.skill"), &start.skill)?;
        let level = entity::SkillLevel::from(start.level);
        known.entry(skill).and_modify(|held| *held = level.max(*held)).or_insert(level);
    }
    Ok(known)
}

/// Distinct skills that a target requires.
fn wanted(ctx: &Context<'_>, to: &PathTarget) -> Result<Vec<i64>> {
    let dictionary = ctx.dictionary();
    let mut wanted = match to {
        PathTarget::Career(slug) => {
            let career = dictionary.careers.find(slug);
            career.ok_or_else(|| AppError::input("to.career", "must be the slug of a career"))?.skills.clone()
        }
        PathTarget::Certification(slug) => {
            let id = dictionary.certifications.id_of(slug);
            let certification = id.and_then(|id| Certification::visible(ctx, id));
            let unknown = || AppError::input("to.certification", "must be the slug of a certification");
            certification.ok_or_else(unknown)?.0.skills.clone()
        }
        PathTarget::Skills(slugs) if !(1..=MAX_SKILLS).contains(&slugs.len()) => {
            return Err(AppError::input("to.skills", format!("must hold 1 to {MAX_SKILLS} skills")).into());
        }
        PathTarget::Skills(slugs) => {
            let skills = slugs.iter().enumerate().map(|(at, slug)| skill(ctx, &format!("to.skills.{at}"), slug));
            skills.collect::<Result<_>>()?
        }
    };
    let mut seen = std::collections::HashSet::new();
    wanted.retain(|skill| seen.insert(*skill));
    Ok(wanted)
}

fn skill(ctx: &Context<'_>, at: &str, slug: &str) -> Result<i64> {
    Ok(ctx.dictionary().skills.id_of(slug).ok_or_else(|| AppError::input(at, "must be the slug of a skill"))?)
}
