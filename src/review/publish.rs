//! Which reviews are published by themselves.

use entity::{ReviewVerification, review};
use serde::Deserialize;

/// Which reviews are published without staff having looked at them.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Publish {
    /// None.
    Moderated,
    /// Those whose author's address or enrolment is verified.
    Verified,
    /// All.
    All,
}

impl Publish {
    /// Whether a review needs nobody to look at it.
    pub(super) fn lets_pass(self, review: &review::Model) -> bool {
        match self {
            Publish::Moderated => false,
            Publish::Verified => review.verification != ReviewVerification::None,
            Publish::All => true,
        }
    }
}
