//! What courses are compared and matched by.

use async_graphql::Enum;
use sea_orm::EnumIter;

/// What courses are compared and matched by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum, EnumIter)]
pub enum Criterion {
    /// The careers that a course leads to: slugs.
    Career,
    /// The certifications that it prepares for or ends with: slugs.
    Certification,
    /// The skills that it teaches: slugs.
    Skills,
    /// What a learner must bring: each skill's slug with the level, as in "html BASIC", and slugs of courses; NONE where
    /// the listing says that nothing is needed, SOME where it says that something is, but not what.
    Prerequisites,
    /// Whom it addresses: a member of Level.
    Level,
    /// What taking it costs, once; the unit is the currency. The lower is better.
    Price,
    /// The ways to pay for it: members of FinancingKind.
    Financing,
    /// How long it takes: Duration.estimatedHours.
    Duration,
    /// The hours that it takes a week, the middle of the range that the listing states.
    HoursPerWeek,
    /// How it is held, as the listing itself says: members of Format.
    Format,
    /// When it is held, as the listing itself says: members of Schedule.
    Schedule,
    /// Where its upcoming offerings are held, or where it has none, where its provider is: "city, region, country", as far
    /// as it is stated, with "; " between places.
    Location,
    /// The languages that it is taught in: tags of BCP 47.
    Language,
    /// The day on which it starts next, from today (UTC); ON_DEMAND where it can only be begun at any time.
    NextStart,
    /// How many mentoring sessions it includes. More are better.
    Mentoring,
    /// Within how many months it may be taken again for nothing. More are better.
    FreeRetake,
    /// Whether it ends with a certificate of completion: true or false. true is better.
    Certificate,
    /// Whether it prepares for looking for a job: true or false. true is better.
    JobPreparation,
    /// Whether a job or the money back is guaranteed: true or false. true is better.
    JobGuarantee,
    /// Whether learners leave it with a portfolio: true or false. true is better.
    Portfolio,
    /// RatingSummary.score, to two decimals. The higher is better.
    Rating,
    /// How many reviews it has; always stated.
    ReviewCount,
    /// How many awards the listing names. More are better.
    Awards,
}

/// Which value is the better one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Better {
    /// The larger one; true is larger than false.
    More,
    /// The smaller one.
    Less,
    /// None: it depends on the learner. A long course is no worse than a short one, an early start no better than a
    /// late one, and many reviews say nothing of a course.
    Neither,
}

impl Criterion {
    /// The unit of its values; none for words, and for prices, whose currency is their unit.
    pub(super) fn unit(self) -> Option<&'static str> {
        match self {
            Criterion::Duration => Some("hours"),
            Criterion::HoursPerWeek => Some("hours/week"),
            Criterion::Mentoring => Some("sessions"),
            Criterion::FreeRetake => Some("months"),
            Criterion::Rating => Some("stars"),
            Criterion::ReviewCount => Some("reviews"),
            Criterion::Awards => Some("awards"),
            Criterion::Career
            | Criterion::Certification
            | Criterion::Skills
            | Criterion::Prerequisites
            | Criterion::Level
            | Criterion::Price
            | Criterion::Financing
            | Criterion::Format
            | Criterion::Schedule
            | Criterion::Location
            | Criterion::Language
            | Criterion::NextStart
            | Criterion::Certificate
            | Criterion::JobPreparation
            | Criterion::JobGuarantee
            | Criterion::Portfolio => None,
        }
    }

    /// Which of its values is the better one.
    pub(super) fn better(self) -> Better {
        match self {
            Criterion::Price => Better::Less,
            Criterion::Mentoring
            | Criterion::FreeRetake
            | Criterion::Certificate
            | Criterion::JobPreparation
            | Criterion::JobGuarantee
            | Criterion::Portfolio
            | Criterion::Rating
            | Criterion::Awards => Better::More,
            Criterion::Career
            | Criterion::Certification
            | Criterion::Skills
            | Criterion::Prerequisites
            | Criterion::Level
            | Criterion::Financing
            | Criterion::Duration
            | Criterion::HoursPerWeek
            | Criterion::Format
            | Criterion::Schedule
            | Criterion::Location
            | Criterion::Language
            | Criterion::NextStart
            | Criterion::ReviewCount => Better::Neither,
        }
    }
}
