//! Settings: a flag wins over the environment, that over the file, that over the default; one name for all three.

use std::ffi::OsString;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use clap::{Arg, ArgMatches, Args, Command, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use trellis_protocol::limits;

use crate::store::{Commits, Keeping, MailboxLimits};

/// Relay for Trellis: keeps mailboxes of ciphertext that it cannot read.
#[derive(Parser, Debug)]
#[command(name = "trellis-relay", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Task,
    /// A TOML file with settings. All tasks but `serve` read /etc/trellis-relay.toml if there is one and no other is named.
    #[arg(long, global = true, env = "TRELLIS_RELAY_CONFIG")]
    pub config: Option<PathBuf>,
}

/// What the program does.
#[derive(Subcommand, Debug)]
pub enum Task {
    /// Serve until told to stop.
    Serve(Box<Config>),
    /// Print the settings that would be in force, as lines of a settings file.
    Config(Box<Config>),
    /// Print a new creation token that may make some mailboxes.
    Token(TokenTask),
    /// List creation tokens by the beginning of their hash and their uses left, or revoke one.
    Tokens(TokensTask),
    /// Copy the database, sorted, into a new file. Works while the relay is running.
    Backup(BackupTask),
    /// Put a copy in the place of the database. The relay must be stopped.
    Restore(BackupTask),
    /// Look through the database for damage.
    Check(DatabaseTask),
    /// Print how much there is: counts and sizes, no names.
    Usage(DatabaseTask),
    /// Drop mailboxes that nobody has used for years. Works while the relay is running.
    Purge(PurgeTask),
    /// Ask the running relay whether it takes calls.
    Ready(ReadyTask),
}

/// Settings of `trellis-relay ready`.
#[derive(Args, Debug)]
pub struct ReadyTask {
    /// Address and port that the relay listens on.
    #[arg(long, env = "TRELLIS_RELAY_LISTEN", default_value_t = Config::LISTEN)]
    pub listen: SocketAddr,
}

/// Settings of what only reads the database.
#[derive(Args, Debug)]
pub struct DatabaseTask {
    /// The relay's database.
    #[arg(long, env = "TRELLIS_RELAY_DATABASE", default_value = Config::DATABASE)]
    pub database: PathBuf,
}

/// Settings of `trellis-relay backup` and `restore`.
#[derive(Args, Debug)]
pub struct BackupTask {
    /// The copy.
    pub copy: PathBuf,
    /// The relay's database.
    #[arg(long, env = "TRELLIS_RELAY_DATABASE", default_value = Config::DATABASE)]
    pub database: PathBuf,
}

/// Settings of `trellis-relay purge`.
#[derive(Args, Debug)]
pub struct PurgeTask {
    /// The relay's database.
    #[arg(long, env = "TRELLIS_RELAY_DATABASE", default_value = Config::DATABASE)]
    pub database: PathBuf,
    /// Drop what nobody wrote to or read for more than so many quarters of a year.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..))]
    pub quarters: u32,
    /// Only say how much that is.
    #[arg(long)]
    pub dry_run: bool,
    /// The clock of this machine is right, although no mailbox was used for a while.
    #[arg(long)]
    pub clock_is_right: bool,
}

/// Settings of `trellis-relay tokens`.
#[derive(Args, Debug)]
pub struct TokensTask {
    /// The relay's database.
    #[arg(long, env = "TRELLIS_RELAY_DATABASE", default_value = Config::DATABASE)]
    pub database: PathBuf,
    /// Revoke this token, or the one whose hash begins like this.
    #[arg(long)]
    pub revoke: Option<String>,
}

/// Settings of `trellis-relay token`.
#[derive(Args, Debug)]
pub struct TokenTask {
    /// The relay's database.
    #[arg(long, env = "TRELLIS_RELAY_DATABASE", default_value = Config::DATABASE)]
    pub database: PathBuf,
    /// How many mailboxes the token may make.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    pub uses: u32,
    /// Make this token valid again instead of a new one, such as after the database was lost.
    #[arg(long)]
    pub restore: Option<String>,
}

/// Who may create mailboxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Creation {
    /// Anyone.
    Open,
    /// Whoever shows a creation token with uses left.
    Token,
    /// Nobody.
    Closed,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

macro_rules! config {
    ($($(#[doc = $doc:literal])+ $name:ident: $kind:ty = $default:expr, $env:literal;)+) => {
        /// Everything an operator can set. Each setting is a flag (`--max-body`), an environment variable
        /// (`TRELLIS_RELAY_MAX_BODY`) and a line in the file (`max-body = ...`).
        #[derive(Args, Clone, Debug)]
        pub struct Config {
            $($(#[doc = $doc])+ #[arg(long, env = $env, default_value_t = $default)] pub $name: $kind,)+
            /// Address and port for metrics; without one there are none.
            #[arg(long, env = "TRELLIS_RELAY_METRICS_LISTEN")]
            pub metrics_listen: Option<SocketAddr>,
            /// Who may create mailboxes.
            #[arg(long, env = "TRELLIS_RELAY_CREATION", value_enum, default_value_t = Creation::Open)]
            pub creation: Creation,
            /// How log lines look.
            #[arg(long, env = "TRELLIS_RELAY_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
            pub log_format: LogFormat,
        }

        impl Config {
            /// The settings that are in force, as lines of a settings file.
            pub fn lines(&self) -> String {
                let mut lines = vec![$(line(stringify!($name), &self.$name)),+];
                lines.extend(self.metrics_listen.map(|at| line("metrics_listen", &at)));
                lines.push(line("creation", &named(self.creation)));
                lines.push(line("log_format", &named(self.log_format)));
                lines.concat()
            }
        }

        impl Default for Config {
            fn default() -> Self {
                let (creation, log_format) = (Creation::Open, LogFormat::Text);
                Self { $($name: $default,)+ metrics_listen: None, creation, log_format }
            }
        }
    };
}

config! {
    /// Address and port to listen on. TLS is a reverse proxy's task.
    listen: SocketAddr = Config::LISTEN, "TRELLIS_RELAY_LISTEN";
    /// SQLite file, or `memory` to keep nothing.
    database: String = Config::DATABASE.to_owned(), "TRELLIS_RELAY_DATABASE";
    /// Most bytes the database file may take, 0 for what the disk holds.
    max_database: u64 = 0, "TRELLIS_RELAY_MAX_DATABASE";
    /// Bytes of the disk that are left free: below that nothing new is stored.
    min_free: u64 = 512 * 1024 * 1024, "TRELLIS_RELAY_MIN_FREE";
    /// Seconds that what came may lie in the database in the order of coming, before it is sorted by mailbox.
    mixing_seconds: u64 = 3600, "TRELLIS_RELAY_MIXING_SECONDS";
    /// Most bytes that running calls may hold in memory together.
    memory: usize = 256 * 1024 * 1024, "TRELLIS_RELAY_MEMORY";
    /// Most bytes of a request body.
    max_body: usize = limits::MAX_BODY, "TRELLIS_RELAY_MAX_BODY";
    /// Most bytes of an envelope.
    max_envelope: usize = limits::MAX_ENVELOPE, "TRELLIS_RELAY_MAX_ENVELOPE";
    /// Most envelopes in a mailbox.
    mailbox_envelopes: u64 = 200_000, "TRELLIS_RELAY_MAILBOX_ENVELOPES";
    /// Most bytes in a mailbox.
    mailbox_bytes: u64 = 64 * 1024 * 1024, "TRELLIS_RELAY_MAILBOX_BYTES";
    /// Envelopes a minute that may be appended with one token, 0 for no limit.
    token_rate: u32 = 600, "TRELLIS_RELAY_TOKEN_RATE";
    /// Envelopes a token may append at once before its rate counts: a fresh device, or refilling a lost relay.
    token_burst: u32 = 20_000, "TRELLIS_RELAY_TOKEN_BURST";
    /// Mailboxes a minute that calls from one address may name, 0 for no limit. A shelter is one address.
    address_rate: u32 = 6_000, "TRELLIS_RELAY_ADDRESS_RATE";
    /// Mailboxes that calls from one address may name at once before its rate counts.
    address_burst: u32 = 20_000, "TRELLIS_RELAY_ADDRESS_BURST";
    /// Mailboxes a day that one address may create, 0 for no limit.
    address_creations: u32 = 500, "TRELLIS_RELAY_ADDRESS_CREATIONS";
    /// Most event streams that one address may have open, 0 for no limit.
    address_streams: usize = 1_000, "TRELLIS_RELAY_ADDRESS_STREAMS";
    /// Most connections that one address may have open, 0 for no limit. Trusted proxies are not counted.
    address_connections: usize = 2_000, "TRELLIS_RELAY_ADDRESS_CONNECTIONS";
    /// Most calls of one address that may run at once, 0 for no limit.
    address_calls: usize = 64, "TRELLIS_RELAY_ADDRESS_CALLS";
    /// Most bytes that running calls of one address may hold in memory, 0 for no limit.
    address_memory: usize = 8 * 1024 * 1024, "TRELLIS_RELAY_ADDRESS_MEMORY";
    /// Bytes a day that one address may store, with 256 for each envelope's row, 0 for no limit.
    address_stored: u64 = 1024 * 1024 * 1024, "TRELLIS_RELAY_ADDRESS_STORED";
    /// Proxies in front that write `X-Forwarded-For`; 0 ignores that header.
    trusted_proxies: usize = 0, "TRELLIS_RELAY_TRUSTED_PROXIES";
    /// Where the last of those proxies calls from: addresses or networks, with commas between.
    trusted_networks: String = "127.0.0.0/8, ::1/128".to_owned(), "TRELLIS_RELAY_TRUSTED_NETWORKS";
    /// Most connections at once.
    max_connections: usize = 20_000, "TRELLIS_RELAY_MAX_CONNECTIONS";
    /// Seconds after which a peer that neither sends its request nor takes its answer is dropped.
    stall_seconds: u64 = 30, "TRELLIS_RELAY_STALL_SECONDS";
    /// Seconds between heartbeats on an event stream.
    heartbeat_seconds: u64 = 25, "TRELLIS_RELAY_HEARTBEAT_SECONDS";
    /// Seconds that running calls get to finish when the relay is told to stop.
    shutdown_seconds: u64 = 10, "TRELLIS_RELAY_SHUTDOWN_SECONDS";
    /// Which log lines are written: error, warn, info, debug.
    log: String = "info".to_owned(), "TRELLIS_RELAY_LOG";
}

/// A setting as a line: a number as it is, anything else in quotes.
fn line(name: &str, value: &dyn std::fmt::Display) -> String {
    let (name, text) = (name.replace('_', "-"), value.to_string());
    let value = if text.parse::<u64>().is_ok() { text } else { toml::Value::String(text).to_string() };
    format!("{name} = {value}\n")
}

fn named(value: impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

impl Config {
    const DATABASE: &str = "trellis-relay.db";
    const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8787);
    /// The settings of the packaged service.
    const PACKAGED: &str = "/etc/trellis-relay.toml";
    /// As `database`: keep everything in memory.
    pub const MEMORY: &str = "memory";

    /// A relay on a free loopback port that keeps nothing and limits no rate: for tests.
    pub fn for_tests() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            database: Self::MEMORY.to_owned(),
            token_rate: 0,
            address_rate: 0,
            address_creations: 0,
            address_streams: 0,
            address_connections: 0,
            address_calls: 0,
            address_memory: 0,
            address_stored: 0,
            min_free: 0,
            ..Self::default()
        }
    }

    pub(crate) fn mailbox_limits(&self) -> MailboxLimits {
        MailboxLimits { envelopes: self.mailbox_envelopes, bytes: self.mailbox_bytes }
    }

    /// How a database is kept.
    pub(crate) fn keeping(&self, commits: Commits) -> Keeping {
        let (limits, max_bytes, min_free) = (self.mailbox_limits(), self.max_database, self.min_free);
        Keeping { limits, max_bytes, min_free, mixing: Duration::from_secs(self.mixing_seconds), commits }
    }

    /// Refuses what no relay can run on.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        ensure!(self.max_connections > 0, "max-connections must be at least 1");
        ensure!(self.max_body > 0, "max-body must be at least 1");
        let largest = limits::MAX_ENVELOPE;
        ensure!((1..=largest).contains(&self.max_envelope), "max-envelope must be from 1 to {largest}");
        ensure!(self.memory >= limits::MAX_BODY, "memory must be at least {}", limits::MAX_BODY);
        let plain = !self.database.is_empty() && !self.database.starts_with("file:");
        ensure!(plain, "database must be the path of a file, or {:?}", Self::MEMORY);
        Ok(())
    }

    /// How long a peer may stall.
    pub(crate) fn patience(&self) -> Duration {
        Duration::from_secs(self.stall_seconds.max(1))
    }
}

impl Cli {
    /// Reads the command line, the environment and the file they name.
    pub fn read(arguments: impl IntoIterator<Item = OsString>) -> anyhow::Result<Self> {
        let arguments: Vec<_> = arguments.into_iter().collect();
        let first = matches(Self::command(), &arguments)?;
        let Some(path) = file_of(&first) else { return Ok(Self::from_arg_matches(&first)?) };
        let command = with_file(Self::command(), &path)?;
        // The arguments were understood before: what is not understood now comes from the file.
        let all = matches(command, &arguments).map_err(|error| in_file(&error, &path))?;
        Ok(Self::from_arg_matches(&all)?)
    }
}

/// Names the file in which a value is that cannot be understood.
fn in_file(error: &anyhow::Error, path: &Path) -> anyhow::Error {
    let said = error.to_string();
    let first = said.lines().next().unwrap_or_default().trim_start_matches("error: ");
    anyhow::anyhow!("in {}: {first}", path.display())
}

fn matches(command: Command, arguments: &[OsString]) -> anyhow::Result<ArgMatches> {
    Ok(command.try_get_matches_from(arguments)?)
}

/// The file to read. A relay that is started by hand does not take the settings of the one that the system runs; what looks
/// after a database does, so that it finds the right one.
fn file_of(matches: &ArgMatches) -> Option<PathBuf> {
    let by_hand = matches.subcommand_name() == Some("serve");
    let packaged = || Some(PathBuf::from(Config::PACKAGED)).filter(|path| !by_hand && path.exists());
    matches.get_one("config").cloned().or_else(packaged)
}

/// The command with the file's values as its defaults, so that flags and environment still win.
fn with_file(command: Command, path: &Path) -> anyhow::Result<Command> {
    let place = || format!("in {}", path.display());
    let text = std::fs::read_to_string(path).with_context(place)?;
    let table: toml::Table = text.parse().with_context(place)?;
    let set = |command, (name, value): (&String, _)| set_default(command, name, value);
    table.iter().try_fold(command, set).with_context(place)
}

/// Every task that has the setting takes it from the file.
fn set_default(command: Command, name: &str, value: &toml::Value) -> anyhow::Result<Command> {
    let id = name.replace('-', "_");
    let has = |task: &Command| task.get_arguments().any(|arg| arg.get_id() == id.as_str());
    ensure!(command.find_subcommand("serve").is_some_and(has), "no setting is called {name:?}");
    let text = match value {
        toml::Value::String(text) => text.clone(),
        toml::Value::Integer(number) => number.to_string(),
        _ => bail!("{name:?} takes a text or a number"),
    };
    let set = |arg: Arg| arg.default_value(text.clone());
    Ok(command.mut_subcommands(|task| if has(&task) { task.mut_arg(&id, set) } else { task }))
}
