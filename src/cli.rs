//! The command line.

use std::sync::Arc;

use clap::{Parser, Subcommand};

use crate::app::Application;
use crate::clock::SystemClock;
use crate::config::{SETTINGS, Settings};
use crate::error::Result;
use crate::{graphql, start};

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
    /// Bring the database to this version
    Migrate,
    /// Print the GraphQL schema
    Schema {
        /// As a page to read instead of SDL
        #[arg(long)]
        markdown: bool,
    },
    /// Print every setting with its default and meaning
    Config,
}

/// Runs what the arguments say.
#[allow(clippy::print_stdout, reason = "these lines are what the commands are for")]
pub async fn run(arguments: Arguments) -> Result<()> {
    match arguments.command.unwrap_or(Command::Serve) {
        Command::Serve => serve(Settings::load()?).await,
        Command::Migrate => start::prepare(&Settings::load()?).await.map(|_| ()),
        Command::Schema { markdown } => {
            let sdl = graphql::schema::sdl();
            print!("{}", if markdown { graphql::reference::markdown(&sdl)? } else { sdl });
            Ok(())
        }
        Command::Config => {
            SETTINGS.iter().for_each(|s| println!("# {}\n{} = {}\n", s.meaning, s.name, s.default));
            Ok(())
        }
    }
}

#[allow(clippy::print_stdout, reason = "whoever starts it reads here where it listens")]
async fn serve(settings: Settings) -> Result<()> {
    let application = Application::build(settings, Arc::new(SystemClock)).await?;
    println!("listening on http://{}", application.address());
    application.run_until_stopped().await
}
