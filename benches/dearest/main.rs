//! Searches for the most expensive documents that the limits allow: written by hand, generated from the schema, and
//! changed step by step towards more processor time, in total and per unit of cost. `scripts/dearest` starts it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark that meets the unexpected is to fail")]
#![allow(clippy::print_stdout, reason = "the figures are what it is for")]
#![allow(clippy::wildcard_enum_match_arm, reason = "values that hold no others are all alike")]
#![allow(missing_docs, reason = "a program of its own, which nobody links")]

#[path = "../load/client.rs"]
#[allow(dead_code, reason = "the load benchmark uses the rest")]
mod client;
mod crowd;
mod document;
mod draw;
mod names;
mod report;
mod schema;
mod search;
mod seeds;
mod server;

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use draw::Source;
use names::Names;
use schema::Schema;
use search::Search;
use server::Server;

/// Search for the most expensive documents.
#[derive(Parser)]
struct Arguments {
    /// Duration of the search, in seconds
    #[arg(long, default_value_t = 120.0)]
    seconds: f64,
    /// Number of courses
    #[arg(long, default_value_t = 50_000)]
    courses: usize,
    /// Seed of the generated documents
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder that keeps the catalogue from one run to the next
    #[arg(long)]
    data: Option<PathBuf>,
    /// Print what each document written by hand takes
    #[arg(long)]
    seeds: bool,
    /// Another Lectern binary than the one built with this benchmark
    #[arg(long, default_value = env!("CARGO_BIN_EXE_lectern"))]
    lectern: PathBuf,
    /// Passed by `cargo bench` to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let arguments = Arguments::parse();
    actix_web::rt::System::new().block_on(run(&arguments));
}

async fn run(arguments: &Arguments) {
    let temporary = tempfile::tempdir().unwrap();
    let folder = arguments.data.as_deref().unwrap_or(temporary.path());
    server::fill(&arguments.lectern, folder, arguments.courses);
    let server = Server::start(&arguments.lectern, folder).await;
    let names = Names::ask(&server.address).await;
    let source = Source { schema: Schema::read(), names };
    println!("{} courses, one core, seed {}, {} s", arguments.courses, arguments.seed, arguments.seconds);
    let mut search = Search::new(&server, &source, arguments.seed).await;
    search.plant().await;
    if arguments.seeds {
        report::seeds(&search.results.found);
    }
    search.climb(Duration::from_secs_f64(arguments.seconds)).await;
    search.again().await;
    let mut results = std::mem::take(&mut search.results);
    let documents: Vec<String> =
        search::worst(&results.found, |found| found.cpu).iter().map(|it| it.document.text()).collect();
    let waited = crowd::press(&server, &documents).await;
    drop(server);
    results.measure_memory(&arguments.lectern, folder).await;
    report::print(&results);
    report::crowd(&waited);
}
