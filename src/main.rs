//! The `lectern` program.

use std::process::ExitCode;

use clap::Parser;
use lectern::cli::{Arguments, run};

#[actix_web::main]
#[allow(clippy::print_stderr, reason = "one line that says why it did not start")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("lectern: {}", error.cause());
            ExitCode::FAILURE
        }
    }
}
