//! The second half of an explanation: what a listing states about a criterion, in words. Does not belong here: whether
//! the criterion is met, which the index decides.

use std::sync::Arc;

use async_graphql::Context;
use catalog::course::derived;
use catalog::dictionary::{NamedEntity, Skill, Table};
use catalog::error::Result;
use entity::{Format, Schedule, course};
use sea_orm::{ActiveEnum, Iterable};
use search::weeks_of;

use super::criterion::{GoalCriterion, SkillAtLevel};
use super::criterion_text::{amount, and, levels, members, names};
use crate::graphql::context::ContextExt;
use crate::graphql::course::{Course, Link, RequiredSkillsOf, linked};
use crate::graphql::loaders::Load;
use crate::graphql::offering::locations;
use crate::graphql::rating::RatingOf;

/// Describes what the listing of a course states about a criterion.
pub(super) async fn describe_listing(ctx: &Context<'_>, criterion: &GoalCriterion, course: &Course) -> Result<String> {
    let (row, dictionary) = (&*course.0, ctx.dictionary());
    Ok(match criterion {
        GoalCriterion::Career(career) => {
            let ids = linked(ctx, Link::Career, row.id).await?;
            aim(&dictionary.careers, &ids, career.id(), "it leads", "there", "where it leads")
        }
        GoalCriterion::Certification(certification) => {
            let ids = linked(ctx, Link::Certification, row.id).await?;
            aim(&dictionary.certifications, &ids, certification.id(), "it prepares", "for it", "what it prepares for")
        }
        GoalCriterion::Skills { skills, .. } => taught(skills, &linked(ctx, Link::Skill, row.id).await?),
        GoalCriterion::Knows(known) => needed(ctx, row, known).await?,
        GoalCriterion::Budget(..) => price(row),
        GoalCriterion::FinishWithin { hours_per_week, .. } => length(row, *hours_per_week),
        GoalCriterion::HoursPerWeek(_) => match derived::hours_per_week(row) {
            Some(hours) => format!("it takes {hours} hours a week"),
            None => not_stated("how many it takes"),
        },
        GoalCriterion::Formats(_) => ways_of::<Format>(row.formats, "how it is held"),
        GoalCriterion::Schedules(_) => ways_of::<Schedule>(row.schedules, "when it is held"),
        GoalCriterion::Location { .. } => {
            let places: Vec<String> = locations(ctx, row).await?.into_iter().collect();
            stated("it is held in", places.join(" and in "), "where it is held")
        }
        GoalCriterion::Languages { .. } => {
            let tags: Vec<String> = derived::languages(row).map(str::to_owned).collect();
            stated("it is taught in", and(&tags), "what it is taught in")
        }
        GoalCriterion::Rating => match ctx.load(RatingOf::Course(row.id)).await?.and_then(|rating| rating.score) {
            Some(score) => format!("its reviews come to {score:.2} of 5 stars"),
            None => "nobody has reviewed it yet".to_owned(),
        },
    })
}

fn not_stated(what: &str) -> String {
    format!("the listing does not say {what}")
}

fn stated(verb: &str, what: String, unknown: &str) -> String {
    if what.is_empty() { not_stated(unknown) } else { format!("{verb} {what}") }
}

fn ways_of<T: Iterable + ActiveEnum<Value = String>>(ways: i32, unknown: &str) -> String {
    stated("it is held", and(&members(&entity::members::<T>(ways))), unknown)
}

fn aim<T: NamedEntity>(table: &Table<T>, ids: &[i64], wanted: i64, verb: &str, yes: &str, unknown: &str) -> String {
    let others = names(&table.all(ids));
    if ids.contains(&wanted) {
        return format!("{verb} {yes}");
    }
    let to = yes.split_once(' ').map_or("to", |(preposition, _)| preposition);
    stated(&format!("{verb} {to}"), and(&others), unknown)
}

fn taught(wanted: &[Arc<Skill>], taught: &[i64]) -> String {
    let shared: Vec<_> = wanted.iter().filter(|skill| taught.contains(&skill.id())).cloned().collect();
    if taught.is_empty() {
        not_stated("what it teaches")
    } else if shared.is_empty() {
        "it teaches none of that".to_owned()
    } else {
        format!("it teaches {}", and(&names(&shared)))
    }
}

async fn needed(ctx: &Context<'_>, row: &course::Model, known: &[SkillAtLevel]) -> Result<String> {
    let required = ctx.load(RequiredSkillsOf(row.id)).await?.unwrap_or_default();
    let skill = |id| ctx.dictionary().skills.get(id).cloned();
    let needed: Vec<_> = required.iter().filter_map(|row| Some((skill(row.skill_id)?, row.level))).collect();
    let is_known = |(skill, level): &SkillAtLevel| {
        known.iter().any(|(known, known_level)| known.id() == skill.id() && known_level >= level)
    };
    let lacking: Vec<_> = needed.iter().filter(|needed| !is_known(needed)).cloned().collect();
    let asks_more = row.prerequisite_note.is_some() || !linked(ctx, Link::Required, row.id).await?.is_empty();
    Ok(if row.no_prerequisites == Some(true) {
        "it asks for nothing".to_owned()
    } else if needed.is_empty() && asks_more {
        "it asks for more than skills: see its prerequisites".to_owned()
    } else if needed.is_empty() {
        not_stated("what it asks for")
    } else if lacking.is_empty() {
        let more = if asks_more { ", and for more than skills: see its prerequisites" } else { "" };
        format!("it asks for {}, which you bring{more}", and(&levels(&needed)))
    } else {
        format!("it asks for {}, and you lack {}", and(&levels(&needed)), and(&levels(&lacking)))
    })
}

fn price(row: &course::Model) -> String {
    match derived::price(row) {
        Some(price) if price.minor == 0 => "it is free".to_owned(),
        Some(price) => format!("it costs {}", amount(price)),
        None => not_stated("what it costs once"),
    }
}

fn length(row: &course::Model, hours_per_week: Option<i32>) -> String {
    let hours = derived::estimated_hours(row).zip(derived::exact_hours(row));
    match (row.duration_weeks, hours, hours_per_week) {
        (Some(weeks), _, _) => format!("it takes {weeks} weeks"),
        (None, Some((hours, exact)), Some(pace)) => {
            let weeks = weeks_of(hours.into(), pace.into());
            format!("it takes {exact} hours, which are {weeks} weeks at {pace} hours a week")
        }
        (None, Some((_, hours)), None) => {
            format!("it takes {hours} hours, and you did not say how many you have a week")
        }
        (None, None, _) => not_stated("how long it takes"),
    }
}
