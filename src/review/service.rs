//! What may be done with reviews, by whom, and what comes of it. Everything happens with the row of the course's provider
//! locked: two writers of reviews of one provider come one after the other, and nobody becomes a member meanwhile. The
//! figures are brought up in the same transaction, and the log comes last. What must not go in: how it is asked for and
//! answered.

mod answer;
mod change;
mod enrol;
mod held;
mod leave;
mod log;
mod moderate;
mod report;
mod verify;
mod vote;
mod write;

use entity::review;

use super::publish::Publish;
use crate::auth::Caller;
use crate::error::Result;
use crate::write::{Saved, Writer};

pub use self::answer::reply;
pub use self::change::{delete, update};
pub use self::enrol::{Answered, Asked, answer as answer_check, ask as ask_check};
pub use self::leave::{export, leave};
pub use self::moderate::{Decision, moderate};
pub use self::report::{Report, report};
pub use self::verify::{ask as ask_verification, verify};
pub use self::vote::vote;
pub use self::write::write;

/// What has become of a write to a review.
pub type Written = Result<Saved<review::Model>>;

/// Who wants something done.
pub struct Errand<'a> {
    /// In whose name it is written.
    pub writer: Writer,
    /// Who asks for it.
    pub caller: &'a Caller,
    /// By which mutation.
    pub mutation: &'static str,
    /// What is published by itself.
    pub publish: Publish,
}
