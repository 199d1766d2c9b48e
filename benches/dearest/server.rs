//! The server under test: on one core, without its response cache. Measures what a request takes.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::client::{Connection, get, post};

/// Running server.
pub struct Server {
    child: Child,
    /// Address that it listens on.
    pub address: String,
}

/// Measurements of a response.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// Status.
    pub status: u16,
    /// Body.
    pub body: Vec<u8>,
    /// Processor time in milliseconds.
    pub cpu: f64,
    /// Peak growth of memory in megabytes.
    pub memory: f64,
}

/// Command of Lectern on a data folder.
fn command(program: &Path, folder: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.args(["--cpu-list", "0"]).arg(program);
    command.env("LECTERN_DATA_DIR", folder).env("LECTERN_SEED", "none").env("LECTERN_LISTEN", "127.0.0.1:0");
    command.env("LECTERN_LOG", "warn").env("LECTERN_CACHE_MB", "0").env("DATABASE_URL", "");
    command.env("LECTERN_COST_PER_MINUTE", "0");
    command
}

/// Fills a folder with `lectern demo`, unless it is already filled.
pub fn fill(program: &Path, folder: &Path, courses: usize) {
    let done = folder.join("filled");
    if done.exists() {
        return;
    }
    let mut command = command(program, folder);
    command.args(["demo", "--courses", &courses.to_string(), "--reviews", &(2 * courses).to_string()]);
    assert!(command.args(["--on", "2026-01-01"]).status().unwrap().success(), "lectern demo fails");
    std::fs::write(done, "").unwrap();
}

impl Server {
    /// Starts the server and waits until it is ready.
    pub async fn start(program: &Path, folder: &Path) -> Self {
        let mut child = command(program, folder).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let address = lines.find_map(|line| Some(line.strip_prefix("listening on http://")?.to_owned()));
        let address = address.expect("the program says where it listens");
        // Keeps reading: a full pipe would block the program.
        std::thread::spawn(move || lines.for_each(drop));
        let mut connection = Connection::open(&address).await.unwrap();
        while connection.ask(&get("/health/ready")).await.unwrap().0 != 200 {
            actix_web::rt::time::sleep(Duration::from_millis(20)).await;
        }
        Self { child, address }
    }

    /// Sends a query and measures it; `None` if the server closed the connection.
    pub async fn ask(&self, connection: &mut Connection, query: &str) -> Option<Taken> {
        let request = post("/graphql", &serde_json::json!({ "query": query }).to_string());
        let (time, memory) = (self.processor_time(), self.resident_from_now());
        let (status, body) = connection.ask(&request).await.ok()?;
        let (status, body) = (status, body.to_vec());
        // The time of a thread that has ended is lost.
        let cpu = self.processor_time().saturating_sub(time) as f64 / 1e6;
        Some(Taken { status, body, cpu, memory: self.status("VmHWM:") - memory })
    }

    /// Nanoseconds that its threads have run.
    fn processor_time(&self) -> u64 {
        let folder = format!("/proc/{}/task", self.child.id());
        let threads = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let first = |text: String| text.split_whitespace().next()?.parse::<u64>().ok();
        threads.filter_map(|thread| first(std::fs::read_to_string(thread.path().join("schedstat")).ok()?)).sum()
    }

    /// Megabytes of resident memory. Resets the peak.
    fn resident_from_now(&self) -> f64 {
        let _ = std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5");
        self.status("VmRSS:")
    }

    fn status(&self, name: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.split_whitespace().next().and_then(|kilobytes| kilobytes.parse::<f64>().ok()).unwrap_or(f64::NAN) / 1024.0
    }

    /// Waits until the server is idle.
    pub async fn rest(&self) {
        let until = Instant::now() + Duration::from_secs(15);
        let mut before = self.processor_time();
        while Instant::now() < until {
            actix_web::rt::time::sleep(Duration::from_millis(200)).await;
            let now = self.processor_time();
            if now.saturating_sub(before) < 20_000_000 {
                return;
            }
            before = now;
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
