//! Value objects of a course: duration, pricing, awards, financing and prerequisites.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use catalog::course::derived;
use catalog::error::AppError;
use catalog::values::from_e4;
use entity::{award, course, course_prerequisite_skill, financing_plan};

use super::child_rows::RequiredSkillsOf;
use super::links::{Link, linked};
use super::types::Course;
use crate::graphql::context::ContextExt;
use crate::graphql::enums::{FinancingKind, PricePeriod, PricingCategory, SkillLevel};
use crate::graphql::error::Result;
use crate::graphql::loaders::Load;
use crate::graphql::scalars::Decimal;
use crate::graphql::shapes::{IntRange, Money};
use crate::graphql::taxonomy::Skill;

/// Length of a course, in the units that its listing states.
#[derive(SimpleObject)]
pub struct Duration {
    /// Weeks from start to end. Null if not stated.
    pub weeks: Option<i32>,
    /// Number of teaching days. Null if not stated.
    pub days: Option<IntRange>,
    /// Total number of hours. Null if not stated, or stated in `minutes`.
    pub hours: Option<i32>,
    /// Total number of minutes, where the total is not whole hours. Null if not stated, or stated in `hours`.
    pub minutes: Option<i32>,
    /// Hours per week. Null if not stated.
    pub hours_per_week: Option<IntRange>,
    /// Total number of hours, for comparing and filtering. Equals `hours` if stated, or `minutes` rounded to the
    /// nearest hour, but at least 1. Otherwise `weeks` times `hoursPerWeek`, using the middle of the range, or 40 for a
    /// full-time course and 10 for any other if the hours per week are not stated. Otherwise `days` times 6. Null if
    /// none of these is stated.
    pub estimated_hours: Option<i32>,
}

impl Duration {
    /// Reads the duration from a row. `None` if the row states no unit.
    pub(super) fn of(row: &course::Model) -> Option<Self> {
        let days = IntRange::stored(row.duration_days_min, row.duration_days_max);
        let hours_per_week = IntRange::stored(row.hours_per_week_min, row.hours_per_week_max);
        let stated = row.duration_weeks.or(row.duration_hours).or(row.duration_minutes).is_some()
            || days.is_some()
            || hours_per_week.is_some();
        stated.then(|| Duration {
            weeks: row.duration_weeks,
            days,
            hours: row.duration_hours,
            minutes: row.duration_minutes,
            hours_per_week,
            estimated_hours: derived::estimated_hours(row),
        })
    }
}

/// Pricing of a course.
#[derive(SimpleObject)]
pub struct Pricing {
    /// Pricing category, e.g. FREE or SUBSCRIPTION.
    pub category: PricingCategory,
    /// Price of the course. Null if not stated.
    pub amount: Option<Money>,
    /// Period that `amount` pays for. Null if not stated.
    pub per: Option<PricePeriod>,
    /// Additional price of the certificate, e.g. of a free course. Null if not stated.
    pub certificate: Option<Money>,
}

impl Pricing {
    /// Reads the pricing from a row. `None` if the row states no category.
    pub(super) fn of(row: &course::Model) -> Option<Self> {
        Some(Pricing {
            category: row.pricing_category?.into(),
            amount: Money::stored(row.price, row.price_currency.as_deref()),
            per: row.price_per.map(Into::into),
            certificate: Money::stored(row.certificate_price, row.certificate_price_currency.as_deref()),
        })
    }
}

/// An award that a course has won.
#[derive(SimpleObject)]
pub struct Award {
    /// Title of the award, e.g. "Best Python Bootcamp".
    pub title: String,
    /// Organisation that gave the award.
    pub awarded_by: String,
    /// Year of the award. Null if not stated.
    pub year: Option<i32>,
}

impl From<award::Model> for Award {
    fn from(row: award::Model) -> Self {
        Self { title: row.title, awarded_by: row.awarded_by, year: row.year }
    }
}

/// A way to pay for a course.
#[derive(SimpleObject)]
pub struct FinancingPlan {
    /// Kind of the plan.
    pub kind: FinancingKind,
    /// Nominal yearly interest rate in percent; 0 means interest-free. Null if not stated.
    pub apr_percent: Option<Decimal>,
    /// Number of months over which the plan runs. Null if not stated.
    pub months: Option<i32>,
    /// Share of income to pay, in percent. Null if not stated, or if the plan is no income share.
    pub income_percent: Option<Decimal>,
    /// Yearly income below which nothing has to be paid. Null if not stated.
    pub income_floor: Option<Money>,
    /// Maximum amount to pay in total. Null if not stated.
    pub cap: Option<Money>,
    /// Additional information from the provider, as text. Null if there is none.
    pub note: Option<String>,
}

impl From<financing_plan::Model> for FinancingPlan {
    fn from(row: financing_plan::Model) -> Self {
        Self {
            kind: row.kind.into(),
            apr_percent: row.apr_percent_e4.map(from_e4).map(Decimal),
            months: row.months,
            income_percent: row.income_percent_e4.map(from_e4).map(Decimal),
            income_floor: Money::stored(row.income_floor, row.income_floor_currency.as_deref()),
            cap: Money::stored(row.cap, row.cap_currency.as_deref()),
            note: row.note,
        }
    }
}

/// What learners need before they take a course.
pub struct Prerequisites(pub(super) Arc<course::Model>);

/// What learners need before they take a course.
#[Object]
impl Prerequisites {
    /// True if the listing states that the course has no prerequisites, false if it states that it has some. Null if it
    /// states neither.
    async fn none(&self) -> Option<bool> {
        self.0.no_prerequisites
    }

    /// Required skills, each with the required level. Empty if none is stated.
    async fn skills(&self, ctx: &Context<'_>) -> Result<Vec<SkillRequirement>> {
        let rows = ctx.load(RequiredSkillsOf(self.0.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(SkillRequirement).collect())
    }

    /// Courses to take first. Empty if none is stated.
    async fn courses(&self, ctx: &Context<'_>) -> Result<Vec<Course>> {
        Ok(Course::load_linked(ctx, &linked(ctx, Link::Required, self.0.id).await?).await?)
    }

    /// Additional prerequisites, as text. Null if there are none.
    async fn note(&self) -> Option<&str> {
        self.0.prerequisite_note.as_deref()
    }
}

/// A skill that a course requires.
pub struct SkillRequirement(course_prerequisite_skill::Model);

/// A skill that a course requires.
#[Object]
impl SkillRequirement {
    /// The required skill.
    async fn skill(&self, ctx: &Context<'_>) -> Result<Skill> {
        let skill = ctx.dictionary().skills.get(self.0.skill_id).cloned();
        Ok(skill.map(Skill).ok_or_else(|| AppError::internal("a required skill that does not exist"))?)
    }

    /// Minimum level of the skill.
    async fn level(&self) -> SkillLevel {
        self.0.level.into()
    }
}
