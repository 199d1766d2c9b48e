//! Skills and subjects as the API shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use entity::subject;

use crate::dictionary;
use crate::error::Result;
use crate::graphql::context::InRequest;
use crate::graphql::enums::SkillKind;
use crate::graphql::ids::{NodeKind, global_id};

/// Something a person can be able to do.
#[derive(Clone)]
pub struct Skill(pub Arc<dictionary::Skill>);

/// Something a person can be able to do.
#[Object]
impl Skill {
    /// Its global id.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Skill, self.0.row.id)
    }

    /// Its slug, which filters take.
    async fn slug(&self) -> &str {
        &self.0.row.slug
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.row.name
    }

    /// What kind of skill it is.
    async fn kind(&self) -> SkillKind {
        self.0.row.kind.into()
    }

    /// How many published courses teach it.
    async fn course_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let search = ctx.search();
        Ok(search.figures()?.courses(search.fields.skill, self.0.row.id))
    }
}

/// A field of study.
#[derive(Clone)]
pub struct Subject(pub Arc<subject::Model>);

/// A field of study.
#[Object]
impl Subject {
    /// Its global id.
    pub(crate) async fn id(&self) -> ID {
        global_id(NodeKind::Subject, self.0.id)
    }

    /// Its slug, which filters take.
    async fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Its name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// How many published courses belong to it.
    async fn course_count(&self, ctx: &Context<'_>) -> Result<u64> {
        let search = ctx.search();
        Ok(search.figures()?.courses(search.fields.subject, self.0.id))
    }
}
