//! The true cost of a course, as the API shows it.

mod course_costs;
mod types;

pub use course_costs::CourseCosts;
pub use types::{BreakEven, CostFact, PlanCost};
