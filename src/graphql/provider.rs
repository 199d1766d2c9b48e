//! Providers: the type, its queries and mutations.

mod inputs;
mod mutation;
mod names;
mod nested_types;
mod query;
mod types;

pub use inputs::ProviderFilter;
pub use mutation::ProviderMutation;
pub use query::ProviderQuery;
pub use types::Provider;
