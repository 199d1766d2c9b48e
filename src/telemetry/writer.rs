//! Writes log lines to standard error from a separate thread. If the log cannot be written (its reader is gone, the
//! disk is full, nobody empties a pipe), its lines are lost and counted, and no request or process is affected.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{LazyLock, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use prometheus_client::metrics::counter::Counter;

/// Maximum number of queued lines. Further lines are lost.
const QUEUE_LENGTH: usize = 4_096;
/// Time that the end of the process waits for unwritten lines.
const FLUSH_TIMEOUT: Duration = Duration::from_millis(200);
/// Interval at which a flush retries if the queue is full.
const FLUSH_POLL_INTERVAL: Duration = Duration::from_millis(1);

static LOST_LINES: LazyLock<Counter> = LazyLock::new(Counter::default);
static QUEUE: OnceLock<SyncSender<Message>> = OnceLock::new();

enum Message {
    Line(Vec<u8>),
    /// Requests a reply once everything before it is written.
    Flush(SyncSender<()>),
}

/// Counter of log lines of this process that could not be written.
pub fn lost_lines() -> Counter {
    LOST_LINES.clone()
}

/// Starts the thread. If the system cannot create one, every line is lost.
pub(super) fn start() {
    let (queue, lines) = sync_channel(QUEUE_LENGTH);
    let started = thread::Builder::new().name("log".to_owned()).spawn(move || write_lines(&lines));
    if started.is_ok() {
        _ = QUEUE.set(queue);
    }
}

/// Waits briefly for unwritten lines.
pub fn flush() {
    let Some(queue) = QUEUE.get() else { return };
    let deadline = Instant::now() + FLUSH_TIMEOUT;
    let (done, flushed) = sync_channel(1);
    while let Err(TrySendError::Full(_)) = queue.try_send(Message::Flush(done.clone())) {
        if Instant::now() >= deadline {
            return;
        }
        thread::sleep(FLUSH_POLL_INTERVAL);
    }
    _ = flushed.recv_timeout(deadline.saturating_duration_since(Instant::now()));
}

fn write_lines(lines: &Receiver<Message>) {
    for message in lines {
        match message {
            Message::Line(line) if io::stderr().write_all(&line).is_err() => _ = LOST_LINES.inc(),
            Message::Line(_) => {}
            Message::Flush(done) => _ = done.try_send(()),
        }
    }
}

/// Sends lines to the thread. Never fails and never waits: the library reports a failed write on standard error, which
/// panics if that cannot be written, and the panic hook would log again.
pub(super) struct LogWriter;

impl Write for LogWriter {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let sent = QUEUE.get().is_some_and(|queue| queue.try_send(Message::Line(line.to_owned())).is_ok());
        if !sent {
            LOST_LINES.inc();
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
