//! Certifications: qualifications that an issuer awards to those who pass.

mod fields;
mod inputs;
mod mutation;
pub(crate) mod namesakes;
mod query;
mod service;
mod transition;
mod types;
pub(crate) mod validation;

pub use inputs::CertificationFilter;
pub use mutation::CertificationMutation;
pub use query::CertificationQuery;
pub use types::Certification;
