//! Careers as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};

use super::gaps::{SkillGap, gaps};
use crate::certification::Certification;
use crate::course::inputs::CourseOrder;
use crate::course::{Course, page_of, under};
use crate::dictionary;
use crate::error::Result;
use crate::graphql::connection::Connection;
use crate::graphql::context::InRequest;
use crate::graphql::enums::CareerLevelName;
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::shapes::{IntRange, Source};
use crate::matching::inputs::SkillKnown;
use crate::paging::page::PageArguments;
use crate::sources::{SourcesOf, sources};
use crate::statistic::{Statistic, statistics_of};
use crate::taxonomy::Skill;

/// An occupation that courses lead to.
#[derive(Clone)]
pub struct Career(pub Arc<dictionary::Career>);

/// An occupation that courses lead to.
#[Object]
impl Career {
    /// Its global id.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Career, self.0.row.id)
    }

    /// Its slug, which filters take.
    async fn slug(&self) -> &str {
        &self.0.row.slug
    }

    /// Its usual name.
    async fn title(&self) -> &str {
        &self.0.row.title
    }

    /// What people in it do, in Markdown; null where it is not stated.
    async fn description(&self) -> Option<&str> {
        self.0.row.description.as_deref()
    }

    /// Its stages, from the first job up; empty where none is stated.
    async fn levels(&self) -> Vec<CareerLevel> {
        self.0.levels.iter().cloned().map(CareerLevel).collect()
    }

    /// The skills it asks for.
    async fn skills(&self, ctx: &Context<'_>) -> Vec<Skill> {
        ctx.dictionary().skills.all(&self.0.skills).into_iter().map(Skill).collect()
    }

    /// The skills of it that somebody still has to learn, each with the courses that teach it.
    async fn gaps(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            default,
            desc = "The skills that they know, at most 100. A career does not say how well a skill must be held, so that it \
                    is known at every level."
        )]
        knows: Vec<SkillKnown>,
    ) -> Result<Vec<SkillGap>> {
        gaps(ctx, &self.0.skills, &knows)
    }

    /// The careers beside it, that people in it also work in or move on to.
    async fn related(&self, ctx: &Context<'_>) -> Vec<Career> {
        ctx.dictionary().careers.all(&self.0.related).into_iter().map(Career).collect()
    }

    /// The certifications that serve it, by name.
    async fn certifications(&self, ctx: &Context<'_>) -> Vec<Certification> {
        let ids = ctx.dictionary().certifications_of_career.get(&self.0.row.id);
        Certification::listed(ctx, ids.map_or(&[], Vec::as_slice))
    }

    /// The published courses that lead to it.
    async fn courses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order; by rating where it is not given.")] order_by: Option<CourseOrder>,
        #[graphql(desc = "How many, 1 to 100; 20 where it is not given.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Course>> {
        let condition = under(ctx, |fields| fields.career, self.0.row.id);
        page_of(ctx, "career.courses", condition, order_by, PageArguments::forward(first, after)).await
    }

    /// Published figures about it, by metric and then newest first; contradictory ones stand side by side. At most
    /// 100: for more, see Query.statistics.
    async fn statistics(&self, ctx: &Context<'_>) -> Vec<Statistic> {
        statistics_of(ctx, |row| row.career_id == Some(self.0.row.id))
    }

    /// The documents that its facts were taken from.
    async fn sources(&self, ctx: &Context<'_>) -> Result<Vec<Source>> {
        sources(ctx, SourcesOf::Career(self.0.row.id)).await
    }
}

/// A stage of a career.
pub struct CareerLevel(dictionary::CareerLevel);

/// A stage of a career.
#[Object]
impl CareerLevel {
    /// Which stage it is.
    async fn level(&self) -> CareerLevelName {
        self.0.row.level.into()
    }

    /// The job titles that are usual in it.
    async fn titles(&self) -> &[String] {
        &self.0.titles
    }

    /// The years of experience that are usual in it; null where they are not stated.
    async fn typical_years(&self) -> Option<IntRange> {
        IntRange::stored(self.0.row.years_min, self.0.row.years_max)
    }

    /// The documents that its facts were taken from.
    async fn sources(&self, ctx: &Context<'_>) -> Result<Vec<Source>> {
        sources(ctx, SourcesOf::CareerLevel(self.0.row.id)).await
    }
}
