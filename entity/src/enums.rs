//! Enums of the catalogue. A member is stored under its name in SCREAMING_SNAKE_CASE, which is also its name in the
//! API. An empty row has the first member. A set of members is stored as a bit mask, bit n being the n-th member, so new members may only be added at the
//! end.

use sea_orm::{DeriveActiveEnum, EnumIter, Iterable};

macro_rules! closed_list {
    ($($(#[$doc:meta])* $name:ident { $first:ident $(, $member:ident)* $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum)]
        #[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
        #[allow(missing_docs, reason = "members are described once, in the GraphQL schema")]
        pub enum $name { #[default] $first $(, $member)* }
    )+};
}

closed_list! {
    /// Kind of a course.
    CourseKind { Course, Bootcamp, CertificateProgram, Specialization, ProfessionalCertificate, Nanodegree, Degree }
    /// Level of the intended audience.
    Level { Beginner, Intermediate, Advanced, AllLevels }
    /// Format of a course.
    Format { InPerson, LiveOnline, SelfPaced, Hybrid }
    /// Weekly schedule of a course.
    Schedule { FullTime, PartTime, Weekdays, Weeknights, Weekends, Flexible }
    /// Publication status of a listing.
    ListingStatus { Draft, Published, Retired }
    /// Kind of a provider.
    ProviderKind { Bootcamp, Platform, University, CommunityCollege, Company, NonProfit }
    /// Status of a provider, which determines whether its listings are shown.
    ProviderStatus { Pending, Active, Paused, Closed, Rejected }
    /// Kind of a skill.
    SkillKind { Language, Framework, Database, Server, Tool, Platform, Practice, SoftSkill }
    /// Proficiency in a skill.
    SkillLevel { Basic, Familiar, Proficient }
    /// Kind of a certification.
    CertificationKind { Completion, Industry }
    /// Level of a career.
    CareerLevelName { Entry, Mid, Senior }
    /// Kind of financing.
    FinancingKind { Upfront, Installments, Loan, Deferred, IncomeShare, Scholarship, Employer }
    /// Rough category of a course's price.
    PricingCategory { Free, PartiallyFree, Subscription, Paid }
    /// Billing period of a price.
    PricePeriod { Once, Month, Year }
    /// Metric of a statistic.
    StatisticMetric {
        AverageSalary, MedianSalary, EmploymentGrowthPercent, NewJobs, BachelorDegreePercent, AveragePrice,
        SalaryIncrease, SalaryIncreasePercent, MonthsToQualify, GraduationPercent, PlacementPercent,
    }
    /// Kind of listing that a change concerns. `Taxonomy` is a skill or a subject, which only the server itself
    /// follows.
    ListingType { Course, Provider, Certification, Career, Taxonomy }
    /// Role of a member of a provider.
    MemberRole { Owner, Editor }
    /// Purpose of a link sent by mail.
    MailPurpose { VerifyEmail, ResetPassword }
    /// How it was verified that the author of a review took the course.
    ReviewVerification { None, Email, Enrolment }
    /// Relation of a reviewer to the course.
    ReviewerRelation { Student, Graduate, Applicant }
    /// Status of a review, which determines whether it is shown.
    ReviewStatus { Pending, Published, Rejected, Removed }
    /// Reason for reporting a review.
    ReportReason { Spam, Offensive, Untrue, ConflictOfInterest, PrivateData, Other }
    /// Whether a provider agrees to be shown with a course of another provider.
    PartnershipStatus { Proposed, Accepted, Declined }
    /// Public effect of a change.
    ChangeKind { Published, Updated, Retired, Withdrawn }
}

/// Members of a stored set, in the order of their declaration.
pub fn members<T: Iterable>(mask: i32) -> Vec<T> {
    T::iter().enumerate().filter(|(bit, _)| mask & (1 << bit) != 0).map(|(_, member)| member).collect()
}

/// Bit mask of a set.
pub fn mask<T: Iterable + PartialEq>(set: &[T]) -> i32 {
    T::iter().enumerate().filter(|(_, member)| set.contains(member)).map(|(bit, _)| 1 << bit).sum()
}
