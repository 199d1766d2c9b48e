//! Providers: the schools, platforms and companies that offer courses and issue certifications.

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
