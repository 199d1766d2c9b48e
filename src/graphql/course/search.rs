//! Course search: text queries, filters, sort orders and facets.

mod check;
mod conditions;
pub mod facets;
mod interpretation;
mod offers;
mod order;
mod page;
mod query;
mod relaxations;
pub mod types;

pub use check::price as price_bounds;
pub use conditions::Compiler;
pub use interpretation::check_filter;
pub use page::{has_id, page_of};
pub use query::CourseSearchQuery;
pub use relaxations::{Relaxation, relaxed};
