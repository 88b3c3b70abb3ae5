//! The servers that are measured beside each other, each with the program that puts load on it.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use tempfile::TempDir;

use super::driver::Driver;
use crate::process::{self, Server};

const NAMES: [(Kind, &str); 4] = [
    (Kind::Relay, "trellis-relay"),
    (Kind::Hocuspocus, "hocuspocus"),
    (Kind::Automerge, "automerge-repo-sync-server"),
    (Kind::Atuin, "atuin-server"),
];

/// Which server.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Relay,
    Hocuspocus,
    Automerge,
    Atuin,
}

impl Kind {
    /// Returns those that are installed in the folder, ours first.
    pub(crate) fn installed(folder: &Path) -> Vec<Self> {
        let there = |kind: &Self| *kind != Self::Atuin || atuin(folder).exists();
        NAMES.map(|(kind, _)| kind).into_iter().filter(there).collect()
    }

    /// Returns what it calls itself.
    pub(crate) fn name(self) -> &'static str {
        NAMES.iter().find(|(kind, _)| *kind == self).unwrap().1
    }

    /// Returns what its acknowledgement says. The relay and atuin commit with SQLite's `synchronous=FULL` before they answer;
    /// hocuspocus stores a document two seconds after a change, automerge-repo within 100 ms and without `fsync`.
    pub(crate) fn acknowledges(self) -> &'static str {
        match self {
            Self::Relay | Self::Atuin => "on disk",
            Self::Hocuspocus | Self::Automerge => "in memory",
        }
    }

    /// Whether it tells others of a change; from atuin's they ask.
    pub(crate) fn tells(self) -> bool {
        self != Self::Atuin
    }

    fn serve(self, peers: &Path, folder: &Path, port: u16) -> Command {
        match self {
            Self::Relay => process::relay(folder),
            Self::Hocuspocus => {
                let mut command = node(peers, "hocuspocus-server.mjs");
                command.arg(port.to_string()).arg(folder.join("hocuspocus.db"));
                command
            }
            Self::Automerge => {
                let mut command =
                    node(peers, "node_modules/@automerge/automerge-repo-sync-server/src/index.js");
                command.env("PORT", port.to_string()).env("DATA_DIR", folder.join("documents"));
                command
            }
            Self::Atuin => serve_atuin(peers, folder, port),
        }
    }

    fn drive(self, peers: &Path, at: SocketAddr) -> Command {
        let script = |kind: &str| {
            let mut command = node(peers, "drive.mjs");
            command.args([kind, &format!("http://{at}")]);
            command
        };
        let program = |kind: &str| {
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.args(["--drive", kind, "--at", &at.to_string()]);
            command
        };
        match self {
            Self::Relay => program("relay"),
            Self::Hocuspocus => script("hocuspocus"),
            Self::Automerge => script("automerge"),
            Self::Atuin => program("atuin"),
        }
    }
}

fn node(peers: &Path, script: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(peers.join(script)).env("NODE_ENV", "production");
    command
}

fn atuin(peers: &Path) -> PathBuf {
    peers.join("bin/atuin-server")
}

fn serve_atuin(peers: &Path, folder: &Path, port: u16) -> Command {
    let mut command = Command::new(atuin(peers));
    command.args(["start", "--host", "127.0.0.1", "--port", &port.to_string()]);
    command.env("ATUIN_CONFIG_DIR", folder).env("ATUIN_OPEN_REGISTRATION", "true");
    command.env("ATUIN_DB_URI", format!("sqlite://{}", folder.join("atuin.db").display()));
    command
}

/// A server that runs, and its load program.
pub(crate) struct Pair {
    pub(crate) kind: Kind,
    pub(crate) server: Server,
    pub(crate) driver: Driver,
}

impl Pair {
    /// Starts both on what the folder holds: the server on the first processor, the load program on the second.
    pub(crate) fn start(kind: Kind, peers: &Path, folder: &Arc<TempDir>) -> Self {
        let port = free_port();
        let command = pinned(0, kind.serve(peers, folder.path(), port));
        let server = match kind {
            Kind::Relay => Server::start(command, folder.clone()),
            _ => Server::start_at(([127, 0, 0, 1], port).into(), command, folder.clone()),
        };
        let driver = Driver::start(pinned(1, kind.drive(peers, server.addr)));
        Self { kind, server, driver }
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The same on one processor only, where there are two and `taskset`.
fn pinned(processor: usize, command: Command) -> Command {
    let two = std::thread::available_parallelism().is_ok_and(|many| many.get() > 1);
    if !two || Command::new("taskset").arg("--version").output().is_err() {
        return command;
    }
    let mut pinned = Command::new("taskset");
    pinned.args(["--cpu-list", &processor.to_string()]).arg(command.get_program()).args(command.get_args());
    pinned.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    pinned
}
