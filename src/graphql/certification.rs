//! Certifications: the type, its queries and mutations.

mod inputs;
mod mutation;
mod query;
mod types;

pub use inputs::CertificationFilter;
pub use mutation::CertificationMutation;
pub use query::CertificationQuery;
pub use types::Certification;
