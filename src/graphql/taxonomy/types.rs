//! Skills and subjects as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use catalog::dictionary;
use entity::subject;

use crate::graphql::connection::Listed;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::SkillKind;
use crate::graphql::error::Result;
use crate::graphql::ids::{NodeKind, global_id};

/// Skill that courses teach and careers require.
#[derive(Clone)]
pub struct Skill(pub Arc<dictionary::Skill>);

impl Listed for Skill {
    const NAME: &'static str = "Skill";
}

/// Skill that courses teach and careers require.
#[Object]
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
        Ok(search.course_counts()?.courses(search.fields.skill, self.0.row.id))
    }
}

/// Field of study.
#[derive(Clone)]
pub struct Subject(pub Arc<subject::Model>);

impl Listed for Subject {
    const NAME: &'static str = "Subject";
}

/// Field of study.
#[Object]
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
        Ok(search.course_counts()?.courses(search.fields.subject, self.0.id))
    }
}
