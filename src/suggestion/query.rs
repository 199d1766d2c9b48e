//! The query for suggestions.

use std::collections::HashMap;

use async_graphql::{Context, Object};

use super::types::{Suggestion, SuggestionNode};
use crate::career::Career;
use crate::certification::Certification;
use crate::course::Course;
use crate::dictionary::Dictionary;
use crate::error::Result;
use crate::graphql::context::InRequest;
use crate::paging::page::size;
use crate::provider::Provider;
use crate::search::{DocKind, suggest};
use crate::taxonomy::Skill;

/// Queries for suggestions.
#[derive(Default)]
pub struct SuggestionQuery;

#[Object]
impl SuggestionQuery {
    /// Courses, providers, skills, careers and certifications with names in which words begin like every word of the
    /// text; accents and case do not matter. Exact names come first, then short ones. After them come names that the text
    /// may mean: mistyped, or with words written together or apart.
    async fn suggestions(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "What has been typed so far, at most 200 characters. A skill is found by its other names too."
        )]
        text: String,
        #[graphql(desc = "How many at most, 1 to 100.", default = 8)] first: i32,
    ) -> Result<Vec<Suggestion>> {
        let hits = suggest(ctx.search(), &text, size("first", first)?)?;
        let ids: Vec<i64> = hits.iter().filter(|(kind, _)| *kind == DocKind::Course).map(|(_, id)| *id).collect();
        let courses = Course::load_listed(ctx, &ids).await?;
        let courses: HashMap<i64, Course> = courses.into_iter().map(|course| (course.0.id, course)).collect();
        let nodes = hits.into_iter().filter_map(|(kind, id)| node(ctx.dictionary(), &courses, kind, id));
        Ok(nodes.map(Suggestion::from).collect())
    }
}

/// What a hit stands for; `None` where it went while the request ran.
fn node(dictionary: &Dictionary, courses: &HashMap<i64, Course>, kind: DocKind, id: i64) -> Option<SuggestionNode> {
    let node = match kind {
        DocKind::Course => SuggestionNode::Course(courses.get(&id)?.clone()),
        DocKind::Provider => SuggestionNode::Provider(Provider(dictionary.providers.get(id)?.clone())),
        DocKind::Certification => {
            SuggestionNode::Certification(Certification(dictionary.certifications.get(id)?.clone()))
        }
        DocKind::Career => SuggestionNode::Career(Career(dictionary.careers.get(id)?.clone())),
        DocKind::Skill => SuggestionNode::Skill(Skill(dictionary.skills.get(id)?.clone())),
        DocKind::Offering | DocKind::Subject => return None,
    };
    Some(node)
}
