//! Measures a load: wall-clock time, and processor time and memory from /proc (so Linux only).

use std::rc::Rc;
use std::time::{Duration, Instant};

use crate::client;

/// Number of concurrent connections.
pub const CONNECTIONS: usize = 32;

/// Figures of one cell.
#[derive(Clone, Copy, Debug, Default)]
pub struct Figures {
    /// Requests per second.
    pub rate: f64,
    /// Median response time in milliseconds.
    pub p50: f64,
    /// 99th percentile of the response time in milliseconds.
    pub p99: f64,
    /// Processor time of the server per 1,000 requests, in milliseconds.
    pub server: f64,
    /// Processor time of the database's processes per 1,000 requests, in milliseconds.
    pub database: f64,
    /// Resident memory of the server, in megabytes.
    pub resident: f64,
}

impl Figures {
    /// Total processor time per 1,000 requests, in milliseconds.
    pub fn cpu(&self) -> f64 {
        self.server + self.database
    }
}

/// Warms up for a third of the time, then measures.
pub async fn measure(
    address: &str,
    requests: &Rc<Vec<Vec<u8>>>,
    server: u32,
    database: Option<u32>,
    time: Duration,
) -> Figures {
    client::load(address, requests, CONNECTIONS, time / 3).await;
    let (before, began) = (spent(server, database), Instant::now());
    let mut times = client::load(address, requests, CONNECTIONS, time).await;
    let (took, after) = (began.elapsed().as_secs_f64(), spent(server, database));
    times.sort_unstable();
    let count = times.len() as f64;
    let at = |share: f64| times[((count - 1.0) * share) as usize].as_secs_f64() * 1e3;
    let per_thousand = |before: u64, after: u64| (after.saturating_sub(before)) as f64 / 1e6 / count * 1e3;
    Figures {
        rate: count / took,
        p50: at(0.5),
        p99: at(0.99),
        server: per_thousand(before.0, after.0),
        database: per_thousand(before.1, after.1),
        resident: resident(server),
    }
}

/// Nanoseconds of processor time of the server and of the database so far.
fn spent(server: u32, database: Option<u32>) -> (u64, u64) {
    (processor_time(server), database.map_or(0, processor_time))
}

/// Nanoseconds that a process and all its descendants have run.
fn processor_time(root: u32) -> u64 {
    let processes: Vec<(u32, u32)> = numbers_in("/proc").filter_map(|pid| Some((pid, parent(pid)?))).collect();
    let mut tree = vec![root];
    let mut next = 0;
    while let Some(process) = tree.get(next).copied() {
        tree.extend(processes.iter().filter(|(_, parent)| *parent == process).map(|(pid, _)| *pid));
        next += 1;
    }
    let threads = tree.iter().flat_map(|pid| numbers_in(&format!("/proc/{pid}/task")).map(move |task| (pid, task)));
    threads.filter_map(|(pid, task)| first_number(&format!("/proc/{pid}/task/{task}/schedstat"))).sum()
}

fn numbers_in(folder: &str) -> impl Iterator<Item = u32> + use<> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn parent(pid: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name is in brackets and may contain anything, including spaces.
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

fn first_number(file: &str) -> Option<u64> {
    std::fs::read_to_string(file).ok()?.split_whitespace().next()?.parse().ok()
}

/// Resident memory of a process in megabytes.
pub fn resident(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or(f64::NAN) / 1024.0
}
