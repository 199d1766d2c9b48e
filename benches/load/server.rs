//! Programs under load: started on a free port, stopped when dropped.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::client::{Connection, get};

/// Running program that serves HTTP.
pub struct Server {
    child: Child,
    /// Address that it listens on, such as `127.0.0.1:8080`.
    pub address: String,
    /// Time from its start until it could answer with data.
    pub ready_after: Duration,
}

impl Server {
    /// Starts Lectern on a database, with its index in a folder. `seed` is `none` or `starter`. Without a database, it
    /// uses SQLite in the folder.
    pub async fn lectern(program: &Path, database: &str, folder: &Path, seed: &str) -> Self {
        let mut command = Command::new(program);
        command.env("LECTERN_DATA_DIR", folder).env("LECTERN_SEED", seed).env("LECTERN_LISTEN", "127.0.0.1:0");
        // Without the response cache: the benchmark measures the computation of responses.
        command.env("LECTERN_LOG", "warn").env("DATABASE_URL", database).env("LECTERN_CACHE_MB", "0");
        // All load comes from one address.
        command.env("LECTERN_COST_PER_MINUTE", "0");
        Self::start(command).await
    }

    /// Starts the hand-written handlers, in a separate process so that its processor time can be told apart.
    pub async fn yardstick(database: &str) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--serve", database]);
        Self::start(command).await
    }

    async fn start(mut command: Command) -> Self {
        let began = Instant::now();
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let address = lines.find_map(|line| Some(line.strip_prefix("listening on http://")?.to_owned()));
        let address = address.expect("the program says where it listens");
        // Keeps reading: a full pipe would block the program.
        std::thread::spawn(move || lines.for_each(drop));
        let mut connection = Connection::open(&address).await.unwrap();
        while connection.ask(&get("/health/ready")).await.unwrap().0 != 200 {
            actix_web::rt::time::sleep(Duration::from_millis(2)).await;
        }
        Self { child, address, ready_after: began.elapsed() }
    }

    /// ID of its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
