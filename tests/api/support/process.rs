//! The program itself, started as an operator starts it: for exit codes, signals and output.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

/// The program in its own folder, on an empty catalogue and a free port unless the settings say otherwise.
pub fn lectern(folder: &Path, settings: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lectern"));
    let inherited = std::env::vars().map(|(name, _)| name);
    for name in inherited.filter(|name| name.starts_with("LECTERN_") || name == "DATABASE_URL") {
        command.env_remove(name);
    }
    command.current_dir(folder).env("LECTERN_SEED", "none").env("LECTERN_LISTEN", "127.0.0.1:0");
    command.envs(settings.iter().copied()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What a start that must fail printed on standard error.
pub fn refused(folder: &Path, settings: &[(&str, &str)]) -> (Option<i32>, String) {
    let quiet = [("LECTERN_LOG", "warn")];
    let Output { status, stderr, .. } = lectern(folder, &quiet).envs(settings.iter().copied()).output().unwrap();
    (status.code(), String::from_utf8(stderr).unwrap())
}

/// A program that serves.
pub struct ServerProcess {
    child: Child,
    address: String,
    printed: String,
    log: Option<BufReader<ChildStderr>>,
    logged: String,
}

impl ServerProcess {
    /// Starts it and waits until it says that it is ready.
    pub fn start(folder: &Path, settings: &[(&str, &str)]) -> Self {
        Self::run(lectern(folder, settings))
    }

    /// Starts it with its log going to `log`.
    pub fn logging_to(folder: &Path, settings: &[(&str, &str)], log: Stdio) -> Self {
        let mut command = lectern(folder, settings);
        command.stderr(log);
        Self::run(command)
    }

    /// Leaves its log unread from now on, like a reader that has exited.
    pub fn close_log(&mut self) {
        self.log = None;
    }

    /// Starts one whose file sizes can be limited: writes beyond the limit fail, as on a full disk.
    pub fn limitable(folder: &Path, settings: &[(&str, &str)]) -> Self {
        let command = lectern(folder, settings);
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' XFSZ; exec \"$0\""]).arg(command.get_program()).current_dir(folder);
        shell.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self::run(shell)
    }

    /// Limits the size of its files, in bytes.
    pub fn limit_files(&self, size: &str) {
        let mut limit = Command::new("prlimit");
        limit.args(["--pid", &self.child.id().to_string(), &format!("--fsize={size}:")]);
        assert!(limit.status().unwrap().success());
    }

    fn run(mut command: Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut printed = String::new();
        while !printed.contains("\nready: ") {
            assert_ne!(out.read_line(&mut printed).unwrap(), 0, "it ended before it was ready: {printed}");
        }
        let log = child.stderr.take().map(BufReader::new);
        let address = printed.lines().find_map(|line| line.strip_prefix("listening on http://"));
        let address = address.expect("it says where it listens").to_owned();
        Self { child, address, printed, log, logged: String::new() }
    }

    /// The lines that it printed until it was ready.
    pub fn said(&self) -> Vec<&str> {
        self.printed.lines().collect()
    }

    /// Posts a query, and returns the answer with its head.
    pub fn ask(&self, query: &str) -> String {
        let body = serde_json::json!({ "query": query }).to_string();
        let length = body.len();
        rest(self.send(&format!(
            "POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n{body}"
        )))
    }

    /// Its address, as HOST:PORT.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A connection on which these bytes have been sent.
    pub fn send(&self, text: &str) -> TcpStream {
        let mut socket = TcpStream::connect(&self.address).unwrap();
        socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        socket.write_all(text.as_bytes()).unwrap();
        socket
    }

    /// Sends it a signal.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    }

    /// Waits until it logs a line with these words.
    pub fn wait_for(&mut self, words: &str) {
        while !self.logged.contains(words) {
            let log = self.log.as_mut().expect("its log is read");
            assert_ne!(log.read_line(&mut self.logged).unwrap(), 0, "{}", self.logged);
        }
    }

    /// Waits for its end, and returns its log.
    pub fn ended(mut self) -> (ExitStatus, String) {
        if let Some(mut log) = self.log.take() {
            log.read_to_string(&mut self.logged).unwrap();
        }
        (self.child.wait().unwrap(), self.logged)
    }
}

/// Reads until the other side closes.
pub fn rest(mut socket: TcpStream) -> String {
    let mut text = String::new();
    socket.read_to_string(&mut text).unwrap();
    text
}
