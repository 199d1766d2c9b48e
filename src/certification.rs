//! Certifications: what an issuer attests to whoever passes.

mod inputs;
mod query;
mod types;

pub use inputs::CertificationFilter;
pub use query::CertificationQuery;
pub use types::Certification;
