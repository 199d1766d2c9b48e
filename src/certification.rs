//! Certifications: qualifications that an issuer awards to those who pass.

pub(crate) mod clash;
pub(crate) mod draft;
mod fields;
mod inputs;
mod mutation;
mod query;
mod service;
mod transition;
mod types;

pub use inputs::CertificationFilter;
pub use mutation::CertificationMutation;
pub use query::CertificationQuery;
pub use types::Certification;
