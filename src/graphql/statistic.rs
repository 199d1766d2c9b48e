//! Statistics: published figures, always with their publisher or source.

mod query;
mod types;

pub use query::StatisticQuery;
pub use types::{Statistic, statistics_of};
