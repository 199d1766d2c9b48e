//! A synthetic catalogue of any size, for trying out and for measuring: made from a seed, marked wherever it is seen, and
//! never mixed with listings of somebody's own. What must not go in: facts of the starter catalogue beyond its taxonomy.
//!
//! It is made provider by provider, each with all that stands under it in one transaction: whenever it is stopped, what is
//! there is whole, and the same command goes on from there. Nothing is remembered from one provider to the next, so that
//! a million courses take no more memory than a thousand.

mod course;
mod figures;
mod person;
mod plan;
mod provider;
mod random;
mod review;
mod run;
mod words;

pub use plan::Plan;
pub use run::{DemoReport, run};
