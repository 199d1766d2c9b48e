//! `lectern copy`: its arguments, progress bar and report.

use catalog::copy::{copy, open};
use catalog::error::Result;
use clap::Args;

use super::{on_database, progress_bar, say};
use crate::config::Settings;

/// Source of the copy. The target is the configured database, which must be empty.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Source database, sqlite://FILE or postgres://…, which is only read. For PostgreSQL, the password can be given in
    /// PGPASSWORD or ~/.pgpass instead, where no other user of the machine sees it
    #[arg(long, value_name = "URL")]
    from: String,
}

pub(super) async fn run(settings: &Settings, arguments: Arguments) -> Result<()> {
    // Opened first: if the source is rejected, no empty target is created.
    let source = open(&arguments.from).await?;
    let bar = progress_bar(0, "{bar:40} {pos} of {len} rows, {eta} left");
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
