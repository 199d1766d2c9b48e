//! Type-ahead over everything that has a name. What must not go in: how names are found.

mod query;
mod types;

pub use query::SuggestionQuery;
