//! The command line: the commands and their arguments. Each command's module prints its output. Does not belong here:
//! the work itself.

mod account;
mod copy;
mod demo;
mod import;
mod keys;
mod ratings;

use std::convert::Infallible;
use std::fmt::Display;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use catalog::clock::SystemClock;
use catalog::database::Database;
use catalog::error::{AppError, Result};
use catalog::follower::Follower;
use catalog::seed;
use catalog::snapshot::SnapshotStore;
use clap::{Parser, Subcommand};
use search::IndexDirectory;

use crate::app::{Application, Ending};
use crate::config::{SETTINGS, Settings};
use crate::{graphql, signals, start, telemetry};

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
    /// Copy a whole catalogue from another database into the configured one, which must be empty
    Copy(copy::Arguments),
    /// Create and list accounts, and grant or revoke staff rights
    #[command(subcommand)]
    Account(account::Command),
    /// Manage the keys that sign access tokens
    #[command(subcommand)]
    Keys(keys::Command),
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

/// Runs the command given by the arguments.
pub async fn run(arguments: Arguments) -> Result<ExitCode> {
    match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => match serve(Settings::load()?).await? {},
        Command::Migrate => migrate(&Settings::load()?).await?,
        Command::Seed => fill(&Settings::load()?).await?,
        Command::Demo(arguments) => demo::make(&Settings::load()?, arguments).await?,
        Command::Import(arguments) => return import::run(&Settings::load()?, arguments).await,
        Command::Copy(arguments) => copy::run(&Settings::load()?, arguments).await?,
        Command::Account(command) => account::run(&Settings::load()?, command).await?,
        Command::Keys(command) => keys::run(&Settings::load()?, command).await?,
        Command::Ratings => return ratings::run(&Settings::load()?).await,
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

async fn migrate(settings: &Settings) -> Result<()> {
    let (database, prepared) = start::prepare(settings).await?;
    database.close().await;
    say(prepared);
    Ok(())
}

async fn fill(settings: &Settings) -> Result<()> {
    let filled = on_database(settings, async |database| {
        let filled = seed::starter(&database.write, Arc::new(SystemClock)).await;
        database.refresh_statistics().await;
        filled
    });
    if !filled.await? {
        return Err(AppError::input("database", "is not empty; the starter catalogue only goes into an empty one"));
    }
    say("the starter catalogue is in");
    Ok(())
}

async fn reindex(settings: &Settings) -> Result<()> {
    telemetry::start(settings)?;
    let snapshots = Arc::new(SnapshotStore::default());
    let built = on_database(settings, async |database| {
        let directory = IndexDirectory::lock(&settings.data_dir)?;
        directory.clear()?;
        Follower::new(database.follow.clone(), snapshots.clone(), directory).catch_up().await
    });
    built.await?;
    say(format_args!("the search index is built: {} courses", snapshots.progress.get().0));
    Ok(())
}

/// Prints a line. The reader may leave early (`lectern config | head`), which is not an error.
fn say(line: impl Display) {
    _ = writeln!(std::io::stdout(), "{line}");
}
