//! Load benchmarks: Lectern beside a hand-written server and the bare framework, on SQLite and on PostgreSQL, in one
//! run. `scripts/bench` starts it; benches/README.md says what is measured and how to read it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a benchmark that meets the unexpected is to fail")]
#![allow(clippy::print_stdout, reason = "the figures are what it is for")]
#![allow(missing_docs, reason = "a program of its own, which nobody links")]

mod check;
mod client;
mod database;
mod fill;
mod measure;
mod report;
mod scenario;
mod server;
mod walk;
mod yardstick;

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Parser;
use fill::Catalogue;

use database::Filled;
use measure::{CONNECTIONS, Figures, measure};
use report::{Table, mark};
use scenario::Scenario;
use server::Server;

/// Load benchmarks of Lectern.
#[derive(Parser)]
struct Arguments {
    /// Duration of each measurement, in seconds
    #[arg(long, default_value_t = 3.0)]
    seconds: f64,
    /// Number of courses
    #[arg(long, default_value_t = 10_000)]
    courses: usize,
    /// Only pages whose name contains this
    #[arg(long, default_value = "")]
    only: String,
    /// Show the plans of the hand-written statements
    #[arg(long)]
    plans: bool,
    /// Another Lectern binary than the one built with this benchmark
    #[arg(long, default_value = env!("CARGO_BIN_EXE_lectern"))]
    lectern: PathBuf,
    /// Serve the hand-written handlers on this database and measure nothing
    #[arg(long, hide = true)]
    serve: Option<String>,
    /// Passed by `cargo bench` to every benchmark
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() {
    let arguments = Arguments::parse();
    actix_web::rt::System::new().block_on(async {
        match &arguments.serve {
            Some(database) => yardstick::serve(database).await.unwrap(),
            None => run(&arguments).await,
        }
    });
}

async fn run(arguments: &Arguments) {
    let cores = std::thread::available_parallelism().unwrap();
    println!("{cores} cores, shared by load, server and database; {CONNECTIONS} connections that are kept alive");
    println!("CPU: milliseconds of processor time per 1,000 requests; MB: resident memory of the server");
    let catalogue = Catalogue::generate(arguments.courses);
    let folder = tempfile::tempdir().unwrap();
    let sqlite = database::sqlite(folder.path(), &catalogue).await;
    let postgres = database::postgres(folder.path(), &catalogue).await;
    let mut tables = Vec::new();
    for database in [&sqlite, &postgres] {
        tables.extend(pages(arguments, database, &catalogue).await);
    }
    println!();
    report::marks(&tables);
    starter(&arguments.lectern).await;
}

async fn pages(arguments: &Arguments, database: &Filled, catalogue: &Catalogue) -> Vec<Table> {
    let folder = tempfile::tempdir().unwrap();
    let by_hand = Server::yardstick(&database.url).await;
    let lectern = Server::lectern(&arguments.lectern, &database.url, folder.path(), "none").await;
    let documents = catalogue.courses.len() + catalogue.offerings.len();
    let (seconds, name) = (lectern.ready_after.as_secs_f64(), database.name);
    let rate = documents as f64 / seconds;
    println!("\n{name}: {documents} documents indexed, start to ready in {seconds:.2} s, {rate:.0} documents/s");
    if arguments.plans {
        yardstick::print_plans(&database.url).await;
    }
    let walked = walk::cursors(&lectern.address).await;
    let scenarios = [
        scenario::course(catalogue),
        scenario::list(catalogue),
        scenario::widest("widest list, first pages", &walked.first),
        scenario::widest("widest list, 500 pages deep", &walked.deep),
        scenario::provider(catalogue),
        scenario::search(catalogue),
    ];
    let mut tables = Vec::new();
    for scenario in scenarios.iter().filter(|scenario| scenario.name.contains(&arguments.only)) {
        let table = page(arguments, database, scenario, &lectern, &by_hand).await;
        table.print();
        tables.push(table);
    }
    tables
}

async fn page(
    arguments: &Arguments,
    database: &Filled,
    scenario: &Scenario,
    lectern: &Server,
    yardstick: &Server,
) -> Table {
    let (compared, bytes) = check::compare(scenario, &lectern.address, &yardstick.address).await;
    println!("\n{compared} answers compared, {bytes} bytes each");
    let time = Duration::from_secs_f64(arguments.seconds);
    let cell = async |server: &Server, requests| -> Figures {
        measure(&server.address, &requests, server.pid(), database.process, time).await
    };
    Table {
        title: format!("{}, {}", database.name, scenario.name),
        mark: scenario.mark,
        limit: cell(yardstick, scenario.graphql(&format!("/limit/{bytes}"))).await,
        yardstick: cell(yardstick, scenario.by_hand()).await,
        lectern: vec![("Lectern", cell(lectern, scenario.graphql("/graphql")).await)],
    }
}

/// First start of a newcomer: an empty folder, the starter catalogue, SQLite.
async fn starter(program: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::lectern(program, "", folder.path(), "starter").await;
    mark("start to ready with the starter catalogue", server.ready_after.as_secs_f64(), " s", 1.0);
    mark("resident memory with the starter catalogue", measure::resident(server.pid()), " MB", 100.0);
}
