//! The enums of reviews in the API.

use async_graphql::Enum;

use crate::graphql::enums::shown;

shown! {
    /// Evidence that the author of a review took the course.
    ReviewVerification = "entity::ReviewVerification" {
        /// No evidence.
        None,
        /// The author confirmed their email address through a link sent to it. This shows that they can be reached, and
        /// no more.
        Email,
        /// The provider confirmed that the author was enrolled, without seeing the review.
        Enrolment,
    }
    /// Relation of a review's author to the course.
    ReviewerRelation = "entity::ReviewerRelation" {
        /// Takes the course, or left it unfinished.
        Student,
        /// Has finished the course.
        Graduate,
        /// Applied for the course, or considered it, and never took it.
        Applicant,
    }
    /// Moderation status of a review.
    ReviewStatus = "entity::ReviewStatus" {
        /// Waiting for moderation. Only the author and staff see it.
        Pending,
        /// Visible to everyone who can see the course, and counted in the ratings.
        Published,
        /// Rejected by staff before it was published. Only the author and staff see it.
        Rejected,
        /// Removed by staff after it was published. Only the author and staff see it.
        Removed,
    }
    /// Kind of problem with a review.
    ReportReason = "entity::ReportReason" {
        /// Advertises something, or says nothing about the course.
        Spam,
        /// Insults somebody.
        Offensive,
        /// Makes false statements.
        Untrue,
        /// The author stands to gain or lose from it.
        ConflictOfInterest,
        /// Discloses somebody's personal data.
        PrivateData,
        /// Another problem, described in the note.
        Other,
    }
}

/// Order of reviews. Ties are ordered newest first unless a value says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
pub enum ReviewOrder {
    /// Newest first.
    Newest,
    /// Oldest first. Ties are ordered oldest first too.
    Oldest,
    /// Highest rating first.
    Highest,
    /// Lowest rating first. Ties are ordered oldest first.
    Lowest,
    /// Most helpful votes first.
    MostHelpful,
}
