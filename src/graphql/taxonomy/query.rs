//! Queries for skills and subjects.

use async_graphql::{Context, Object};
use search::DocKind;
use search::paging::page::PageArguments;

use super::types::{Skill, Subject};
use crate::graphql::connection::Connection;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::SkillKind;
use crate::graphql::error::Result;
use crate::graphql::names::by_name;

/// Queries for skills and subjects.
#[derive(Default)]
pub struct TaxonomyQuery;

/// Queries for skills and subjects.
#[Object]
impl TaxonomyQuery {
    /// Returns subjects by name.
    #[allow(clippy::too_many_arguments, reason = "a connection takes four")]
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
