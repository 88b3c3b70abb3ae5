//! A relay, or the bare append log, as a process of its own on a fresh database.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long a server may take to start.
const START: Duration = Duration::from_secs(30);

/// A server process; it ends when dropped.
pub(crate) struct Server {
    pub(crate) addr: SocketAddr,
    child: Child,
    /// Where its data lie.
    pub(crate) folder: Arc<TempDir>,
}

impl Server {
    /// Starts `trellis-relay` without rate limits.
    pub(crate) fn relay() -> Self {
        let folder = folder();
        Self::start(relay(folder.path()), folder)
    }

    /// Starts the bare append log.
    pub(crate) fn bare() -> Self {
        let folder = folder();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg("--baseline").arg(folder.path().join("bare.db"));
        Self::start(command, folder)
    }

    /// Starts a server that says where it listens.
    pub(crate) fn start(mut command: Command, folder: Arc<TempDir>) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let addr = line.trim().strip_prefix("listening on http://").unwrap().parse().unwrap();
        Self { addr, child, folder }
    }

    /// Starts a server that listens where it was told to.
    pub(crate) fn start_at(addr: SocketAddr, mut command: Command, folder: Arc<TempDir>) -> Self {
        let child = command.stdout(Stdio::null()).spawn().unwrap();
        let start = Instant::now();
        while TcpStream::connect(addr).is_err() {
            assert!(start.elapsed() < START, "it does not listen: {command:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
        Self { addr, child, folder }
    }

    /// Time that the processor has spent on it.
    pub(crate) fn processor(&self) -> Duration {
        processor(&self.child)
    }

    /// Resident memory, bytes.
    pub(crate) fn rss(&self) -> u64 {
        self.memory("VmRSS:")
    }

    /// Most resident memory since it started, bytes.
    pub(crate) fn peak(&self) -> u64 {
        self.memory("VmHWM:")
    }

    fn memory(&self, which: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(which)).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }
}

/// Time that the processor has spent on a process.
pub(crate) fn processor(child: &Child) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
    // After the name in brackets: the 14th and 15th field of the line, in hundredths of a second.
    let fields = stat.rsplit_once(')').unwrap().1.split_whitespace();
    Duration::from_millis(fields.skip(11).take(2).map(|ticks| ticks.parse::<u64>().unwrap() * 10).sum())
}

/// The relay on a database in this folder.
pub(crate) fn relay(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trellis-relay"));
    // As the packages start it.
    command.env("MALLOC_MMAP_THRESHOLD_", "1048576");
    command.args(["serve", "--listen", "127.0.0.1:0", "--log", "error"]);
    for limit in ["token-rate", "address-rate", "address-creations", "address-streams", "address-connections"]
    {
        command.args([format!("--{limit}"), "0".to_owned()]);
    }
    for limit in ["address-calls", "address-memory", "address-stored", "min-free"] {
        command.args([format!("--{limit}"), "0".to_owned()]);
    }
    command.args(["--mailbox-envelopes", "100000000"]);
    command.args(["--mailbox-bytes", "100000000000", "--database"]).arg(folder.join("relay.db"));
    command
}

/// On the disk that holds the build: a temporary folder may lie in memory, where nothing is durable.
pub(crate) fn folder() -> Arc<TempDir> {
    Arc::new(TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap())
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
