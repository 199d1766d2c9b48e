//! Providers: the schools, platforms and companies that offer courses and issue certifications.

mod details;
mod fields;
mod inputs;
mod mutation;
mod names;
mod nested_types;
mod query;
pub(crate) mod service;
mod types;
mod validation;

pub(crate) use details::Details;
pub use inputs::ProviderFilter;
pub use mutation::ProviderMutation;
pub use query::ProviderQuery;
pub use types::Provider;
pub(crate) use validation::{ValidatedProvider, blank, next};
