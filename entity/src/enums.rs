//! The closed lists of the catalogue. A member is stored under its name in SCREAMING_SNAKE_CASE, which is also its
//! name in the API; a set of members is stored as a bit mask, bit n being the n-th member, so members are only
//! ever added at the end.

use sea_orm::{DeriveActiveEnum, EnumIter, Iterable};

macro_rules! closed_list {
    ($($(#[$doc:meta])* $name:ident { $($member:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
        #[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
        #[allow(missing_docs, reason = "members are described once, in the GraphQL schema")]
        pub enum $name { $($member),+ }
    )+};
}

closed_list! {
    /// What a course is.
    CourseKind { Course, Bootcamp, CertificateProgram, Specialization, ProfessionalCertificate, Nanodegree, Degree }
    /// Whom a course addresses.
    Level { Beginner, Intermediate, Advanced, AllLevels }
    /// How a course is held.
    Format { InPerson, LiveOnline, SelfPaced, Hybrid }
    /// When a course is held.
    Schedule { FullTime, PartTime, Weekdays, Weeknights, Weekends, Flexible }
    /// Where a listing stands between writing and withdrawal.
    ListingStatus { Draft, Published, Retired }
    /// What a provider is.
    ProviderKind { Bootcamp, Platform, University, CommunityCollege, Company, NonProfit }
    /// Whether a provider's listings are shown.
    ProviderStatus { Pending, Active, Paused, Closed, Rejected }
    /// What a skill is.
    SkillKind { Language, Framework, Database, Server, Tool, Platform, Practice, SoftSkill }
    /// How well a skill is held.
    SkillLevel { Basic, Familiar, Proficient }
    /// What a certification attests.
    CertificationKind { Completion, Industry }
    /// A stage of a career.
    CareerLevelName { Entry, Mid, Senior }
    /// How a course may be paid for.
    FinancingKind { Upfront, Installments, Loan, Deferred, IncomeShare, Scholarship, Employer }
    /// What a course costs, roughly.
    PricingCategory { Free, PartiallyFree, Subscription, Paid }
    /// What a price is for.
    PricePeriod { Once, Month, Year }
    /// What a statistic measures.
    StatisticMetric {
        AverageSalary, MedianSalary, EmploymentGrowthPercent, NewJobs, BachelorDegreePercent, AveragePrice,
        SalaryIncrease, SalaryIncreasePercent, MonthsToQualify, GraduationPercent, PlacementPercent,
    }
    /// What a change speaks of. `Taxonomy` is a skill or a subject, which only the server itself follows.
    ListingType { Course, Provider, Certification, Career, Taxonomy }
    /// What a member of a provider may do.
    MemberRole { Owner, Editor }
    /// What a link sent by mail is for.
    MailPurpose { VerifyEmail, ResetPassword }
    /// What is known of whether the author of a review took the course.
    ReviewVerification { None, Email, Enrolment }
    /// What the author of a review is to the course.
    ReviewerRelation { Student, Graduate, Applicant }
    /// Whether a review is shown.
    ReviewStatus { Pending, Published, Rejected, Removed }
    /// What somebody finds wrong with a review.
    ReportReason { Spam, Offensive, Untrue, ConflictOfInterest, PrivateData, Other }
    /// Whether a provider agrees to be shown with a course of another one.
    PartnershipStatus { Proposed, Accepted, Declined }
    /// What the public sees of a change.
    ChangeKind { Published, Updated, Retired, Withdrawn }
}

/// The members of a stored set, in the order of their declaration.
pub fn members<T: Iterable>(mask: i32) -> Vec<T> {
    T::iter().enumerate().filter(|(bit, _)| mask & (1 << bit) != 0).map(|(_, member)| member).collect()
}

/// A set as it is stored.
pub fn mask<T: Iterable + PartialEq>(set: &[T]) -> i32 {
    T::iter().enumerate().filter(|(_, member)| set.contains(member)).map(|(bit, _)| 1 << bit).sum()
}
