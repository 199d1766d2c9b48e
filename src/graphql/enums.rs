//! The closed lists as the API shows them. Each mirrors the stored list of the same name.

use async_graphql::Enum;

macro_rules! shown {
    ($($(#[$doc:meta])* $name:ident = $stored:literal { $($(#[$member_doc:meta])* $member:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
        #[graphql(remote = $stored)]
        pub enum $name { $($(#[$member_doc])* $member),+ }
    )+};
}

pub(crate) use shown;

shown! {
    /// What a course is.
    CourseKind = "entity::CourseKind" {
        /// A single course.
        Course,
        /// An intensive course that prepares for a job.
        Bootcamp,
        /// A programme of several courses that ends with the school's own certificate.
        CertificateProgram,
        /// A series of courses on one subject, as platforms sell them.
        Specialization,
        /// A series of courses for one occupation, usually by a company.
        ProfessionalCertificate,
        /// A project-based programme of a platform.
        Nanodegree,
        /// A course of study that ends with an academic degree.
        Degree,
    }
    /// Whom a course addresses.
    Level = "entity::Level" {
        /// Learners without knowledge of the field.
        Beginner,
        /// Learners who know the basics.
        Intermediate,
        /// Learners who work in the field or know it well.
        Advanced,
        /// Everyone, as the provider says itself.
        AllLevels,
    }
    /// How a course is held.
    Format = "entity::Format" {
        /// In a room, together.
        InPerson,
        /// Online, together, at fixed times.
        LiveOnline,
        /// Online, alone, at any time.
        SelfPaced,
        /// Partly in a room, partly online.
        Hybrid,
    }
    /// When a course is held.
    Schedule = "entity::Schedule" {
        /// As many hours a week as a job.
        FullTime,
        /// Fewer hours a week than a job.
        PartTime,
        /// On working days, during the day.
        Weekdays,
        /// On working days, in the evening.
        Weeknights,
        /// On Saturdays or Sundays.
        Weekends,
        /// Whenever the learner likes.
        Flexible,
    }
    /// Where a listing stands between writing and withdrawal.
    ListingStatus = "entity::ListingStatus" {
        /// Seen by the provider's members and staff only.
        Draft,
        /// Seen by everyone, everywhere.
        Published,
        /// Offered no longer: still found by slug or id, and nowhere else.
        Retired,
    }
    /// What a provider is.
    ProviderKind = "entity::ProviderKind" {
        /// A school for intensive, job-oriented courses.
        Bootcamp,
        /// A platform that carries the courses of others.
        Platform,
        /// A university.
        University,
        /// A community college.
        CommunityCollege,
        /// A company whose business is not teaching.
        Company,
        /// An organisation that does not work for profit.
        NonProfit,
    }
    /// Whether a provider's listings are shown.
    ProviderStatus = "entity::ProviderStatus" {
        /// Registered and not yet approved: seen by its members and staff only.
        Pending,
        /// Shown with all its published listings.
        Active,
        /// Shown by id and slug, with its courses, but in no list or search.
        Paused,
        /// Gone for good: shown as a paused one is.
        Closed,
        /// Registered and turned away: seen by its members and staff only.
        Rejected,
    }
    /// What a skill is.
    SkillKind = "entity::SkillKind" {
        /// A language: programming, markup, style or query.
        Language,
        /// A framework, library or runtime.
        Framework,
        /// A database system.
        Database,
        /// A server program.
        Server,
        /// A tool of the trade.
        Tool,
        /// A platform that software runs on.
        Platform,
        /// A way of working, or a field of it.
        Practice,
        /// An ability in dealing with people and problems.
        SoftSkill,
    }
    /// How well a skill is held.
    SkillLevel = "entity::SkillLevel" {
        /// Knows the first steps.
        Basic,
        /// Has worked with it under guidance; what finishing a course gives.
        Familiar,
        /// Works with it alone; what finishing an advanced course gives.
        Proficient,
    }
    /// What a certification attests.
    CertificationKind = "entity::CertificationKind" {
        /// That a course was finished.
        Completion,
        /// That an examination of the industry was passed.
        Industry,
    }
    /// A stage of a career.
    CareerLevelName = "entity::CareerLevelName" {
        /// The first job.
        Entry,
        /// With some years of experience.
        Mid,
        /// With many years of experience, or responsibility for others.
        Senior,
    }
    /// How a course may be paid for.
    FinancingKind = "entity::FinancingKind" {
        /// All of it before the start.
        Upfront,
        /// In parts, to the provider.
        Installments,
        /// By a loan from a lender.
        Loan,
        /// After the course, in fixed parts.
        Deferred,
        /// After the course, as a share of income.
        IncomeShare,
        /// By a scholarship, in full or in part.
        Scholarship,
        /// By the employer.
        Employer,
    }
    /// What a course costs, roughly.
    PricingCategory = "entity::PricingCategory" {
        /// Taking it costs nothing; a certificate may.
        Free,
        /// Parts of it cost nothing.
        PartiallyFree,
        /// Paid by the month or year, with other courses.
        Subscription,
        /// Taking it costs money.
        Paid,
    }
    /// What a price is for.
    PricePeriod = "entity::PricePeriod" {
        /// The whole course.
        Once,
        /// Every month.
        Month,
        /// Every year.
        Year,
    }
    /// What a statistic measures.
    StatisticMetric = "entity::StatisticMetric" {
        /// The mean yearly pay before tax, in the statistic's currency.
        AverageSalary,
        /// The yearly pay before tax that half earn more than, in the statistic's currency.
        MedianSalary,
        /// The growth of employment over the period, in percent.
        EmploymentGrowthPercent,
        /// New jobs over the period, a number.
        NewJobs,
        /// The share of people in the field with a bachelor's degree, in percent.
        BachelorDegreePercent,
        /// The mean price of a course, in the statistic's currency.
        AveragePrice,
        /// How much more graduates earn a year than before, in the statistic's currency.
        SalaryIncrease,
        /// How much more graduates earn than before, in percent.
        SalaryIncreasePercent,
        /// The months that it takes to qualify.
        MonthsToQualify,
        /// The share of starters who graduate, in percent.
        GraduationPercent,
        /// The share of graduates who find work in the field, in percent.
        PlacementPercent,
    }
    /// What a member of a provider may do.
    MemberRole = "entity::MemberRole" {
        /// Everything that is the provider's to do, members and service tokens included.
        Owner,
        /// Write its listings.
        Editor,
    }
    /// A direction of an order.
    Direction = "crate::paging::list::Direction" {
        /// The smallest first.
        Asc,
        /// The largest first.
        Desc,
    }
    /// What the public sees of a change.
    ChangeKind = "entity::ChangeKind" {
        /// The listing became public.
        Published,
        /// A public listing changed.
        Updated,
        /// The listing was retired: still found by slug or id, and nowhere else.
        Retired,
        /// The listing is public no longer: unpublished, or its provider paused or closed.
        Withdrawn,
    }
}

/// What kind of listing something speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
pub enum ListingType {
    /// A course.
    Course,
    /// A provider.
    Provider,
    /// A certification.
    Certification,
    /// A career.
    Career,
}

impl From<ListingType> for entity::ListingType {
    fn from(shown: ListingType) -> Self {
        match shown {
            ListingType::Course => entity::ListingType::Course,
            ListingType::Provider => entity::ListingType::Provider,
            ListingType::Certification => entity::ListingType::Certification,
            ListingType::Career => entity::ListingType::Career,
        }
    }
}

/// The members of a stored set, as the API shows them.
pub fn members<S: sea_orm::Iterable, T: From<S>>(mask: i32) -> Vec<T> {
    entity::members::<S>(mask).into_iter().map(T::from).collect()
}
