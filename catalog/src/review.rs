//! Reviews: who may write and see them, validation, and moderation. Does not belong here: the rating figures derived
//! from reviews, which `rating` keeps.

pub mod emails;
pub mod service;
pub mod validation;

use entity::{ReviewVerification, review};
use serde::Deserialize;

/// Which reviews are published without moderation.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum PublicationPolicy {
    /// None.
    Moderated,
    /// Reviews verified by email or enrolment.
    Verified,
    /// All reviews.
    All,
}

impl PublicationPolicy {
    /// Whether the setting lets a review skip moderation.
    fn allows(self, review: &review::Model) -> bool {
        match self {
            PublicationPolicy::Moderated => false,
            PublicationPolicy::Verified => review.verification != ReviewVerification::None,
            PublicationPolicy::All => true,
        }
    }
}
