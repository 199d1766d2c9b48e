//! `lectern account`: creates the first account and manages staff.

use std::io::{IsTerminal, Write, stdin};
use std::sync::Arc;

use catalog::account::Accounts;
use catalog::account::staff::{self, StaffChange};
use catalog::auth::Auth;
use catalog::budget::Budgets;
use catalog::clock::{Clock, SystemClock};
use catalog::database::Database;
use catalog::error::{AppError, Result};
use catalog::input::Fields;
use catalog::mail::Outbox;
use clap::Subcommand;
use serde_json::json;

use super::{on_database, say};
use crate::config::Settings;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create an account; the password is prompted for, or read from the first line of standard input
    Create {
        /// Email address to sign in with; it counts as verified
        #[arg(long)]
        email: String,
        /// Display name
        #[arg(long)]
        name: String,
        /// Grant staff rights, which allow everything
        #[arg(long)]
        staff: bool,
    },
    /// Grant or revoke staff rights, with immediate effect
    Staff {
        /// Email address of the account
        #[arg(long)]
        email: String,
        /// Grant staff rights
        #[arg(long, required_unless_present = "revoke", conflicts_with = "revoke")]
        grant: bool,
        /// Revoke staff rights
        #[arg(long)]
        revoke: bool,
        /// Mark the email address as verified: you know that it belongs to the owner of the account
        #[arg(long, requires = "grant", conflicts_with = "revoke")]
        verified: bool,
    },
    /// List the accounts, oldest first: email address, name, and whether they are staff
    List {
        /// List only staff
        #[arg(long)]
        staff: bool,
    },
}

pub(super) async fn run(settings: &Settings, command: Command) -> Result<()> {
    on_database(settings, async |database| match command {
        Command::Create { email, name, staff } => create(settings, database, email, name, staff).await,
        Command::Staff { email, grant, revoke: _, verified } => {
            let now = SystemClock.now();
            let change = StaffChange { email: &email, staff: grant, is_vouched_for: verified, now };
            staff::set_staff(&database.write, &change).await?;
            say(format_args!("{email} {} to the staff", if grant { "belongs" } else { "no longer belongs" }));
            Ok(())
        }
        Command::List { staff: only } => staff::each(&database.write, only, list).await,
    })
    .await
}

fn list(account: &entity::account::Model) {
    let staff = if account.staff { "staff" } else { "" };
    say(format_args!("{}\t{}\t{staff}", account.email, account.display_name));
}

async fn create(settings: &Settings, database: &Database, email: String, name: String, staff: bool) -> Result<()> {
    let clock = Arc::new(SystemClock) as Arc<dyn Clock>;
    let auth = Arc::new(Auth::open(&settings.auth(), database, clock.clone()).await?);
    let outbox = Outbox::open(&settings.mail(), clock.clone())?;
    let budgets = Arc::new(Budgets::new(&settings.budgets(), &clock));
    let accounts = Accounts::new(auth, outbox, database, clock, &settings.link_url, budgets);
    let account = [("email", email), ("password", password()?), ("displayName", name)];
    let fields: Fields = account.into_iter().map(|(name, value)| (name.to_owned(), json!(value))).collect();
    let account = accounts.create(&fields, staff).await?.map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        AppError::input("account", errors.join("; "))
    })?;
    say(format_args!("there is an account for {}", account.email));
    Ok(())
}

/// Reads the password. It is not an argument, because other users of the machine can see the arguments of a command.
fn password() -> Result<String> {
    let unreadable = |_| AppError::input("password", "cannot be read");
    if stdin().is_terminal() {
        _ = write!(std::io::stderr(), "Password: ");
        return console::Term::stderr().read_secure_line().map_err(unreadable);
    }
    let mut line = String::new();
    stdin().read_line(&mut line).map_err(unreadable)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
