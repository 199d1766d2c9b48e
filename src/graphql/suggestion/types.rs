//! The GraphQL types of suggestions.

use async_graphql::{SimpleObject, Union};

use crate::graphql::career::Career;
use crate::graphql::certification::Certification;
use crate::graphql::course::Course;
use crate::graphql::provider::Provider;
use crate::graphql::taxonomy::Skill;

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
