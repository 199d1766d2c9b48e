//! True cost of a course: for each way to pay, the total, the duration, the effective rate, and when a raise has paid
//! it back. Nothing is stored; everything is computed from the listing. Facts of listings do not belong here.

mod course_costs;
mod types;

pub use course_costs::CourseCosts;
pub use types::{BreakEven, CostFact, PlanCost};
