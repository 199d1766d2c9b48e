//! `lectern ratings`: recomputes all ratings from the reviews.

use std::process::ExitCode;
use std::sync::Arc;

use catalog::clock::SystemClock;
use catalog::error::Result;
use catalog::rating::{Wrong, recount};
use catalog::write::Writer;
use sea_orm::ActiveEnum;

use super::{on_database, say};
use crate::config::Settings;

/// Exit code if some ratings were wrong; clap itself uses 2 for invalid arguments.
const EXIT_WRONG: u8 = 3;

pub(super) async fn run(settings: &Settings) -> Result<ExitCode> {
    let writer = Writer::new("ratings", Arc::new(SystemClock));
    let wrong = on_database(settings, async |database| recount(&database.write, &writer).await).await?;
    wrong.iter().for_each(report);
    say(format_args!("figures of {} listings were wrong", wrong.len()));
    Ok(if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(EXIT_WRONG) })
}

fn report(wrong: &Wrong) {
    let listing = wrong.listing.to_value().to_lowercase();
    let figures = wrong.figures.iter().map(|(column, was, is)| format!("{column} {was} -> {is}"));
    say(format_args!("{listing} {}: {}", wrong.slug, figures.collect::<Vec<_>>().join(", ")));
}
