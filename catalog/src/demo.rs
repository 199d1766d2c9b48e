//! Synthetic catalogue of any size, for trials and measurements: generated from a seed, marked wherever it is shown,
//! and never mixed with anyone's own listings. Does not belong here: facts of the starter catalogue beyond its
//! taxonomy.
//!
//! It is generated provider by provider, each with its dependent rows in one transaction: whenever it is stopped,
//! everything written so far is complete, and the same command resumes. Nothing is kept from one provider to the next,
//! so a million courses take no more memory than a thousand.

mod course;
mod plan;
mod provider;
mod random;
mod review;
mod run;
mod words;

pub use plan::Plan;
pub use run::{DemoReport, run};
