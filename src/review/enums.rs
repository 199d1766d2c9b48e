//! The closed lists of reviews as the API shows them.

use async_graphql::Enum;

use crate::graphql::enums::shown;

shown! {
    /// What is known of whether the author of a review took the course.
    ReviewVerification = "entity::ReviewVerification" {
        /// Nothing.
        None,
        /// The author's address was confirmed by a link that was sent to it: a person, not more.
        Email,
        /// The provider has confirmed that the author was enrolled, without seeing the review.
        Enrolment,
    }
    /// What the author of a review is to the course.
    ReviewerRelation = "entity::ReviewerRelation" {
        /// Takes it, or left it unfinished.
        Student,
        /// Has finished it.
        Graduate,
        /// Has applied for it, or meant to, and never took it.
        Applicant,
    }
    /// Whether a review is shown.
    ReviewStatus = "entity::ReviewStatus" {
        /// Waits for staff: seen by its author and staff only.
        Pending,
        /// Seen by everyone who sees the course, and counted in its figures.
        Published,
        /// Refused by staff before it was published: seen by its author and staff only.
        Rejected,
        /// Taken away by staff after it was published: seen by its author and staff only.
        Removed,
    }
    /// What somebody finds wrong with a review.
    ReportReason = "entity::ReportReason" {
        /// It advertises something, or says nothing of the course.
        Spam,
        /// It insults somebody.
        Offensive,
        /// It says what is not so.
        Untrue,
        /// Its author has something to gain or to lose by it.
        ConflictOfInterest,
        /// It names private data of somebody.
        PrivateData,
        /// Something else, which the note says.
        Other,
    }
}

/// The order of reviews; those that are equal in it stand by their age, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Enum)]
pub enum ReviewOrder {
    /// The newest first.
    Newest,
    /// The oldest first; the one order in which equal ones stand with the oldest first.
    Oldest,
    /// The most stars first.
    Highest,
    /// The fewest stars first; equal ones stand with the oldest first.
    Lowest,
    /// Those first that most people found helpful.
    MostHelpful,
}
