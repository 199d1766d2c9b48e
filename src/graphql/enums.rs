//! The enums of the API. Each mirrors the stored enum of the same name, if there is one.

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
    /// Kind of a course.
    CourseKind = "entity::CourseKind" {
        /// Single course.
        Course,
        /// Intensive course that prepares for a job.
        Bootcamp,
        /// Programme of several courses that ends with the provider's own certificate.
        CertificateProgram,
        /// Series of courses on one subject, as platforms sell them.
        Specialization,
        /// Series of courses for one occupation, usually by a company.
        ProfessionalCertificate,
        /// Project-based programme of a platform.
        Nanodegree,
        /// Course of study that ends with an academic degree.
        Degree,
    }
    /// Level of the intended audience.
    Level = "entity::Level" {
        /// Learners without knowledge of the field.
        Beginner,
        /// Learners who know the basics.
        Intermediate,
        /// Learners who work in the field or know it well.
        Advanced,
        /// Everyone, as the provider states explicitly.
        AllLevels,
    }
    /// Format of a course.
    Format = "entity::Format" {
        /// In person, as a group.
        InPerson,
        /// Online, as a group, at fixed times.
        LiveOnline,
        /// Online, individually, at any time.
        SelfPaced,
        /// Partly in person, partly online.
        Hybrid,
    }
    /// Schedule of a course.
    Schedule = "entity::Schedule" {
        /// As many hours per week as a full-time job.
        FullTime,
        /// Fewer hours per week than a full-time job.
        PartTime,
        /// During the day, Monday to Friday.
        Weekdays,
        /// In the evening, Monday to Friday.
        Weeknights,
        /// On Saturdays or Sundays.
        Weekends,
        /// At times that the learner chooses.
        Flexible,
    }
    /// Status of a listing.
    ListingStatus = "entity::ListingStatus" {
        /// Not published yet. Only the provider's members and staff see it.
        Draft,
        /// Visible to everyone, in lists and search.
        Published,
        /// No longer offered. Found only by slug or ID, not in lists or search.
        Retired,
    }
    /// Kind of a provider.
    ProviderKind = "entity::ProviderKind" {
        /// School for intensive, job-oriented courses.
        Bootcamp,
        /// Platform that carries the courses of others.
        Platform,
        /// University.
        University,
        /// Community college.
        CommunityCollege,
        /// Company whose main business is not teaching.
        Company,
        /// Non-profit organisation.
        NonProfit,
    }
    /// Status of a provider, which decides whether its listings are visible.
    ProviderStatus = "entity::ProviderStatus" {
        /// Registered and awaiting approval. Only its members and staff see it.
        Pending,
        /// Visible with all its published listings.
        Active,
        /// Found with its courses by ID and slug, but not in lists or search.
        Paused,
        /// Closed permanently. Found in the same way as a paused provider.
        Closed,
        /// Registered and rejected. Only its members and staff see it.
        Rejected,
    }
    /// Kind of a skill.
    SkillKind = "entity::SkillKind" {
        /// Language: programming, markup, style or query.
        Language,
        /// Framework, library or runtime.
        Framework,
        /// Database system.
        Database,
        /// Server software.
        Server,
        /// Tool.
        Tool,
        /// Platform that software runs on.
        Platform,
        /// Method of working, or a field of it.
        Practice,
        /// Ability in dealing with people and problems.
        SoftSkill,
    }
    /// Level at which somebody has a skill.
    SkillLevel = "entity::SkillLevel" {
        /// Knows the first steps.
        Basic,
        /// Has used it under guidance. Finishing a course gives this level.
        Familiar,
        /// Uses it independently. Finishing an advanced course gives this level.
        Proficient,
    }
    /// Kind of a certification, by what it attests.
    CertificationKind = "entity::CertificationKind" {
        /// Completion of a course.
        Completion,
        /// Success in an industry exam.
        Industry,
    }
    /// Level of a career.
    CareerLevelName = "entity::CareerLevelName" {
        /// First job.
        Entry,
        /// Some years of experience.
        Mid,
        /// Many years of experience, or responsibility for others.
        Senior,
    }
    /// Way to finance a course.
    FinancingKind = "entity::FinancingKind" {
        /// Full payment before the start.
        Upfront,
        /// Instalments paid to the provider.
        Installments,
        /// Loan from a lender.
        Loan,
        /// Fixed instalments after the course.
        Deferred,
        /// Share of income after the course.
        IncomeShare,
        /// Full or partial scholarship.
        Scholarship,
        /// Payment by the employer.
        Employer,
    }
    /// Rough category of a course's price.
    PricingCategory = "entity::PricingCategory" {
        /// Free to take. A certificate may cost extra.
        Free,
        /// Some parts are free.
        PartiallyFree,
        /// Included in a monthly or yearly subscription, together with other courses.
        Subscription,
        /// Paid.
        Paid,
    }
    /// Period that a price covers.
    PricePeriod = "entity::PricePeriod" {
        /// The whole course.
        Once,
        /// One month.
        Month,
        /// One year.
        Year,
    }
    /// Quantity that a statistic measures, with its unit.
    StatisticMetric = "entity::StatisticMetric" {
        /// Mean yearly pay before tax, in the statistic's currency.
        AverageSalary,
        /// Median yearly pay before tax, in the statistic's currency.
        MedianSalary,
        /// Growth of employment over the period, in percent.
        EmploymentGrowthPercent,
        /// Number of new jobs over the period.
        NewJobs,
        /// Share of people in the field with a bachelor's degree, in percent.
        BachelorDegreePercent,
        /// Mean price of a course, in the statistic's currency.
        AveragePrice,
        /// Increase of graduates' yearly pay compared with before, in the statistic's currency.
        SalaryIncrease,
        /// Increase of graduates' pay compared with before, in percent.
        SalaryIncreasePercent,
        /// Number of months it takes to qualify.
        MonthsToQualify,
        /// Share of students who start and graduate, in percent.
        GraduationPercent,
        /// Share of graduates who find work in the field, in percent.
        PlacementPercent,
    }
    /// Role of a member of a provider.
    MemberRole = "entity::MemberRole" {
        /// May do everything for the provider, including managing members and service tokens.
        Owner,
        /// May write the provider's listings.
        Editor,
    }
    /// Sort direction.
    Direction = "search::paging::list::Direction" {
        /// Smallest first.
        Asc,
        /// Largest first.
        Desc,
    }
    /// Public event of a listing.
    ChangeKind = "entity::ChangeKind" {
        /// The listing became public.
        Published,
        /// A public listing changed.
        Updated,
        /// The listing was retired. It is found only by slug or ID from now on.
        Retired,
        /// The listing is no longer public: it was unpublished, or its provider was paused or closed.
        Withdrawn,
    }
}

/// Type of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
pub enum ListingType {
    /// Course.
    Course,
    /// Provider.
    Provider,
    /// Certification.
    Certification,
    /// Career.
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

/// API values of a set that is stored as a bit mask.
pub fn members<S: sea_orm::Iterable, T: From<S>>(mask: i32) -> Vec<T> {
    entity::members::<S>(mask).into_iter().map(T::from).collect()
}

/// Where a review or an outcome report comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
pub enum RecordOrigin {
    /// Written or published here.
    Here,
    /// Imported by staff from another site, which `source` names. It counts in no rating and ranks no course.
    Imported,
}

impl RecordOrigin {
    /// Condition, in the SQL of both databases, on records of any of these origins. Without origins, on those from
    /// here.
    pub fn condition(any: Option<&[Self]>) -> &'static str {
        let any = any.unwrap_or(&[Self::Here]);
        match (any.contains(&Self::Here), any.contains(&Self::Imported)) {
            (true, true) => "1 = 1",
            (true, false) => "source_key is null",
            (false, true) => "source_key is not null",
            (false, false) => "1 = 0",
        }
    }
}
