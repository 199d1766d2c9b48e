//! What the log says was done.

/// Declares the actions with their names in the log, which readers see. A stored name never changes.
macro_rules! actions {
    ($($(#[$doc:meta])* $action:ident = $name:literal,)+) => {
        /// What was done to a listing.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs, reason = "the names say it")]
        pub enum Action { $($(#[$doc])* $action),+ }

        impl Action {
            /// Its name in the log, which readers see. A stored name never changes.
            pub fn name(self) -> &'static str {
                match self {
                    $(Action::$action => $name),+
                }
            }
        }
    };
}

actions! {
    CareerCreate = "career.create",
    CareerUpdate = "career.update",
    CertificationCreate = "certification.create",
    CertificationPublish = "certification.publish",
    CertificationRetire = "certification.retire",
    CertificationUpdate = "certification.update",
    CertificationWithhold = "certification.withhold",
    CourseCreate = "course.create",
    CourseDelete = "course.delete",
    CoursePublish = "course.publish",
    CourseRestore = "course.restore",
    CourseRetire = "course.retire",
    CourseSchedule = "course.schedule",
    CourseUnpublish = "course.unpublish",
    CourseUnschedule = "course.unschedule",
    CourseUpdate = "course.update",
    DemoCreate = "demo.create",
    MemberCreateToken = "member.create-token",
    MemberInvite = "member.invite",
    MemberJoin = "member.join",
    MemberRemove = "member.remove",
    MemberRevokeToken = "member.revoke-token",
    MemberUninvite = "member.uninvite",
    OutcomePublish = "outcome.publish",
    OutcomeUpdate = "outcome.update",
    OutcomeWithdraw = "outcome.withdraw",
    PartnershipAccept = "partnership.accept",
    PartnershipDecline = "partnership.decline",
    ProviderCreate = "provider.create",
    ProviderDecide = "provider.decide",
    ProviderRefuseName = "provider.refuse_name",
    ProviderRename = "provider.rename",
    ProviderUpdate = "provider.update",
    /// A change of reviews that affects no rating.
    ReviewNote = "review.note",
    /// Reviews changed the rating of a course or provider.
    ReviewRate = "review.rate",
    SkillCreate = "skill.create",
    SkillUpdate = "skill.update",
    SourceCreate = "source.create",
    SourceUpdate = "source.update",
    StatisticCreate = "statistic.create",
    StatisticUpdate = "statistic.update",
    SubjectCreate = "subject.create",
    SubjectUpdate = "subject.update",
}
