//! Careers: occupations that courses lead to.

mod query;
mod types;

pub use query::CareerQuery;
pub use types::Career;
