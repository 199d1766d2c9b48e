//! Queries on skills and subjects.

use async_graphql::{Context, Object};

use super::types::{Skill, Subject};
use crate::error::Result;
use crate::graphql::connection::Connection;
use crate::graphql::context::InRequest;
use crate::graphql::enums::SkillKind;
use crate::graphql::names::by_name;
use crate::paging::page::PageArguments;
use crate::search::DocKind;

/// Queries on skills and subjects.
#[derive(Default)]
pub struct TaxonomyQuery;

/// Queries on skills and subjects.
#[Object]
impl TaxonomyQuery {
    /// Subjects by name.
    #[allow(clippy::too_many_arguments, reason = "a connection takes four")]
    async fn subjects(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that this text finds, at most 200 characters.")] query: Option<String>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 where neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100; not together with first.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Subject>> {
        let arguments = PageArguments { first, after, last, before };
        let text = query.as_deref().map(|text| (DocKind::Subject, text));
        let page = by_name(ctx, "subjects", arguments, &ctx.dictionary().subjects, text, |_| true)?;
        Ok(page.map(Subject))
    }

    /// Skills by name.
    #[allow(clippy::too_many_arguments, reason = "a connection takes four")]
    async fn skills(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that this text finds by name or alias, at most 200 characters.")] query: Option<
            String,
        >,
        #[graphql(desc = "Only skills of one of these kinds.")] kind: Option<Vec<SkillKind>>,
        #[graphql(desc = "How many from the start, 1 to 100; 20 where neither first nor last is given.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end, 1 to 100; not together with first.")] last: Option<i32>,
        #[graphql(desc = "Only those before this cursor.")] before: Option<String>,
    ) -> Result<Connection<Skill>> {
        let arguments = PageArguments { first, after, last, before };
        let text = query.as_deref().map(|text| (DocKind::Skill, text));
        let page = by_name(ctx, "skills", arguments, &ctx.dictionary().skills, text, |skill| {
            kind.as_ref().is_none_or(|kinds| kinds.contains(&skill.row.kind.into()))
        })?;
        Ok(page.map(Skill))
    }
}
