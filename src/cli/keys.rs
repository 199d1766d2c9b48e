//! `lectern keys`: the keys that sign access tokens.

use catalog::auth::{KeyAlgorithm, rotate};
use catalog::clock::{Clock, SystemClock};
use catalog::error::Result;
use clap::Subcommand;

use super::{on_database, say};
use crate::config::Settings;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Sign access tokens with a new key; existing tokens stay valid until they expire
    Rotate {
        /// Algorithm of the new key
        #[arg(long, value_enum, default_value = "EdDSA")]
        algorithm: KeyAlgorithm,
    },
}

pub(super) async fn run(settings: &Settings, command: Command) -> Result<()> {
    let Command::Rotate { algorithm } = command;
    let rotated = on_database(settings, async |database| rotate(&database.write, SystemClock.now(), algorithm).await);
    let kid = rotated.await?;
    say(format_args!(
        "access tokens are signed with the key {kid} from now on; running processes follow within a minute"
    ));
    Ok(())
}
