//! Logging: target and format. Never to be logged, here or anywhere: tokens, passwords, connection strings, and the
//! text of requests.

mod writer;

use std::io::IsTerminal;

use catalog::error::{AppError, Result};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::config::{LogFormat, Settings};

pub use writer::{flush, lost_lines};

/// Starts the log on standard error. Standard output is for the output of commands.
pub fn start(settings: &Settings) -> Result<()> {
    let wrong =
        |_| AppError::input("log", "must be error, warn, info, debug, trace, off, or a filter such as lectern=debug");
    let filter = EnvFilter::try_new(directives(&settings.log)).map_err(wrong)?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(|| writer::LogWriter);
    // The library would print its own errors, and panic if they cannot be printed.
    let lines = lines.with_ansi(colours()).log_internal_errors(false);
    // A second start in one process keeps the first log.
    let started = match settings.log_format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    if started.is_ok() {
        writer::start();
        log_panics();
    }
    Ok(())
}

/// Flushes the log and ends the process.
pub fn exit(code: u8) -> ! {
    flush();
    std::process::exit(code.into())
}

/// Whether standard error is a terminal and its user has not disabled colours (<https://no-color.org>). Files and
/// journals would store the codes.
fn colours() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|no| no.is_empty())
}

/// Completes a filter. A plain level applies to our own lines: of those of libraries, only warnings are useful to an
/// operator. `lectern=LEVEL` means all our crates.
fn directives(setting: &str) -> String {
    match setting.parse::<LevelFilter>() {
        Ok(level) => format!("{},{}", level.min(LevelFilter::WARN), of_our_crates(&level.to_string())),
        Err(_) => {
            let directives = setting.split(',').map(|directive| match directive.strip_prefix("lectern=") {
                Some(level) => of_our_crates(level),
                None => directive.to_owned(),
            });
            directives.collect::<Vec<_>>().join(",")
        }
    }
}

fn of_our_crates(level: &str) -> String {
    ["lectern", "catalog", "search", "migration"].map(|name| format!("{name}={level}")).join(",")
}

/// Logs panics within the span of the request that caused them.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, cause = panic.payload_as_str().unwrap_or("unknown"), "panicked");
    }));
}
