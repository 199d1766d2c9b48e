//! The query for learning paths and its arguments.

use async_graphql::{Context, Enum, Object, OneofObject};
use catalog::dictionary::NamedEntity;
use catalog::error::AppError;
use catalog::path::service::{self, PathGoal};
use search::SortKey;

use super::types::LearningPath;
use crate::graphql::certification::Certification;
use crate::graphql::context::ContextExt;
use crate::graphql::error::Result;
use crate::graphql::matching::inputs::SkillKnown;
use crate::graphql::scalars::CurrencyCode;

/// Maximum number of known skills and of wanted skills.
const MAX_SKILLS: usize = 50;

/// Target of a learning path.
#[derive(Debug, OneofObject)]
pub enum PathTarget {
    /// Slug of a career. The path covers the skills that it requires.
    Career(String),
    /// Slug of a certification. The path covers the skills that it attests.
    Certification(String),
    /// Slugs of skills, 1 to 50.
    Skills(Vec<String>),
}

/// Quantity that a path minimises. Among equal paths, the one with fewer courses wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PathAim {
    /// Sum of `duration.estimatedHours`. A course that states none is taken only if no others lead to the goal.
    Hours,
    /// Sum of `price` in the requested currency. A course without a price in it, or with a subscription, is taken only
    /// if no others lead to the goal.
    Price,
    /// Number of courses.
    Courses,
}

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
    let known = SkillKnown::find(ctx.dictionary(), "from", from, "must be the slug of a skill")?;
    Ok(known.into_iter().map(|(skill, level)| (skill.id(), level)).collect())
}

/// Distinct skills that a target requires.
fn wanted(ctx: &Context<'_>, to: &PathTarget) -> Result<Vec<i64>> {
    let dictionary = ctx.dictionary();
    let mut wanted = match to {
        PathTarget::Career(slug) => found(dictionary.careers.find(slug), "to.career", "career")?.skills.clone(),
        PathTarget::Certification(slug) => {
            let id = dictionary.certifications.id_of(slug);
            let certification = id.and_then(|id| Certification::visible(ctx, id));
            found(certification, "to.certification", "certification")?.0.skills.clone()
        }
        PathTarget::Skills(slugs) if !(1..=MAX_SKILLS).contains(&slugs.len()) => {
            return Err(AppError::input("to.skills", format!("must hold 1 to {MAX_SKILLS} skills")).into());
        }
        PathTarget::Skills(slugs) => {
            let skill = |(at, slug): (usize, &String)| {
                found(dictionary.skills.id_of(slug), &format!("to.skills.{at}"), "skill")
            };
            slugs.iter().enumerate().map(skill).collect::<Result<_>>()?
        }
    };
    let mut seen = std::collections::HashSet::new();
    wanted.retain(|skill| seen.insert(*skill));
    Ok(wanted)
}

fn found<T>(row: Option<T>, at: &str, what: &str) -> Result<T> {
    Ok(row.ok_or_else(|| AppError::input(at, format!("must be the slug of a {what}")))?)
}
