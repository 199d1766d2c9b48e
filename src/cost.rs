//! What a course costs in truth: of each way to pay for it what is paid in all, over how long, at which rate, and when a raise
//! has paid it back. Nothing here is stored: it follows from what the listing states. What must not go in: facts of listings.

mod arithmetic;
mod bill;
mod break_even;
mod income;
mod of_course;
mod price;
mod types;

pub use of_course::CourseCosts;
pub use types::{BreakEven, CostFact, PlanCost};
