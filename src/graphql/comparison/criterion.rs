//! Criteria for comparing and matching courses.

use async_graphql::Enum;
use sea_orm::EnumIter;

/// A criterion for comparing and matching courses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, EnumIter)]
pub enum Criterion {
    /// Careers that the course leads to, as slugs.
    Career,
    /// Certifications that the course prepares for or ends with, as slugs.
    Certification,
    /// Skills that the course teaches, as slugs.
    Skills,
    /// Prerequisites: slugs of skills with their levels, e.g. "html BASIC", and slugs of courses. NONE if the listing
    /// states that there are none, SOME if it states that there are some but not which.
    Prerequisites,
    /// Level of the intended audience, as a value of `Level`.
    Level,
    /// One-off price. The unit is the currency. Lower is better.
    Price,
    /// Ways to pay, as values of `FinancingKind`.
    Financing,
    /// Length in hours: `Duration.minutes` as hours with at most two decimals, e.g. 1.5, otherwise
    /// `Duration.estimatedHours`.
    Duration,
    /// Hours per week, using the middle of the stated range.
    HoursPerWeek,
    /// Formats that the course itself states, as values of `Format`.
    Format,
    /// Schedules that the course itself states, as values of `Schedule`.
    Schedule,
    /// Locations of the upcoming offerings, or of the provider if there are none: "city, region, country" as far as
    /// stated, with "; " between locations.
    Location,
    /// Languages in which the course is taught, as BCP 47 tags.
    Language,
    /// Start of the next offering, from today (UTC). ON_DEMAND if learners can only start on demand.
    NextStart,
    /// Number of mentoring sessions included. More is better.
    Mentoring,
    /// Number of months within which the course can be retaken for free. More is better.
    FreeRetake,
    /// Whether the course ends with a certificate of completion: true or false. True is better.
    Certificate,
    /// Whether the course prepares learners for a job search: true or false. True is better.
    JobPreparation,
    /// Whether the provider guarantees a job or a refund: true or false. True is better.
    JobGuarantee,
    /// Whether learners leave with a portfolio: true or false. True is better.
    Portfolio,
    /// Rating score, `RatingSummary.score`, rounded to two decimals. Higher is better.
    Rating,
    /// Number of reviews. Stated for every course.
    ReviewCount,
    /// Number of awards. More is better.
    Awards,
}

/// Which of two values is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Better {
    /// The larger one; true is larger than false.
    More,
    /// The smaller one.
    Less,
    /// Neither, because it depends on the learner: a long course is no worse than a short one, an early start no better
    /// than a late one, and many reviews say nothing about quality.
    Neither,
}

impl Criterion {
    /// Unit of the values, and which of them is better. No unit for text, and for prices, whose unit is their currency.
    pub(super) fn scale(self) -> (Option<&'static str>, Better) {
        match self {
            Criterion::Price => (None, Better::Less),
            Criterion::Duration => (Some("hours"), Better::Neither),
            Criterion::HoursPerWeek => (Some("hours/week"), Better::Neither),
            Criterion::ReviewCount => (Some("reviews"), Better::Neither),
            Criterion::Mentoring => (Some("sessions"), Better::More),
            Criterion::FreeRetake => (Some("months"), Better::More),
            Criterion::Rating => (Some("stars"), Better::More),
            Criterion::Awards => (Some("awards"), Better::More),
            Criterion::Certificate | Criterion::JobPreparation | Criterion::JobGuarantee | Criterion::Portfolio => {
                (None, Better::More)
            }
            Criterion::Career
            | Criterion::Certification
            | Criterion::Skills
            | Criterion::Prerequisites
            | Criterion::Level
            | Criterion::Financing
            | Criterion::Format
            | Criterion::Schedule
            | Criterion::Location
            | Criterion::Language
            | Criterion::NextStart => (None, Better::Neither),
        }
    }
}
