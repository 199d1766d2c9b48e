//! Learning paths: the query and its types.

mod query;
mod types;

pub use query::PathQuery;
