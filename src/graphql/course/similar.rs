//! The field `Course.similar`.

use async_graphql::Context;
use catalog::error::{AppError, Result};
use futures_util::try_join;
use search::SimilarityQuery;

use super::links::{Link, linked};
use super::types::Course;
use crate::graphql::context::ContextExt;

/// Maximum number of similar courses.
const MAX_SIMILAR: i32 = 20;

/// Finds the courses most similar to this one. Its own links come from the database, because a course that is not in
/// the index has similar courses too. Everything else comes from the index, so that many courses take no more
/// statements than one.
pub(super) async fn similar(ctx: &Context<'_>, course: &Course, first: i32) -> Result<Vec<Course>> {
    let keep = usize::try_from(first).ok().filter(|_| (1..=MAX_SIMILAR).contains(&first));
    let keep = keep.ok_or_else(|| AppError::input("first", format!("must be 1 to {MAX_SIMILAR}")))?;
    let id = course.0.id;
    let (skills, careers, subjects, units, part_of) = try_join!(
        linked(ctx, Link::Skill, id),
        linked(ctx, Link::Career, id),
        linked(ctx, Link::Subject, id),
        linked(ctx, Link::Unit, id),
        linked(ctx, Link::PartOf, id),
    )?;
    let model = SimilarityQuery {
        skills,
        careers,
        subjects,
        level: course.0.level.map(|level| level as i64),
        provider: course.0.provider_id,
        excluded: [vec![id], units, part_of].concat(),
    };
    Course::load_listed(ctx, &search::similar(ctx.search(), &model, keep)?).await
}
