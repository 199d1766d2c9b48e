//! Prints the results.

use std::time::Duration;

use crate::crowd::Waited;
use crate::search::{Found, Results, shortened, worst};

/// Maximum milliseconds of a document on one core.
const MOST_CPU: f64 = 500.0;
/// Maximum megabytes of a document.
const MOST_MEMORY: f64 = 50.0;
/// Maximum ratio between the time per unit of two documents.
const MOST_SPREAD: f64 = 20.0;
/// Maximum milliseconds of a simple query while many clients send the most expensive documents, at the 99th percentile.
const MOST_WAIT: f64 = 100.0;
/// The same for `/health/live`.
const MOST_LIVE: f64 = 50.0;

const HEAD: &str = "     cost    CPU ms  us/unit      MB     bytes  document";

/// Prints each document written by hand.
pub fn seeds(found: &[Found]) {
    println!("\nwritten by hand\n{HEAD}");
    found.iter().for_each(line);
}

/// Prints the most expensive documents, and the verdicts.
pub fn print(results: &Results) {
    let Results { found, sent, refused, invalid } = results;
    println!("\n{sent} documents, {refused} answers over a limit, {invalid} without data");
    let by_cpu = worst(found, |found| found.cpu);
    let by_unit = worst(found, Found::per_unit);
    let by_memory = worst(found, |found| found.memory);
    for (title, found) in [("most CPU", &by_cpu), ("most CPU per unit", &by_unit), ("most memory", &by_memory)] {
        println!("\n{title}\n{HEAD}");
        found.iter().for_each(|found| line(found));
    }
    println!();
    let most = |found: &[&Found], figure: fn(&Found) -> f64| found.iter().map(|it| figure(it)).fold(0.0, f64::max);
    // For cheap documents, the fixed price of a request makes the ratio meaningless, so the spread is that of the most
    // expensive ones by CPU.
    let least = by_cpu.iter().map(|found| found.per_unit()).fold(f64::INFINITY, f64::min);
    verdict("CPU of one document, ms", most(&by_cpu, |found| found.cpu), MOST_CPU);
    verdict("memory of one document, MB", most(&by_memory, |found| found.memory), MOST_MEMORY);
    verdict("CPU per unit, most beside least of the ten dearest", most(&by_cpu, Found::per_unit) / least, MOST_SPREAD);
}

/// Prints what the observed client experienced.
pub fn crowd(waited: &Waited) {
    let (answered, refused) = waited.crowd;
    println!("\n32 clients sending the dearest by CPU: {answered} answered, {refused} refused");
    let nth = |times: &[Duration], share: f64| {
        let place = ((times.len() as f64 * share) as usize).min(times.len() - 1);
        times[place].as_secs_f64() * 1e3
    };
    for (what, times) in [("a simple query", &waited.simple), ("/health/live", &waited.live)] {
        println!("{what}: {} answers, p50 {:.1} ms, p99 {:.1} ms", times.len(), nth(times, 0.5), nth(times, 0.99));
    }
    verdict("p99 of a simple query beside them, ms", nth(&waited.simple, 0.99), MOST_WAIT);
    verdict("p99 of /health/live beside them, ms", nth(&waited.live, 0.99), MOST_LIVE);
}

fn line(found: &Found) {
    let Found { cost, cpu, memory, bytes, .. } = found;
    let text = shortened(&found.document.text(), 400);
    println!("{cost:9.0} {cpu:9.2} {:8.2} {memory:7.1} {bytes:9}  {text}", found.per_unit());
}

fn verdict(what: &str, figure: f64, limit: f64) {
    let met = if figure <= limit { "MET" } else { "MISSED" };
    println!("{met}: {what}: {figure:.1}, at most {limit:.0}");
}
