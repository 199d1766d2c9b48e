//! Learning paths: the query and its types.

mod inputs;
mod query;
mod types;

pub use query::PathQuery;
