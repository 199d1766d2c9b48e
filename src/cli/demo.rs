//! `lectern demo`: its arguments, progress bar and report.

use std::sync::Arc;

use catalog::clock::{Clock, SystemClock};
use catalog::demo::{Plan, run};
use catalog::error::Result;
use chrono::NaiveDate;
use clap::Args;

use super::{fill_database, progress_bar, say};
use crate::config::Settings;

/// Size of the catalogue. The same arguments on the same day generate the same catalogue.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Number of courses, 1 to 1,000,000,000
    #[arg(long, default_value_t = 1_000)]
    courses: u64,
    /// Number of reviews; most of them for a few courses, and a quarter of the courses have none
    #[arg(long, default_value_t = 10_000)]
    reviews: u64,
    /// Number of learners who write the reviews; by default as many as needed, at least one for every twenty reviews
    #[arg(long)]
    accounts: Option<u64>,
    /// Seed of the random generator
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Day that dates are relative to, e.g. 2026-05-01; today by default
    #[arg(long, value_name = "DATE")]
    on: Option<NaiveDate>,
}

pub(super) async fn make(settings: &Settings, arguments: Arguments) -> Result<()> {
    let Arguments { courses, reviews, accounts, seed, on } = arguments;
    let clock = Arc::new(SystemClock);
    let plan = Plan::new(courses, reviews, accounts, seed, on.unwrap_or_else(|| clock.today()))?;
    let bar = progress_bar(plan.courses, "{bar:40} {pos} of {len} courses, {eta} left");
    let started = clock.now();
    let written = fill_database(settings, async |database| {
        run(&database.write, clock.clone(), &plan, |written| bar.set_position(written.courses)).await
    });
    let written = written.await?;
    bar.finish_and_clear();
    let seconds = (clock.now() - started).as_seconds_f64();
    say(format_args!(
        "{} providers, {} courses, {} reviews written: {} rows, {:.0} rows/s. All of it is synthetic.",
        written.providers,
        written.courses,
        written.reviews,
        written.rows,
        written.rows as f64 / seconds.max(0.001),
    ));
    Ok(())
}
