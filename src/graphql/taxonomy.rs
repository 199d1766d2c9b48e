//! Skills and subjects: the types and their queries.

use std::sync::Arc;

use async_graphql::{Context, Description, ID, Object};
use catalog::dictionary;
use entity::subject;
use search::DocKind;
use search::paging::page::PageArguments;

use crate::graphql::connection::{Connection, Listed};
use crate::graphql::context::ContextExt;
use crate::graphql::enums::SkillKind;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, global_id};
use crate::graphql::names::by_name;

/// Skill that courses teach and careers require.
#[derive(Clone, Description)]
pub struct Skill(pub Arc<dictionary::Skill>);

impl Listed for Skill {
    const NAME: &'static str = "Skill";
}

impl Skill {
    /// Returns the skills with these IDs, in the same order.
    pub fn all(ctx: &Context<'_>, ids: &[i64]) -> Vec<Self> {
        ctx.dictionary().skills.all(ids).into_iter().map(Skill).collect()
    }
}

#[Object(use_type_description)]
impl Skill {
    /// Global ID of the skill.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Skill, self.0.row.id)
    }

    /// Slug of the skill, as filters take it.
    async fn slug(&self) -> &str {
        &self.0.row.slug
    }

    /// Name of the skill.
    async fn name(&self) -> &str {
        &self.0.row.name
    }

    /// Kind of skill.
    async fn kind(&self) -> SkillKind {
        self.0.row.kind.into()
    }

    /// Number of published courses that teach the skill.
    async fn course_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let search = ctx.search();
        Ok(search.course_counts().courses(search.fields.skill, self.0.row.id))
    }
}

/// Field of study.
#[derive(Clone, Description)]
pub struct Subject(pub Arc<subject::Model>);

impl Listed for Subject {
    const NAME: &'static str = "Subject";
}

#[Object(use_type_description)]
impl Subject {
    /// Global ID of the subject.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Subject, self.0.id)
    }

    /// Slug of the subject, as filters take it.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Name of the subject.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// Number of published courses in the subject.
    async fn course_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let search = ctx.search();
        Ok(search.course_counts().courses(search.fields.subject, self.0.id))
    }
}

/// Queries for skills and subjects.
#[derive(Default)]
pub struct TaxonomyQuery;

#[Object]
impl TaxonomyQuery {
    /// Returns subjects by name.
    async fn subjects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Search text, at most 200 characters. Returns only matching items.")] query: Option<String>,
        #[graphql(desc = "Number of items to return from the start, 1 to 100. Defaults to 20 if `last` is not given.")]
        first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items to return from the end, 1 to 100. Cannot be combined with `first`.")]
        last: Option<i32>,
        #[graphql(desc = "Returns only the items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Subject>> {
        let arguments = PageArguments { first, after, last, before };
        let text = query.as_deref().map(|text| (DocKind::Subject, text));
        let page = by_name(ctx, "subjects", arguments, &ctx.dictionary().subjects, text, |_| true)?;
        Ok(page.map(Subject).into())
    }

    /// Returns skills by name.
    #[allow(clippy::too_many_arguments, reason = "a connection takes four")]
    async fn skills(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Text to search names and aliases for, at most 200 characters.")] query: Option<String>,
        #[graphql(desc = "Returns only skills of one of these kinds.")] kind: Option<Vec<SkillKind>>,
        #[graphql(desc = "Number of items to return from the start, 1 to 100. Defaults to 20 if `last` is not given.")]
        first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
        #[graphql(desc = "Number of items to return from the end, 1 to 100. Cannot be combined with `first`.")]
        last: Option<i32>,
        #[graphql(desc = "Returns only the items before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Skill>> {
        let arguments = PageArguments { first, after, last, before };
        let text = query.as_deref().map(|text| (DocKind::Skill, text));
        let page = by_name(ctx, "skills", arguments, &ctx.dictionary().skills, text, |skill| {
            kind.as_ref().is_none_or(|kinds| kinds.contains(&skill.row.kind.into()))
        })?;
        Ok(page.map(Skill).into())
    }
}
