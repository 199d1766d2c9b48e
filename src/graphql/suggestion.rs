//! Type-ahead over everything that has a name. Does not belong here: how the index finds names.

mod query;
mod types;

pub use query::SuggestionQuery;
