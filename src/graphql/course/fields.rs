//! Input objects of the course mutations. They only define the shape in the schema; `draft` parses their contents, so
//! that all errors are reported at once. Validation rules do not belong here.

use async_graphql::InputObject;

use crate::graphql::enums::{
    CourseKind, FinancingKind, Format, Level, PricePeriod, PricingCategory, Schedule, SkillLevel,
};
use crate::graphql::inputs::{LocationInput, MoneyInput};
use crate::graphql::scalars::{Date, Decimal, LanguageCode, WebAddress};
use crate::graphql::untyped_input::DeferredScalar;

/// A new course. A field that is left out or null is not stated.
#[derive(InputObject)]
pub struct CourseInput {
    /// Title of the course: one line of at most 200 characters.
    pub title: String,
    /// Kind of the course.
    pub kind: CourseKind,
    /// The provider's own key for the course: one line of at most 200 characters, unique among the provider's courses.
    pub external_key: Option<String>,
    /// Offerings of the course, at most 200.
    pub offerings: Option<Vec<OfferingInput>>,
    /// All remaining fields.
    #[graphql(flatten)]
    pub details: CourseDetails,
}

/// Changes to a course. An absent field keeps its value, null clears it. A list replaces the whole stored list.
#[derive(InputObject)]
pub struct CoursePatch {
    /// Title of the course: one line of at most 200 characters. Cannot be cleared.
    pub title: Option<String>,
    /// Kind of the course. Cannot be cleared.
    pub kind: Option<CourseKind>,
    /// The provider's own key for the course: one line of at most 200 characters, unique among the provider's courses.
    pub external_key: Option<String>,
    /// All remaining fields.
    #[graphql(flatten)]
    pub details: CourseDetails,
}

/// A course in a batch: updates the course that has this `externalKey`, or creates it. An absent field keeps its value,
/// or is not stated if the course is new. Null clears a field. A list replaces the whole stored list.
#[derive(InputObject)]
pub struct CourseRow {
    /// The provider's own key for the course: one line of at most 200 characters.
    pub external_key: String,
    /// True publishes the course, false turns it back into a draft. If absent or null, the status does not change; a
    /// new course is a draft.
    pub publish: Option<bool>,
    /// Title of the course: one line of at most 200 characters. Required for a new course. Cannot be null.
    pub title: Option<String>,
    /// Kind of the course. Required for a new course. Cannot be null.
    pub kind: Option<CourseKind>,
    /// Offerings of the course, at most 200. An offering that already exists keeps its ID; it is recognised by format,
    /// schedule, start day, city, country and language.
    pub offerings: Option<Vec<OfferingInput>>,
    /// All remaining fields.
    #[graphql(flatten)]
    pub details: CourseDetails,
}

/// Fields that all course inputs have in common.
#[derive(InputObject)]
pub struct CourseDetails {
    /// Slug of the course: lower-case ASCII letters and digits, separated by single hyphens, at most 120 characters,
    /// unique among courses. Earlier slugs keep resolving. If absent or null, the course keeps its slug; a new course
    /// gets one made from its title.
    pub slug: Option<String>,
    /// Short description: plain text of at most 500 characters.
    pub summary: Option<String>,
    /// Full description: Markdown of at most 20,000 characters. HTML in it is kept as text.
    pub description: Option<String>,
    /// Level of the intended audience.
    pub level: Option<Level>,
    /// Slugs of the partner providers, at most 200. A partner is shown publicly once it has accepted the partnership.
    pub partners: Option<Vec<String>>,
    /// Slugs of the subjects, at most 200.
    pub subjects: Option<Vec<String>>,
    /// Formats in which the course is taught.
    pub formats: Option<Vec<Format>>,
    /// Schedules on which the course is taught.
    pub schedules: Option<Vec<Schedule>>,
    /// Languages in which the course is taught, at most 20.
    pub languages: Option<Vec<DeferredScalar<LanguageCode>>>,
    /// Length of the course.
    pub duration: Option<DurationInput>,
    /// Pricing of the course.
    pub pricing: Option<PricingInput>,
    /// Ways to pay for the course, at most 20.
    pub financing: Option<Vec<FinancingInput>>,
    /// Number of months within which learners can retake the course for free, 0 to 1200. 0 means that there is no free
    /// retake.
    pub free_retake_within_months: Option<i32>,
    /// Whether learners get a certificate of completion.
    pub certificate_of_completion: Option<bool>,
    /// Number of one-to-one mentoring sessions included, 0 to 10,000.
    pub mentoring_sessions: Option<i32>,
    /// Maximum number of learners in a class, 1 to 10,000.
    pub max_class_size: Option<i32>,
    /// Whether the course prepares learners for a job search.
    pub job_preparation: Option<bool>,
    /// Whether the provider guarantees a job or a refund.
    pub job_guarantee: Option<bool>,
    /// Whether learners leave with a portfolio of their own work.
    pub portfolio: Option<bool>,
    /// Slugs of the skills taught, at most 200.
    pub skills: Option<Vec<String>>,
    /// True if the course has no prerequisites, false if it has some.
    pub no_prerequisites: Option<bool>,
    /// Required skills, at most 50.
    pub prerequisite_skills: Option<Vec<SkillRequirementInput>>,
    /// Slugs of the courses to take first, at most 200.
    pub prerequisite_courses: Option<Vec<String>>,
    /// Additional prerequisites: text of at most 2,000 characters.
    pub prerequisite_note: Option<String>,
    /// Slugs of the courses that make up this one, in order, at most 200.
    pub units: Option<Vec<String>>,
    /// Slugs of the certifications that the course prepares for or ends with, at most 200.
    pub certifications: Option<Vec<String>>,
    /// Slugs of the careers that the course leads to, at most 200.
    pub careers: Option<Vec<String>>,
    /// Awards that the course has won, at most 50.
    pub awards: Option<Vec<AwardInput>>,
    /// Web page that describes the course and takes bookings.
    pub url: Option<DeferredScalar<WebAddress>>,
}

/// An offering of a course. It is always sent whole: a field that is left out or null is not stated.
#[derive(InputObject)]
pub struct OfferingInput {
    /// Format of the offering.
    pub format: Format,
    /// Schedule of the offering.
    pub schedule: Option<Schedule>,
    /// First day. If left out, the offering is on demand.
    pub starts_on: Option<DeferredScalar<Date>>,
    /// Last day, not before `startsOn`. Only allowed together with `startsOn`.
    pub ends_on: Option<DeferredScalar<Date>>,
    /// Application deadline, not after `startsOn`.
    pub apply_by: Option<DeferredScalar<Date>>,
    /// Time zone of the dates, as an IANA name, e.g. "Europe/Paris".
    pub time_zone: Option<String>,
    /// Location of the offering.
    pub location: Option<LocationInput>,
    /// Language in which the offering is taught.
    pub language: Option<DeferredScalar<LanguageCode>>,
    /// Price of the offering. If left out, the price of the course applies.
    pub price: Option<MoneyInput>,
    /// Number of places, 0 or more.
    pub capacity: Option<i32>,
    /// Number of free places, 0 to `capacity`.
    pub seats_left: Option<i32>,
    /// Web page for booking the offering.
    pub url: Option<DeferredScalar<WebAddress>>,
}

/// Length of a course. It is always sent whole: a field that is left out or null is not stated.
#[derive(InputObject)]
pub struct DurationInput {
    /// Weeks from start to end, 1 to 1000.
    pub weeks: Option<i32>,
    /// Number of teaching days, 1 to 7000.
    pub days: Option<IntRangeInput>,
    /// Total number of hours, 1 to 100,000.
    pub hours: Option<i32>,
    /// Hours per week, 1 to 168.
    pub hours_per_week: Option<IntRangeInput>,
}

/// A range of integers. Both ends are included.
#[derive(InputObject)]
pub struct IntRangeInput {
    /// Lower end, not above `max`. Null means no lower limit.
    pub min: Option<i32>,
    /// Upper end. Null means no upper limit.
    pub max: Option<i32>,
}

/// Pricing of a course. It is always sent whole: a field that is left out or null is not stated.
#[derive(InputObject)]
pub struct PricingInput {
    /// Pricing category, e.g. FREE or SUBSCRIPTION.
    pub category: PricingCategory,
    /// Price of the course. Must be 0 or left out if the category is FREE.
    pub amount: Option<MoneyInput>,
    /// Period that `amount` pays for. Must not be ONCE if the category is SUBSCRIPTION.
    pub per: Option<PricePeriod>,
    /// Additional price of the certificate.
    pub certificate: Option<MoneyInput>,
}

/// A way to pay for a course. A field that is left out or null is not stated.
#[derive(InputObject)]
pub struct FinancingInput {
    /// Kind of the plan.
    pub kind: FinancingKind,
    /// Nominal yearly interest rate in percent, 0 to 1000 with at most four decimals. 0 means interest-free.
    pub apr_percent: Option<DeferredScalar<Decimal>>,
    /// Number of months over which the plan runs, 1 to 600.
    pub months: Option<i32>,
    /// Share of income to pay, in percent, 0 to 100 with at most four decimals.
    pub income_percent: Option<DeferredScalar<Decimal>>,
    /// Yearly income below which nothing has to be paid.
    pub income_floor: Option<MoneyInput>,
    /// Maximum amount to pay in total.
    pub cap: Option<MoneyInput>,
    /// Additional information: text of at most 2,000 characters.
    pub note: Option<String>,
}

/// A skill that a course requires.
#[derive(InputObject)]
pub struct SkillRequirementInput {
    /// Slug of the skill.
    pub skill: String,
    /// Minimum level of the skill.
    pub level: SkillLevel,
}

/// An award that a course has won.
#[derive(InputObject)]
pub struct AwardInput {
    /// Title of the award: one line of at most 200 characters.
    pub title: String,
    /// Organisation that gave the award: one line of at most 200 characters.
    pub awarded_by: String,
    /// Year of the award, 1900 to 2200. Null if not stated.
    pub year: Option<i32>,
}
