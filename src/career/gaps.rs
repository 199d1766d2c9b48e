//! What somebody still has to learn, and which courses teach it. Careers and certifications answer it alike.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_graphql::{Context, Object};

use crate::course::inputs::CourseOrder;
use crate::course::{Course, page_of, under};
use crate::dictionary;
use crate::error::{AppError, Result};
use crate::graphql::connection::Connection;
use crate::graphql::context::InRequest;
use crate::matching::inputs::SkillKnown;
use crate::paging::page::PageArguments;
use crate::taxonomy::Skill;

/// Skills that somebody says to know.
const MOST: usize = 100;

/// A skill that is still to be learnt.
pub struct SkillGap(Arc<dictionary::Skill>);

/// A skill that is still to be learnt.
#[Object]
impl SkillGap {
    /// The skill.
    async fn skill(&self) -> Skill {
        Skill(self.0.clone())
    }

    /// The published courses that teach it; none where nobody does.
    async fn courses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The order; by rating where it is not given.")] order_by: Option<CourseOrder>,
        #[graphql(desc = "How many, 1 to 100; 20 where it is not given.")] first: Option<i32>,
        #[graphql(desc = "Only those after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Course>> {
        let condition = under(ctx, |fields| fields.skill, self.0.row.id);
        page_of(ctx, "skillGap.courses", condition, order_by, PageArguments::forward(first, after)).await
    }
}

/// Those of these skills, in their order, that somebody does not know. A career or a certification says nothing of how well a
/// skill must be held, so that a skill is known at every level.
pub fn gaps(ctx: &Context<'_>, wanted: &[i64], knows: &[SkillKnown]) -> Result<Vec<SkillGap>> {
    if knows.len() > MOST {
        return Err(AppError::input("knows", format!("must hold at most {MOST} skills")));
    }
    let skills = &ctx.dictionary().skills;
    let unknown = |place| AppError::input(format!("knows.{place}.skill"), "there is no skill of this slug");
    let known = knows.iter().enumerate().map(|(place, it)| skills.id_of(&it.skill).ok_or_else(|| unknown(place)));
    let known: BTreeSet<i64> = known.collect::<Result<_>>()?;
    let missing: Vec<i64> = wanted.iter().copied().filter(|id| !known.contains(id)).collect();
    Ok(skills.all(&missing).into_iter().map(SkillGap).collect())
}
