//! Providers: who offers courses and issues certifications.

mod inputs;
mod query;
mod types;

pub use inputs::ProviderFilter;
pub use query::ProviderQuery;
pub use types::Provider;
