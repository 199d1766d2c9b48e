//! What is suggested.

use async_graphql::{SimpleObject, Union};

use crate::career::Career;
use crate::certification::Certification;
use crate::course::Course;
use crate::provider::Provider;
use crate::taxonomy::Skill;

/// Something whose name begins as what has been typed so far.
#[derive(SimpleObject)]
pub struct Suggestion {
    /// Its name or title, to be shown and to be searched for.
    text: String,
    /// What it is.
    node: SuggestionNode,
}

/// What can be suggested.
#[derive(Union)]
pub enum SuggestionNode {
    /// A published course.
    Course(Course),
    /// An active provider.
    Provider(Provider),
    /// A skill.
    Skill(Skill),
    /// A career.
    Career(Career),
    /// A certification of an active provider.
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
