//! Facts for the document of a course. They are loaded together for all courses of a list.

use std::sync::Arc;

use async_graphql::Context;
use catalog::dictionary::{self, NamedEntity, Table};
use catalog::error::{AppError, Result};
use entity::offering;
use futures_util::try_join;
use search::paging::page::PageArguments;

use crate::graphql::context::ContextExt;
use crate::graphql::course::{Course, DescriptionOf, Link, RequiredSkillsOf, linked};
use crate::graphql::loaders::Load;
use crate::graphql::offering::offerings;
use crate::graphql::rating::{RatingOf, RatingSummary};

/// Number of upcoming offerings to include.
const MAX_OFFERINGS: i32 = 10;

pub(super) struct CourseData {
    pub(super) row: Arc<entity::course::Model>,
    pub(super) provider: Arc<dictionary::Provider>,
    /// Loaded only if there is no summary.
    pub(super) description: Option<String>,
    pub(super) subjects: Vec<String>,
    pub(super) skills: Vec<String>,
    pub(super) certifications: Vec<String>,
    /// Names of the required skills, with their levels.
    pub(super) required_skills: Vec<(String, entity::SkillLevel)>,
    /// Titles of the courses to take first.
    pub(super) required_courses: Vec<String>,
    pub(super) offerings: Vec<Arc<offering::Model>>,
    pub(super) ratings: Option<RatingSummary>,
}

impl CourseData {
    /// Loads the facts, with as many statements for a page of courses as for one.
    pub(super) async fn load(ctx: &Context<'_>, course: &Course) -> Result<Self> {
        let (row, dictionary) = (course.0.clone(), ctx.dictionary());
        let provider = dictionary.providers.get(row.provider_id).cloned();
        let provider = provider.ok_or_else(|| AppError::internal("a course without provider"))?;
        let id = row.id;
        let (subjects, skills, certifications, required) = try_join!(
            linked(ctx, Link::Subject, id),
            linked(ctx, Link::Skill, id),
            linked(ctx, Link::Certification, id),
            linked(ctx, Link::Required, id),
        )?;
        let (required_skills, ratings, offerings, required_courses) = try_join!(
            ctx.load(RequiredSkillsOf(id)),
            ctx.load(RatingOf::Course(id)),
            offerings(ctx, id, true, PageArguments::forward(Some(MAX_OFFERINGS), None)),
            Course::load_listed(ctx, &required),
        )?;
        let description = if row.summary.is_some() { None } else { ctx.load(DescriptionOf(id)).await? };
        let required_skills = required_skills.unwrap_or_default().into_iter();
        let skill = |id| dictionary.skills.get(id).map(|skill| skill.row.name.clone());
        let certifications = dictionary.certifications.all(&certifications).into_iter();
        let certifications = certifications.filter(|it| it.is_listed(dictionary)).map(|it| it.row.name.clone());
        Ok(Self {
            provider,
            description: description.map(|text| text.as_ref().to_owned()),
            subjects: names(&dictionary.subjects, &subjects),
            skills: names(&dictionary.skills, &skills),
            certifications: certifications.collect(),
            required_skills: required_skills.filter_map(|row| Some((skill(row.skill_id)?, row.level))).collect(),
            required_courses: required_courses.iter().map(|course| course.0.title.clone()).collect(),
            offerings: offerings.edges.into_iter().map(|edge| edge.node.0).collect(),
            ratings: ratings.filter(|ratings| ratings.count > 0),
            row,
        })
    }
}

fn names<T: NamedEntity>(table: &Table<T>, ids: &[i64]) -> Vec<String> {
    table.all(ids).iter().map(|row| row.name().to_owned()).collect()
}
