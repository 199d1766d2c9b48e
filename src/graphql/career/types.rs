//! Careers as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use catalog::dictionary;
use search::paging::page::PageArguments;

use super::gaps::{SkillGap, gaps};
use crate::graphql::certification::Certification;
use crate::graphql::connection::Connection;
use crate::graphql::connection::Listed;
use crate::graphql::context::ContextExt;
use crate::graphql::course::inputs::CourseOrder;
use crate::graphql::course::{Course, has_id, page_of};
use crate::graphql::enums::CareerLevelName;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::matching::inputs::SkillKnown;
use crate::graphql::shapes::{IntRange, Source};
use crate::graphql::sources::{SourcesOf, sources};
use crate::graphql::statistic::{Statistic, statistics_of};
use crate::graphql::taxonomy::Skill;

/// Occupation that courses lead to.
#[derive(Clone)]
pub struct Career(pub Arc<dictionary::Career>);

impl Listed for Career {
    const NAME: &'static str = "Career";
}

/// Occupation that courses lead to.
#[Object]
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
        ctx.dictionary().skills.all(&self.0.skills).into_iter().map(Skill).collect()
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
pub struct CareerLevel(dictionary::CareerLevel);

/// Level of a career.
#[Object]
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
