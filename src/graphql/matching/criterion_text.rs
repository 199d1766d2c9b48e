//! The first half of an explanation: what the learner asked for, in words. Does not belong here: what a listing states.

use std::ops::RangeInclusive;
use std::sync::Arc;

use catalog::dictionary::NamedEntity;
use catalog::values::Money;
use iso_currency::Currency;
use sea_orm::ActiveEnum;

use super::criterion::{GoalCriterion, SkillAtLevel};

pub(super) fn describe_criterion(criterion: &GoalCriterion) -> String {
    match criterion {
        GoalCriterion::Career(career) => format!("You want to become {}", career.name()),
        GoalCriterion::Certification(certification) => format!("You want the certification {}", certification.name()),
        GoalCriterion::Skills { skills, needed_for } if needed_for.is_empty() => {
            format!("You want to learn {}", and(&names(skills)))
        }
        GoalCriterion::Skills { skills, needed_for } => {
            let count = if skills.len() == 1 { "1 skill".to_owned() } else { format!("{} skills", skills.len()) };
            format!("You lack {count} for {}", and(needed_for))
        }
        GoalCriterion::Knows(known) if known.is_empty() => "You know none of the skills yet".to_owned(),
        GoalCriterion::Knows(known) => format!("You know {}", and(&levels(known))),
        GoalCriterion::Budget(currency, range) => format!("You asked for {}", budget(*currency, range)),
        GoalCriterion::FinishWithin { weeks, .. } => format!("You want to finish within {weeks} weeks"),
        GoalCriterion::HoursPerWeek(hours) => format!("You have {hours} hours a week"),
        GoalCriterion::Formats(formats) => format!("You asked for {}", or(&members(formats))),
        GoalCriterion::Schedules(schedules) => format!("You asked for {}", or(&members(schedules))),
        GoalCriterion::Location { description, .. } => format!("You asked for {description}"),
        GoalCriterion::Languages { tags, .. } => format!("You asked for {}", or(tags)),
        GoalCriterion::Rating => "Better rated courses come first".to_owned(),
    }
}

pub(super) fn amount(money: Money) -> String {
    format!("{} {}", money.amount(), money.currency.code())
}

fn budget(currency: Currency, range: &RangeInclusive<i64>) -> String {
    let shown = |minor: &i64| amount(Money { minor: *minor, currency });
    match (Some(range.start()).filter(|least| **least > i64::MIN), Some(range.end()).filter(|most| **most < i64::MAX)) {
        (Some(least), Some(most)) => format!("{} to {}", shown(least), shown(most)),
        (Some(least), None) => format!("at least {}", shown(least)),
        (None, Some(most)) => format!("at most {}", shown(most)),
        (None, None) => "any price".to_owned(),
    }
}

/// Names of dictionary rows.
pub(super) fn names<T: NamedEntity>(rows: &[Arc<T>]) -> Vec<String> {
    rows.iter().map(|row| row.name().to_owned()).collect()
}

/// Skills with their levels, e.g. "HTML (basic)".
pub(super) fn levels(skills: &[SkillAtLevel]) -> Vec<String> {
    skills.iter().map(|(skill, level)| format!("{} ({})", skill.name(), member(level))).collect()
}

/// Enum values in everyday words.
pub(super) fn members<T: ActiveEnum<Value = String>>(members: &[T]) -> Vec<String> {
    members.iter().map(member).collect()
}

fn member<T: ActiveEnum<Value = String>>(member: &T) -> String {
    member.to_value().to_lowercase().replace('_', " ")
}

/// Joins words as "A, B and C".
pub(super) fn and(words: &[String]) -> String {
    joined(words, "and")
}

/// Joins words as "A, B or C".
fn or(words: &[String]) -> String {
    joined(words, "or")
}

fn joined(words: &[String], last: &str) -> String {
    match words {
        [rest @ .., before, end] => {
            let rest: String = rest.iter().map(|word| format!("{word}, ")).collect();
            format!("{rest}{before} {last} {end}")
        }
        [word] => word.clone(),
        [] => String::new(),
    }
}
