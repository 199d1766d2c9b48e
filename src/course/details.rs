//! The smaller values that a course shows.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use entity::{award, course, course_prerequisite_skill, financing_plan};

use super::facts;
use super::links::{Link, linked};
use super::parts::RequiredSkillsOf;
use super::types::Course;
use crate::error::{AppError, Result};
use crate::graphql::context::InRequest;
use crate::graphql::enums::{FinancingKind, PricePeriod, PricingCategory, SkillLevel};
use crate::graphql::loaders::Load;
use crate::graphql::scalars::Decimal;
use crate::graphql::shapes::{IntRange, Money};
use crate::taxonomy::Skill;
use crate::values::from_e4;

/// How long a course takes, in the measures that its listing states.
#[derive(SimpleObject)]
pub struct Duration {
    /// Weeks from beginning to end; null where not stated.
    pub weeks: Option<i32>,
    /// Days of teaching; null where not stated.
    pub days: Option<IntRange>,
    /// Hours in all; null where not stated.
    pub hours: Option<i32>,
    /// Hours a week; null where not stated.
    pub hours_per_week: Option<IntRange>,
    /// Hours in all, to compare by: the hours where stated; else weeks times hours a week (the middle of their range;
    /// where unstated 40 for a full-time course, 10 for any other); else days times 6. Null where none of it is stated.
    pub estimated_hours: Option<i32>,
}

impl Duration {
    /// What a row says; nothing where it states no measure.
    pub(super) fn of(row: &course::Model) -> Option<Self> {
        let days = IntRange::stored(row.duration_days_min, row.duration_days_max);
        let hours_per_week = IntRange::stored(row.hours_per_week_min, row.hours_per_week_max);
        let stated = row.duration_weeks.or(row.duration_hours).is_some() || days.is_some() || hours_per_week.is_some();
        stated.then(|| Duration {
            weeks: row.duration_weeks,
            days,
            hours: row.duration_hours,
            hours_per_week,
            estimated_hours: facts::estimated_hours(row),
        })
    }
}

/// How a course is paid for.
#[derive(SimpleObject)]
pub struct Pricing {
    /// Roughly what it costs.
    pub category: PricingCategory,
    /// The price; null where not stated.
    pub amount: Option<Money>,
    /// What the price is for; null where not stated.
    pub per: Option<PricePeriod>,
    /// What the certificate costs on top, e.g. of a free course; null where not stated.
    pub certificate: Option<Money>,
}

impl Pricing {
    /// What a row says; nothing where it states no category.
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
    /// What it was given as, e.g. "Best Python Bootcamp".
    pub title: String,
    /// Who gave it.
    pub awarded_by: String,
    /// For which year; null where not stated.
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
    /// What kind of plan it is.
    pub kind: FinancingKind,
    /// The yearly rate in percent; 0 is free of interest; null where not stated.
    pub apr_percent: Option<Decimal>,
    /// Over how many months; null where not stated.
    pub months: Option<i32>,
    /// The share of income that is paid, in percent; null where not stated or not of that kind.
    pub income_percent: Option<Decimal>,
    /// The yearly income below which nothing is paid; null where not stated.
    pub income_floor: Option<Money>,
    /// The most that is paid in all; null where not stated.
    pub cap: Option<Money>,
    /// What else the provider says of it; null where nothing.
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

/// What a learner must bring to a course.
pub struct Prerequisites(pub(super) Arc<course::Model>);

/// What a learner must bring to a course.
#[Object]
impl Prerequisites {
    /// Whether the listing says that nothing is needed (true) or that something is (false); null where it says neither.
    async fn none(&self) -> Option<bool> {
        self.0.no_prerequisites
    }

    /// Skills to bring, each with how well it must be held. Empty where none is stated.
    async fn skills(&self, ctx: &Context<'_>) -> Result<Vec<SkillRequirement>> {
        let rows = ctx.load(RequiredSkillsOf(self.0.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(SkillRequirement).collect())
    }

    /// Courses to take before. Empty where none is stated.
    async fn courses(&self, ctx: &Context<'_>) -> Result<Vec<Course>> {
        Course::load_linked(ctx, &linked(ctx, Link::Required, self.0.id).await?).await
    }

    /// What else the listing says of it; null where nothing.
    async fn note(&self) -> Option<&str> {
        self.0.prerequisite_note.as_deref()
    }
}

/// A skill that a learner must bring.
pub struct SkillRequirement(course_prerequisite_skill::Model);

/// A skill that a learner must bring.
#[Object]
impl SkillRequirement {
    /// The skill.
    async fn skill(&self, ctx: &Context<'_>) -> Result<Skill> {
        let skill = ctx.dictionary().skills.get(self.0.skill_id).cloned();
        skill.map(Skill).ok_or_else(|| AppError::internal("a required skill that does not exist"))
    }

    /// How well it must be held.
    async fn level(&self) -> SkillLevel {
        self.0.level.into()
    }
}
