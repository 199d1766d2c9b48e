//! Type-ahead over everything that has a name. Does not belong here: how the index finds names.

use std::collections::HashMap;

use async_graphql::{Context, Object, SimpleObject, Union};
use catalog::dictionary::Dictionary;
use search::paging::page::size;
use search::{DocKind, suggest};

use crate::graphql::career::Career;
use crate::graphql::certification::Certification;
use crate::graphql::context::ContextExt;
use crate::graphql::course::Course;
use crate::graphql::error::Result;
use crate::graphql::provider::Provider;
use crate::graphql::taxonomy::Skill;

/// Queries for suggestions.
#[derive(Default)]
pub struct SuggestionQuery;

#[Object]
impl SuggestionQuery {
    /// Returns courses, providers, skills, careers and certifications whose names contain, for every word of the text,
    /// a word that starts with it. Accents and case are ignored. Exact names come first, then shorter ones. Names that
    /// the text probably means follow: mistyped, or with words joined or split differently.
    async fn suggestions(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Text typed so far, at most 200 characters. Skills are also found by their alternative names."
        )]
        text: String,
        #[graphql(desc = "Maximum number of suggestions, 1 to 100.", default = 8)] first: i32,
    ) -> Result<Vec<Suggestion>> {
        let hits = suggest(ctx.search(), &text, size("first", first)?)?;
        let ids: Vec<i64> = hits.iter().filter(|(kind, _)| *kind == DocKind::Course).map(|(_, id)| *id).collect();
        let courses = Course::load_listed(ctx, &ids).await?;
        let courses: HashMap<i64, Course> = courses.into_iter().map(|course| (course.0.id, course)).collect();
        let nodes = hits.into_iter().filter_map(|(kind, id)| node(ctx.dictionary(), &courses, kind, id));
        Ok(nodes.map(Suggestion::from).collect())
    }
}

/// Loads the listing of a hit; `None` if it has left the catalogue in the meantime.
fn node(dictionary: &Dictionary, courses: &HashMap<i64, Course>, kind: DocKind, id: i64) -> Option<SuggestionNode> {
    Some(match kind {
        DocKind::Course => SuggestionNode::Course(courses.get(&id)?.clone()),
        DocKind::Provider => SuggestionNode::Provider(Provider(dictionary.providers.get(id)?.clone())),
        DocKind::Certification => {
            SuggestionNode::Certification(Certification(dictionary.certifications.get(id)?.clone()))
        }
        DocKind::Career => SuggestionNode::Career(Career(dictionary.careers.get(id)?.clone())),
        DocKind::Skill => SuggestionNode::Skill(Skill(dictionary.skills.get(id)?.clone())),
        DocKind::Offering | DocKind::Subject => return None,
    })
}

/// Suggested completion of the text typed so far.
#[derive(SimpleObject)]
pub struct Suggestion {
    /// Name or title, for display and as a search text.
    text: String,
    /// Listing that the suggestion stands for.
    node: SuggestionNode,
}

/// Listing that can be suggested.
#[derive(Union)]
pub enum SuggestionNode {
    /// Published course.
    Course(Course),
    /// Active provider.
    Provider(Provider),
    /// Skill.
    Skill(Skill),
    /// Career.
    Career(Career),
    /// Certification of an active provider.
    Certification(Certification),
}

impl From<SuggestionNode> for Suggestion {
    fn from(node: SuggestionNode) -> Self {
        let text = match &node {
            SuggestionNode::Course(course) => &course.0.title,
            SuggestionNode::Provider(provider) => &provider.0.row.name,
            SuggestionNode::Skill(skill) => &skill.0.row.name,
            SuggestionNode::Career(career) => &career.0.row.title,
            SuggestionNode::Certification(certification) => &certification.0.row.name,
        };
        Suggestion { text: text.clone(), node }
    }
}
