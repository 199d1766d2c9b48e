//! Judges the search: fills a catalogue whose right answers are known, runs the judged queries, and prints how good the
//! first results are. `scripts/relevance` starts it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark that meets the unexpected is to fail")]
#![allow(clippy::print_stdout, reason = "the figures are what it is for")]
#![allow(missing_docs, reason = "a program of its own, which nobody links")]

mod catalogue;
#[path = "../load/client.rs"]
#[allow(dead_code, reason = "the load benchmark uses the rest")]
mod client;
mod queries;
mod report;
mod scores;
mod search;
#[path = "../load/server.rs"]
#[allow(dead_code, reason = "the load benchmark uses the rest")]
mod server;

use std::path::PathBuf;

use clap::Parser;

use report::Row;
use scores::Scores;
use search::Search;
use server::Server;

/// Judge the search by queries whose right answers are known.
#[derive(Parser)]
struct Arguments {
    /// Also print the queries with the lowest nDCG, at most so many, with what they find
    #[arg(long, value_name = "N", default_value_t = 0)]
    worst: usize,
    /// Run only the queries of this kind
    #[arg(long)]
    kind: Option<String>,
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
    let file = queries::load();
    let mut queries = queries::parse(&file);
    let folder = tempfile::tempdir().unwrap();
    catalogue::fill(&arguments.lectern, folder.path());
    let server = Server::lectern(&arguments.lectern, "", folder.path(), "none").await;
    let mut search = Search::open(&server.address).await;
    let slugs = search.all_slugs().await;
    queries::check(&queries, &slugs);
    println!("{} courses, {} judged queries", slugs.len(), queries.len());
    if let Some(kind) = &arguments.kind {
        queries.retain(|query| query.kind == *kind);
        assert!(!queries.is_empty(), "no query has the kind {kind}");
    }
    let mut rows = Vec::new();
    for query in queries {
        let found = search.first_slugs(query.text).await;
        rows.push(Row { scores: Scores::of(&query, &found), query, found });
    }
    report::table(&rows);
    report::worst(rows, arguments.worst);
}
