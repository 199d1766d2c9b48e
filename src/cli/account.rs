//! `lectern account`: the account that all others begin with.

use std::io::{IsTerminal, stdin};
use std::sync::Arc;

use clap::{Args, Subcommand};
use serde_json::json;

use super::{on_database, say};
use crate::account::Accounts;
use crate::auth::Auth;
use crate::clock::{Clock, SystemClock};
use crate::config::Settings;
use crate::error::{AppError, Result};
use crate::form::Fields;
use crate::mail::Outbox;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make an account; its password is asked for, or read from the first line of standard input
    Create(Create),
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// The address to sign in with; it counts as verified
    #[arg(long)]
    email: String,
    /// The name that others see
    #[arg(long)]
    name: String,
    /// Whether it belongs to the staff of the catalogue, who may do everything
    #[arg(long)]
    staff: bool,
}

pub(super) async fn run(settings: &Settings, command: Command) -> Result<()> {
    let Command::Create(create) = command;
    on_database(settings, async |database| {
        let clock = Arc::new(SystemClock) as Arc<dyn Clock>;
        let auth = Arc::new(Auth::open(settings, database, clock.clone()).await?);
        let outbox = Outbox::open(settings, clock.clone())?;
        let accounts = Accounts::new(auth, outbox, database, clock, &settings.link_url);
        make(&accounts, create).await
    })
    .await
}

async fn make(accounts: &Accounts, create: Create) -> Result<()> {
    let account = [("email", create.email), ("password", password()?), ("displayName", create.name)];
    let fields: Fields = account.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
    match accounts.create(&fields, create.staff).await? {
        Ok(account) => say(format_args!("there is an account for {}", account.email)),
        Err(faults) => {
            let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
            return Err(AppError::input("account", faults.join("; ")));
        }
    }
    Ok(())
}

/// The password: not an argument, since the arguments of a command can be seen by others on the machine.
#[allow(clippy::print_stderr, reason = "it asks")]
fn password() -> Result<String> {
    let unreadable = |_| AppError::input("password", "cannot be read");
    if stdin().is_terminal() {
        eprint!("Password: ");
        return console::Term::stderr().read_secure_line().map_err(unreadable);
    }
    let mut line = String::new();
    stdin().read_line(&mut line).map_err(unreadable)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
