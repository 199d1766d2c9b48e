//! What mutations say of a course: input objects that give the schema its form. What they say is read by `draft`, all
//! faults at once. What must not go in: rules.

use async_graphql::InputObject;

use crate::graphql::enums::{
    CourseKind, FinancingKind, Format, Level, PricePeriod, PricingCategory, Schedule, SkillLevel,
};
use crate::graphql::inputs::{LocationInput, MoneyInput};
use crate::graphql::raw::Unread;
use crate::graphql::scalars::{Date, Decimal, LanguageCode, WebAddress};

/// A new course. What is left out or null is not stated.
#[derive(InputObject)]
pub struct CourseInput {
    /// Its title: one line of at most 200 characters.
    pub title: String,
    /// What it is.
    pub kind: CourseKind,
    /// The provider's own key for it, one line of at most 200 characters; no two courses of a provider have the same.
    pub external_key: Option<String>,
    /// The chances to take it, at most 200.
    pub offerings: Option<Vec<OfferingInput>>,
    /// All else.
    #[graphql(flatten)]
    pub details: CourseDetails,
}

/// A change of a course. A field that is absent stays as it is, and null clears it. Lists are replaced whole.
#[derive(InputObject)]
pub struct CoursePatch {
    /// Its title: one line of at most 200 characters; not to be cleared.
    pub title: Option<String>,
    /// What it is; not to be cleared.
    pub kind: Option<CourseKind>,
    /// The provider's own key for it, one line of at most 200 characters; no two courses of a provider have the same.
    pub external_key: Option<String>,
    /// All else.
    #[graphql(flatten)]
    pub details: CourseDetails,
}

/// A course in a batch: a new one, or a change of the one that has its key. A field that is absent stays as it is or is
/// not stated, and null clears it. Lists are replaced whole.
#[derive(InputObject)]
pub struct CourseRow {
    /// The provider's own key for it, one line of at most 200 characters.
    pub external_key: String,
    /// true publishes it, false makes it a draft again; absent or null leaves it, and a new one is a draft.
    pub publish: Option<bool>,
    /// Title of the course: one line of at most 200 characters. Required for a new course, and never null.
    pub title: Option<String>,
    /// Kind of the course. Required for a new course, and never null.
    pub kind: Option<CourseKind>,
    /// The chances to take it, at most 200. One that is there already is known again by when, where and how it is held.
    pub offerings: Option<Vec<OfferingInput>>,
    /// All else.
    #[graphql(flatten)]
    pub details: CourseDetails,
}

/// What all of them say of a course.
#[derive(InputObject)]
pub struct CourseDetails {
    /// Its slug: lower-case ASCII letters and digits with single hyphens between them, at most 120 characters, unique
    /// among courses; an old one goes on resolving. Absent or null: the one it has, or one made from the title.
    pub slug: Option<String>,
    /// What it is in short: plain text of at most 500 characters.
    pub summary: Option<String>,
    /// What it is in full: Markdown of at most 20,000 characters. HTML in it is kept as text.
    pub description: Option<String>,
    /// Whom it addresses.
    pub level: Option<Level>,
    /// Who else stands behind it: slugs of providers, at most 200.
    pub partners: Option<Vec<String>>,
    /// The fields of study it belongs to: slugs, at most 200.
    pub subjects: Option<Vec<String>>,
    /// How it is held.
    pub formats: Option<Vec<Format>>,
    /// When it is held.
    pub schedules: Option<Vec<Schedule>>,
    /// The languages it is taught in, at most 20.
    pub languages: Option<Vec<Unread<LanguageCode>>>,
    /// How long it takes.
    pub duration: Option<DurationInput>,
    /// How it is paid for.
    pub pricing: Option<PricingInput>,
    /// The ways to pay for it, at most 20.
    pub financing: Option<Vec<FinancingInput>>,
    /// Within how many months it may be taken again for nothing, 0 to 1200; 0: it may not.
    pub free_retake_within_months: Option<i32>,
    /// Whether finishing it gives a certificate of completion.
    pub certificate_of_completion: Option<bool>,
    /// How many one-to-one mentoring sessions it includes, 0 to 10,000.
    pub mentoring_sessions: Option<i32>,
    /// Whether it prepares for looking for a job.
    pub job_preparation: Option<bool>,
    /// Whether the provider guarantees a job or the money back.
    pub job_guarantee: Option<bool>,
    /// Whether learners leave it with a portfolio of their own work.
    pub portfolio: Option<bool>,
    /// The skills it teaches: slugs, at most 200.
    pub skills: Option<Vec<String>>,
    /// Whether nothing (true) or something (false) need be known before.
    pub no_prerequisites: Option<bool>,
    /// Skills that a learner must bring, at most 50.
    pub prerequisite_skills: Option<Vec<SkillRequirementInput>>,
    /// Courses to take before: slugs, at most 200.
    pub prerequisite_courses: Option<Vec<String>>,
    /// What else a learner must bring: text of at most 2,000 characters.
    pub prerequisite_note: Option<String>,
    /// The courses it is made of, in order: slugs, at most 200.
    pub units: Option<Vec<String>>,
    /// The certifications that it prepares for, or ends with: slugs, at most 200.
    pub certifications: Option<Vec<String>>,
    /// The careers that it leads to: slugs, at most 200.
    pub careers: Option<Vec<String>>,
    /// The awards that it has won, at most 50.
    pub awards: Option<Vec<AwardInput>>,
    /// Where it is described and booked.
    pub url: Option<Unread<WebAddress>>,
}

/// One chance to take a course, whole: what is left out or null is not stated.
#[derive(InputObject)]
pub struct OfferingInput {
    /// How it is held.
    pub format: Format,
    /// When it is held.
    pub schedule: Option<Schedule>,
    /// The day it starts; without it it is on demand.
    pub starts_on: Option<Unread<Date>>,
    /// The day it ends, not before startsOn; not without it.
    pub ends_on: Option<Unread<Date>>,
    /// The last day to apply, not after startsOn.
    pub apply_by: Option<Unread<Date>>,
    /// The time zone of its dates, an IANA name.
    pub time_zone: Option<String>,
    /// Where it is held.
    pub location: Option<LocationInput>,
    /// The language it is taught in.
    pub language: Option<Unread<LanguageCode>>,
    /// What it costs; as the course where it is not stated.
    pub price: Option<MoneyInput>,
    /// How many learners it takes, 0 or more.
    pub capacity: Option<i32>,
    /// How many seats are left, 0 to capacity.
    pub seats_left: Option<i32>,
    /// Where it is booked.
    pub url: Option<Unread<WebAddress>>,
}

/// How long a course takes, whole: what is left out or null is not stated.
#[derive(InputObject)]
pub struct DurationInput {
    /// Weeks from beginning to end, 1 to 1000.
    pub weeks: Option<i32>,
    /// Days of teaching, 1 to 7000.
    pub days: Option<IntRangeInput>,
    /// Hours in all, 1 to 100,000.
    pub hours: Option<i32>,
    /// Hours a week, 1 to 168.
    pub hours_per_week: Option<IntRangeInput>,
}

/// A range of whole numbers, both ends included.
#[derive(InputObject)]
pub struct IntRangeInput {
    /// The least, not above max; null: open downwards.
    pub min: Option<i32>,
    /// The most; null: open upwards.
    pub max: Option<i32>,
}

/// How a course is paid for, whole: what is left out or null is not stated.
#[derive(InputObject)]
pub struct PricingInput {
    /// Roughly what it costs.
    pub category: PricingCategory,
    /// The price.
    pub amount: Option<MoneyInput>,
    /// What the price is for.
    pub per: Option<PricePeriod>,
    /// What the certificate costs on top.
    pub certificate: Option<MoneyInput>,
}

/// A way to pay for a course. What is left out or null is not stated.
#[derive(InputObject)]
pub struct FinancingInput {
    /// What kind of plan it is.
    pub kind: FinancingKind,
    /// The yearly rate in percent, with at most four decimals; 0 is free of interest.
    pub apr_percent: Option<Unread<Decimal>>,
    /// Over how many months, 1 to 600.
    pub months: Option<i32>,
    /// The share of income that is paid, in percent, 0 to 100 with at most four decimals.
    pub income_percent: Option<Unread<Decimal>>,
    /// The yearly income below which nothing is paid.
    pub income_floor: Option<MoneyInput>,
    /// The most that is paid in all.
    pub cap: Option<MoneyInput>,
    /// What else is to be said of it: text of at most 2,000 characters.
    pub note: Option<String>,
}

/// A skill that a learner must bring.
#[derive(InputObject)]
pub struct SkillRequirementInput {
    /// The skill's slug.
    pub skill: String,
    /// How well it must be held.
    pub level: SkillLevel,
}

/// An award that a course has won.
#[derive(InputObject)]
pub struct AwardInput {
    /// What it was given as: one line of at most 200 characters.
    pub title: String,
    /// Who gave it: one line of at most 200 characters.
    pub awarded_by: String,
    /// For which year, 1900 to 2200; null where not stated.
    pub year: Option<i32>,
}
