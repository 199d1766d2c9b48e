//! Careers: occupations that courses lead to, and the skills that a learner still needs for one.

use std::sync::Arc;

use async_graphql::{Context, Description, ID, Object, OneofObject};
use catalog::dictionary::{self, NamedEntity};
use catalog::error::AppError;
use search::DocKind;
use search::paging::page::PageArguments;

use crate::graphql::certification::Certification;
use crate::graphql::connection::{Connection, Listed};
use crate::graphql::context::ContextExt;
use crate::graphql::course::inputs::CourseOrder;
use crate::graphql::course::{Course, has_id, page_of};
use crate::graphql::enums::CareerLevelName;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, global_id, row_of};
use crate::graphql::matching::inputs::SkillKnown;
use crate::graphql::names::by_name;
use crate::graphql::shapes::{IntRange, Source};
use crate::graphql::sources::{SourcesOf, sources};
use crate::graphql::statistic::{Statistic, statistics_of};
use crate::graphql::taxonomy::Skill;

/// Maximum number of skills in `knows`.
const MAX_SKILLS: usize = 100;

/// Occupation that courses lead to.
#[derive(Clone, Description)]
pub struct Career(pub Arc<dictionary::Career>);

impl Listed for Career {
    const NAME: &'static str = "Career";
}

#[Object(use_type_description)]
impl Career {
    /// Global ID of the career.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Career, self.0.row.id)
    }

    /// Slug of the career, as filters take it.
    async fn slug(&self) -> &str {
        &self.0.row.slug
    }

    /// Usual title of the occupation.
    async fn title(&self) -> &str {
        &self.0.row.title
    }

    /// Description in Markdown of what people in this career do. Null if not stated.
    async fn description(&self) -> Option<&str> {
        self.0.row.description.as_deref()
    }

    /// Levels of the career, from the first job up. Empty if none is stated.
    async fn levels(&self) -> Vec<CareerLevel> {
        self.0.levels.iter().cloned().map(CareerLevel).collect()
    }

    /// Skills that the career requires.
    async fn skills(&self, ctx: &Context<'_>) -> Vec<Skill> {
        Skill::all(ctx, &self.0.skills)
    }

    /// Skills that the career requires and the learner does not have yet, each with the courses that teach it.
    async fn gaps(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            default,
            desc = "Skills that the learner has, at most 100. Levels are ignored, because a career does not state \
                    which level of a skill it requires."
        )]
        knows: Vec<SkillKnown>,
    ) -> Result<Vec<SkillGap>> {
        gaps(ctx, &self.0.skills, &knows)
    }

    /// Neighbouring careers: those that people in this career also work in or move on to.
    async fn related(&self, ctx: &Context<'_>) -> Vec<Career> {
        ctx.dictionary().careers.all(&self.0.related).into_iter().map(Career).collect()
    }

    /// Certifications that are useful for the career, by name.
    async fn certifications(&self, ctx: &Context<'_>) -> Vec<Certification> {
        let ids = ctx.dictionary().certifications_of_career.get(&self.0.row.id);
        Certification::listed(ctx, ids.map_or(&[], Vec::as_slice))
    }

    /// Published courses that lead to the career.
    async fn courses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Order of the courses. Defaults to RATING, best first.")] order_by: Option<CourseOrder>,
        #[graphql(desc = "Number of items to return, 1 to 100. Defaults to 20.")] first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Course>> {
        let condition = has_id(ctx, |fields| fields.career, self.0.row.id);
        Ok(page_of(ctx, "career.courses", condition, order_by, PageArguments::forward(first, after)).await?.into())
    }

    /// Published statistics about the career, by metric and then newest first. Contradictory figures are listed side by
    /// side. At most 100; for more, use `Query.statistics`.
    async fn statistics(&self, ctx: &Context<'_>) -> Vec<Statistic> {
        statistics_of(ctx, |row| row.career_id == Some(self.0.row.id))
    }

    /// Documents that the facts were taken from.
    async fn sources(&self, ctx: &Context<'_>) -> Result<Vec<Source>> {
        Ok(sources(ctx, SourcesOf::Career(self.0.row.id)).await?)
    }
}

/// Level of a career.
#[derive(Description)]
pub struct CareerLevel(dictionary::CareerLevel);

#[Object(use_type_description)]
impl CareerLevel {
    /// Name of the level.
    async fn level(&self) -> CareerLevelName {
        self.0.row.level.into()
    }

    /// Job titles that are usual at this level.
    async fn titles(&self) -> &[String] {
        &self.0.titles
    }

    /// Years of experience that are usual at this level. Null if not stated.
    async fn typical_years(&self) -> Option<IntRange> {
        IntRange::stored(self.0.row.years_min, self.0.row.years_max)
    }

    /// Documents that the facts were taken from.
    async fn sources(&self, ctx: &Context<'_>) -> Result<Vec<Source>> {
        Ok(sources(ctx, SourcesOf::CareerLevel(self.0.row.id)).await?)
    }
}

/// Skill that a learner still needs, with the courses that teach it.
#[derive(Description)]
pub struct SkillGap(Arc<dictionary::Skill>);

#[Object(use_type_description)]
impl SkillGap {
    /// Skill that is missing.
    async fn skill(&self) -> Skill {
        Skill(self.0.clone())
    }

    /// Published courses that teach the skill. Empty if there are none.
    async fn courses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Order of the courses. Defaults to RATING, best first.")] order_by: Option<CourseOrder>,
        #[graphql(desc = "Number of items to return, 1 to 100. Defaults to 20.")] first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Course>> {
        let condition = has_id(ctx, |fields| fields.skill, self.0.row.id);
        Ok(page_of(ctx, "skillGap.courses", condition, order_by, PageArguments::forward(first, after)).await?.into())
    }
}

/// Returns those of the wanted skills, in their order, that are not in `knows`. Ignores levels, because a career or
/// certification does not state which level of a skill it requires.
pub fn gaps(ctx: &Context<'_>, wanted: &[i64], knows: &[SkillKnown]) -> Result<Vec<SkillGap>> {
    if knows.len() > MAX_SKILLS {
        return Err(AppError::input("knows", format!("must hold at most {MAX_SKILLS} skills")).into());
    }
    let known = SkillKnown::find(ctx.dictionary(), "knows", knows, "there is no skill of this slug")?;
    let missing: Vec<i64> =
        wanted.iter().copied().filter(|id| known.iter().all(|(skill, _)| skill.id() != *id)).collect();
    Ok(ctx.dictionary().skills.all(&missing).into_iter().map(SkillGap).collect())
}

/// Reference to a career, by ID or by slug.
#[derive(Debug, OneofObject)]
pub enum CareerBy {
    /// Global ID of the career.
    Id(ID),
    /// Slug of the career. Former slugs work too.
    Slug(String),
}

/// Queries for careers.
#[derive(Default)]
pub struct CareerQuery;

#[Object]
impl CareerQuery {
    /// Returns a career by ID or slug. Null if there is no such career.
    async fn career(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "ID or slug of the career.")] by: CareerBy,
    ) -> Option<Result<Career>> {
        let row = match by {
            CareerBy::Id(id) => row_of(NodeKind::Career, "by.id", &id),
            CareerBy::Slug(slug) => Ok(ctx.dictionary().careers.id_of(&slug)),
        };
        let found = row.map(|row| row.and_then(|id| ctx.dictionary().careers.get(id)).cloned().map(Career));
        found.map_err(Into::into).transpose()
    }

    /// Returns careers by title.
    async fn careers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Search text, at most 200 characters. Returns only matching items.")] query: Option<String>,
        #[graphql(desc = "Number of items to return from the start, 1 to 100. Defaults to 20 if `last` is not given.")]
        first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items to return from the end, 1 to 100. Cannot be combined with `first`.")]
        last: Option<i32>,
        #[graphql(desc = "Returns only the items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Career>> {
        let arguments = PageArguments { first, after, last, before };
        let text = query.as_deref().map(|text| (DocKind::Career, text));
        Ok(by_name(ctx, "careers", arguments, &ctx.dictionary().careers, text, |_| true)?.map(Career).into())
    }
}
