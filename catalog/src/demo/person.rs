//! Learners: accounts that nobody can sign in to, since they have no password and their addresses do not exist.

use entity::account;

use super::plan::{Plan, id};

/// Returns the account with this number.
pub(super) fn account(plan: &Plan, number: u64) -> account::Model {
    account::Model {
        id: id(number),
        // A domain reserved for names that do not exist.
        email: format!("demo-{number:09}@demo.invalid"),
        display_name: format!("Demo Learner {number:06}"),
        password_hash: None,
        staff: false,
        email_verified_at: Some(plan.now()),
        created_at: plan.now(),
    }
}
