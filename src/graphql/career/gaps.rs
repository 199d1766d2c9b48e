//! Skills that a learner still needs for a career or certification, and the courses that teach them.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_graphql::{Context, Object};
use catalog::dictionary;
use catalog::error::AppError;
use search::paging::page::PageArguments;

use crate::graphql::connection::Connection;
use crate::graphql::context::ContextExt;
use crate::graphql::course::inputs::CourseOrder;
use crate::graphql::course::{Course, has_id, page_of};
use crate::graphql::error::Result;
use crate::graphql::matching::inputs::SkillKnown;
use crate::graphql::taxonomy::Skill;

/// Maximum number of skills in `knows`.
const MAX_SKILLS: usize = 100;

/// Skill that a learner still needs, with the courses that teach it.
pub struct SkillGap(Arc<dictionary::Skill>);

/// Skill that a learner still needs, with the courses that teach it.
#[Object]
impl SkillGap {
    /// Skill that is missing.
    async fn skill(&self) -> Skill {
        Skill(self.0.clone())
    }

    /// Published courses that teach the skill. Empty if there are none.
    async fn courses(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Order of the courses. Defaults to RATING, best first.")] order_by: Option<CourseOrder>,
        #[graphql(desc = "Number of items to return, 1 to 100. Defaults to 20.")] first: Option<i32>,
        #[graphql(desc = "Returns only the items after this cursor.")] after: Option<String>,
    ) -> Result<Connection<Course>> {
        let condition = has_id(ctx, |fields| fields.skill, self.0.row.id);
        Ok(page_of(ctx, "skillGap.courses", condition, order_by, PageArguments::forward(first, after)).await?.into())
    }
}

/// Returns those of the wanted skills, in their order, that are not in `knows`. Ignores levels, because a career or
/// certification does not state which level of a skill it requires.
pub fn gaps(ctx: &Context<'_>, wanted: &[i64], knows: &[SkillKnown]) -> Result<Vec<SkillGap>> {
    if knows.len() > MAX_SKILLS {
        return Err(AppError::input("knows", format!("must hold at most {MAX_SKILLS} skills")).into());
    }
    let skills = &ctx.dictionary().skills;
    let unknown = |index| AppError::input(format!("knows.{index}.skill"), "there is no skill of this slug");
    let known = knows.iter().enumerate().map(|(index, it)| skills.id_of(&it.skill).ok_or_else(|| unknown(index)));
    let known: BTreeSet<i64> = known.collect::<Result<_, AppError>>()?;
    let missing: Vec<i64> = wanted.iter().copied().filter(|id| !known.contains(id)).collect();
    Ok(skills.all(&missing).into_iter().map(SkillGap).collect())
}
