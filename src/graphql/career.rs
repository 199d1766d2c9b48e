//! Careers: occupations that courses lead to.

mod gaps;
mod query;
mod types;

pub use gaps::{SkillGap, gaps};
pub use query::CareerQuery;
pub use types::Career;
