//! The `lectern` program.

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use lectern::cli::{Arguments, run};
use lectern::telemetry;

/// An answer is thousands of small values. The system's allocator takes a fifth of the time to make and drop them, and keeps
/// what a large answer took.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const FAILURE: u8 = 1;

#[actix_web::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments).await {
        Ok(code) => {
            telemetry::flush();
            code
        }
        Err(error) => {
            // Not the macro, which panics if standard error cannot be written.
            _ = writeln!(std::io::stderr(), "lectern: {}", error.cause());
            // Exits at once, because abandoned work on other threads would delay the end of the runtime.
            telemetry::exit(FAILURE)
        }
    }
}
