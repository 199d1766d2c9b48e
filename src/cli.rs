//! The command line: the commands and their arguments. Each command's module prints its output. Does not belong here:
//! the work itself.

mod account;
mod demo;
mod export;
mod import;

use std::convert::Infallible;
use std::fmt::Display;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use catalog::auth::{KeyAlgorithm, rotate};
use catalog::clock::{Clock, SystemClock};
use catalog::copy::{copy, open};
use catalog::database::Database;
use catalog::error::{AppError, Result};
use catalog::follower::Follower;
use catalog::rating::{Wrong, recount};
use catalog::seed;
use catalog::snapshot::SnapshotStore;
use catalog::write::Writer;
use clap::{Parser, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use sea_orm::ActiveEnum;
use search::IndexDirectory;

use crate::app::{Application, Ending};
use crate::config::{SETTINGS, Settings};
use crate::{graphql, signals, start, telemetry};

/// Exit code if some ratings were wrong; clap itself uses 2 for invalid arguments.
const EXIT_WRONG: u8 = 3;

/// A GraphQL API for a catalogue of courses and bootcamps.
#[derive(Debug, Parser)]
#[command(name = "lectern", version)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the catalogue (the default)
    Serve,
    /// Migrate the database to this version
    Migrate,
    /// Fill an empty database with the starter catalogue
    Seed,
    /// Generate a large synthetic catalogue, for trials and benchmarks
    Demo(demo::Arguments),
    /// Import courses of a provider, or a taxonomy, from a file
    Import(import::Arguments),
    /// Export courses of a provider in the form in which they are imported, or the public catalogue
    Export(export::Arguments),
    /// Copy a whole catalogue from another database into the configured one, which must be empty
    Copy {
        /// Source database, sqlite://FILE or postgres://…, which is only read. For PostgreSQL, the password can be given
        /// in PGPASSWORD or ~/.pgpass instead, where no other user of the machine sees it
        #[arg(long, value_name = "URL")]
        from: String,
    },
    /// Create and list accounts, and grant or revoke staff rights
    #[command(subcommand)]
    Account(account::Command),
    /// Manage the keys that sign access tokens
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Recompute all ratings from the reviews and correct those that differ
    Ratings,
    /// Delete the search index and rebuild it from the database
    Reindex,
    /// Print the GraphQL schema
    Schema {
        /// Print a Markdown reference instead of SDL
        #[arg(long)]
        markdown: bool,
    },
    /// Print every setting with its default and meaning
    Config,
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Sign access tokens with a new key; existing tokens stay valid until they expire
    Rotate {
        /// Algorithm of the new key
        #[arg(long, value_enum, default_value = "EdDSA")]
        algorithm: KeyAlgorithm,
    },
}

/// Runs the command given by the arguments.
pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => match serve(Settings::load()?).await? {},
        Command::Migrate => migrate(&Settings::load()?).await?,
        Command::Seed => fill(&Settings::load()?).await?,
        Command::Demo(arguments) => demo::make(&Settings::load()?, arguments).await?,
        Command::Import(arguments) => return import::run(&Settings::load()?, arguments).await,
        Command::Export(arguments) => export::run(&Settings::load()?, arguments).await?,
        Command::Copy { from } => copy_from(&Settings::load()?, &from).await?,
        Command::Account(command) => account::run(&Settings::load()?, command).await?,
        Command::Keys(KeysCommand::Rotate { algorithm }) => rotate_keys(&Settings::load()?, algorithm).await?,
        Command::Ratings => return correct_ratings(&Settings::load()?).await,
        Command::Reindex => reindex(&Settings::load()?).await?,
        Command::Schema { markdown } => {
            let sdl = graphql::schema::sdl();
            say(if markdown { graphql::reference::markdown(&sdl)? } else { sdl }.trim_end());
        }
        Command::Config => {
            SETTINGS.iter().for_each(|s| say(format_args!("# {}\n{} = {}\n", s.meaning, s.name, s.default)))
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn serve(settings: Settings) -> Result<Infallible> {
    telemetry::start(&settings)?;
    let limit = Duration::from_secs(settings.shutdown_seconds);
    let graphiql = if settings.graphiql { ", GraphiQL for browsers" } else { "" };
    let application = Application::build(settings, Arc::new(SystemClock)).await?;
    signals::listen(application.handle(), limit)?;
    let (address, state) = (application.address(), application.state().clone());
    say(application.report());
    say(format_args!("listening on http://{address}"));
    tokio::spawn(async move {
        // No timeout: until then requests are answered with a retry hint.
        while !state.snapshots.wait_for(0, Duration::from_secs(3600)).await {}
        say(format_args!("ready: GraphQL{graphiql} at http://{address}/graphql"));
    });
    let ending = application.run_until_stopped().await?;
    // Exits without waiting for the runtime: abandoned work on other threads would delay it.
    telemetry::exit(match ending {
        Ending::Finished => 0,
        Ending::CutOff => signals::EXIT_CUT_OFF,
    })
}

/// Runs the work of a command on the database and closes the database, whatever the result.
async fn on_database<T>(settings: &Settings, work: impl AsyncFnOnce(&Database) -> Result<T>) -> Result<T> {
    let (database, _) = start::prepare(settings).await?;
    let done = work(&database).await;
    database.close().await;
    done
}

/// Like `on_database`, for work that fills the database, whose statistics are refreshed afterwards.
async fn fill_database<T>(settings: &Settings, work: impl AsyncFnOnce(&Database) -> Result<T>) -> Result<T> {
    let filled = on_database(settings, async |database| {
        let filled = work(database).await;
        database.refresh_statistics().await;
        filled
    });
    filled.await
}

async fn migrate(settings: &Settings) -> Result<()> {
    let (database, prepared) = start::prepare(settings).await?;
    database.close().await;
    say(prepared);
    Ok(())
}

async fn fill(settings: &Settings) -> Result<()> {
    let filled = fill_database(settings, async |database| seed::starter(&database.write, Arc::new(SystemClock)).await);
    if !filled.await? {
        return Err(AppError::input("database", "is not empty; the starter catalogue only goes into an empty one"));
    }
    say("the starter catalogue is in");
    Ok(())
}

async fn copy_from(settings: &Settings, url: &str) -> Result<()> {
    // Opened first: if the source is rejected, no empty target is created.
    let source = open(url).await?;
    let bar = progress_bar(0, "{bar:40} {pos} of {len} rows, {eta} left");
    let progress = |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    };
    let copied = fill_database(settings, async |database| copy(&source, &database.write, progress).await).await?;
    bar.finish_and_clear();
    say(format_args!(
        "{} rows of {} tables are copied and counted on both sides; the log is at position {}",
        copied.rows, copied.tables, copied.position
    ));
    Ok(())
}

async fn rotate_keys(settings: &Settings, algorithm: KeyAlgorithm) -> Result<()> {
    let rotated = on_database(settings, async |database| rotate(&database.write, SystemClock.now(), algorithm).await);
    let kid = rotated.await?;
    say(format_args!(
        "access tokens are signed with the key {kid} from now on; running processes follow within a minute"
    ));
    Ok(())
}

async fn correct_ratings(settings: &Settings) -> Result<ExitCode> {
    let writer = Writer::new("ratings", Arc::new(SystemClock));
    let wrong = on_database(settings, async |database| recount(&database.write, &writer).await).await?;
    for Wrong { listing, slug, figures, .. } in &wrong {
        let listing = listing.to_value().to_lowercase();
        let figures = figures.iter().map(|(column, was, is)| format!("{column} {was} -> {is}"));
        say(format_args!("{listing} {slug}: {}", figures.collect::<Vec<_>>().join(", ")));
    }
    say(format_args!("figures of {} listings were wrong", wrong.len()));
    Ok(if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(EXIT_WRONG) })
}

async fn reindex(settings: &Settings) -> Result<()> {
    telemetry::start(settings)?;
    let snapshots = Arc::new(SnapshotStore::new(Arc::new(SystemClock)));
    let built = on_database(settings, async |database| {
        let directory = IndexDirectory::lock(&settings.data_dir)?;
        directory.clear()?;
        Follower::new(database.follow.clone(), snapshots.clone(), directory).catch_up().await
    });
    built.await?;
    say(format_args!("the search index is built: {} courses", snapshots.progress.get().0));
    Ok(())
}

/// Bar that shows the progress of a command, for people at a terminal.
fn progress_bar(length: u64, template: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(template);
    ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Prints a line. The reader may leave early (`lectern config | head`), which is not an error.
fn say(line: impl Display) {
    _ = writeln!(std::io::stdout(), "{line}");
}
