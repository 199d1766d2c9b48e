//! Statistics: figures that somebody published, never without saying who.

mod inputs;
mod query;
mod types;

pub use query::StatisticQuery;
pub use types::{Statistic, statistics_of};
