//! `lectern copy`: its arguments, its progress bar and its report.

use std::io::IsTerminal;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{on_database, say};
use crate::config::Settings;
use crate::copy::{copy, open};
use crate::error::Result;

/// What is copied into the database of the settings, which must be empty.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The other database, sqlite://FILE or postgres://…, which is only read. A password of PostgreSQL may stand in
    /// PGPASSWORD or ~/.pgpass instead, where nobody else on the machine sees it
    #[arg(long, value_name = "URL")]
    from: String,
}

/// Runs the command.
pub(super) async fn run(settings: &Settings, arguments: Arguments) -> Result<()> {
    // First of all: where it is refused, no empty database is made.
    let source = open(&arguments.from).await?;
    let bar = progress();
    let copied = on_database(settings, async |database| {
        let progress = |done, total| {
            bar.set_length(total);
            bar.set_position(done);
        };
        let copied = copy(&source, &database.write, progress).await;
        database.refresh_statistics().await;
        copied
    });
    let copied = copied.await?;
    bar.finish_and_clear();
    say(format_args!(
        "{} rows of {} tables are copied and counted on both sides; the log is at position {}",
        copied.rows, copied.tables, copied.position
    ));
    Ok(())
}

fn progress() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} rows, {eta} left");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
