//! What a learner says of themselves and of what they look for.

use async_graphql::InputObject;

use crate::graphql::enums::SkillLevel;

/// A skill that a learner has already.
#[derive(Clone, Debug, InputObject)]
pub struct SkillKnown {
    /// The skill's slug; an old one is as good.
    pub skill: String,
    /// How well it is held.
    #[graphql(default_with = "SkillLevel::Basic")]
    pub level: SkillLevel,
}
