//! `trellis-relay`: serve, or look after a relay's database.

use std::io::{IsTerminal, Read, Write};
use std::net::TcpStream;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use sha2::{Digest, Sha256};
use sync_server::config::{Cli, DatabaseTask, LogFormat, PurgeTask, ReadyTask, Task, TokenTask, TokensTask};
use sync_server::store::Tools;
use sync_server::{Config, start};
use tokio::signal::unix::{SignalKind, signal};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::FmtContext;
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer, format};
use tracing_subscriber::registry::LookupSpan;

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match Cli::read(std::env::args_os()) {
        Ok(cli) => run(cli.command).await,
        Err(error) => Err(error),
    };
    outcome.map_or_else(|error| explain(&error), |()| ExitCode::SUCCESS)
}

async fn run(task: Task) -> anyhow::Result<()> {
    match task {
        Task::Serve(config) => serve(*config).await,
        Task::Config(config) => say(&config.lines()),
        Task::Token(task) => token(&task),
        Task::Tokens(task) => tokens(&task),
        Task::Backup(task) => {
            Tools::open(&task.database)?.backup(&task.copy)?;
            say("the copy is complete\n")
        }
        Task::Restore(task) => {
            Tools::restore(&task.copy, &task.database)?;
            say(
                "the copy is in place; tokens that were revoked since it was taken are valid again: see `tokens`\n",
            )
        }
        Task::Check(task) => check(&task),
        Task::Usage(task) => say(&Tools::open(&task.database)?.usage()?.to_string()),
        Task::Purge(task) => purge(&task),
        Task::Ready(task) => ready(&task),
    }
}

fn say(text: &str) -> anyhow::Result<()> {
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}

fn purge(task: &PurgeTask) -> anyhow::Result<()> {
    let purged = Tools::open(&task.database)?.purge(task.quarters, task.dry_run, task.clock_is_right)?;
    let verb = if task.dry_run { "would drop" } else { "dropped" };
    say(&format!("{verb} {} mailboxes with {} bytes of envelopes\n", purged.mailboxes, purged.bytes))
}

fn check(task: &DatabaseTask) -> anyhow::Result<()> {
    let faults = Tools::open(&task.database)?.check()?;
    anyhow::ensure!(faults.is_empty(), "the database is damaged: {}", faults.join("; "));
    say("nothing is wrong with the database\n")
}

/// What is asked. It says who calls like a proxy does, or the relay would warn of one that does not.
const READY: &[u8] =
    b"GET /readyz HTTP/1.1\r\nhost: relay\r\nx-forwarded-for: 127.0.0.1\r\nconnection: close\r\n\r\n";

/// Asks a relay on this machine, so that a container without any other program can tell how it is.
fn ready(task: &ReadyTask) -> anyhow::Result<()> {
    let patience = Duration::from_secs(5);
    let mut stream = TcpStream::connect_timeout(&task.listen, patience).context("nothing listens there")?;
    stream.set_read_timeout(Some(patience))?;
    stream.write_all(READY)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body).trim();
    let is_ready = answer.starts_with("HTTP/1.1 200 ") && body == "ready";
    // The relay says no more to whoever asks over the line.
    let full = body.contains("\"storage\"").then_some(
        "; the disk has less room than min-free, the database is as large as max-database, or the last write failed",
    );
    anyhow::ensure!(is_ready, "not ready: {body}{}", full.unwrap_or_default());
    say("ready\n")
}

fn tokens(task: &TokensTask) -> anyhow::Result<()> {
    let tools = Tools::open(&task.database)?;
    let Some(start) = &task.revoke else {
        let line = |(hash, left): &([u8; 32], u32)| format!("{} {left}\n", &hex::encode(hash)[..16]);
        eprintln!("listed as        uses left");
        return say(&tools.tokens()?.iter().map(line).collect::<String>());
    };
    let whole: [u8; 32] = Sha256::digest(start).into();
    let fits = |(hash, _): &([u8; 32], u32)| {
        *hash == whole || start.len() >= 8 && hex::encode(hash).starts_with(start)
    };
    let found: Vec<_> = tools.tokens()?.into_iter().filter(fits).collect();
    let [(hash, _)] = found.as_slice() else {
        anyhow::bail!("{} tokens begin like this; name one by at least 8 digits", found.len());
    };
    tools.revoke(hash)?;
    say("revoked; its mailboxes go on\n")
}

/// Tells what went wrong; help and version asked for are no failure.
fn explain(error: &anyhow::Error) -> ExitCode {
    if let Some(usage) = error.downcast_ref::<clap::Error>() {
        let _ = usage.print();
        return ExitCode::from(usage.exit_code() as u8);
    }
    eprintln!("trellis-relay: {error:#}");
    ExitCode::FAILURE
}

async fn serve(config: Config) -> anyhow::Result<()> {
    log_to_stderr(&config)?;
    // Each open event stream is a file handle, and the usual soft limit is far below what a relay serves.
    if let Err(error) = rlimit::increase_nofile_limit(config.max_connections as u64 + 256) {
        tracing::warn!(%error, "cannot raise the limit of open files");
    }
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let relay = start(config).await?;
    announce(&relay.url())?;
    // Whoever runs under no service manager has nobody to tell.
    let _told = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
    tracing::info!("stopping");
    let _told = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
    relay.shutdown().await;
    tracing::info!("stopped");
    Ok(())
}

fn log_to_stderr(config: &Config) -> anyhow::Result<()> {
    let lines =
        tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let lines = lines.with_env_filter(EnvFilter::try_new(&config.log)?);
    // The service manager sets it where lines go to its journal.
    let is_journal = std::env::var_os("JOURNAL_STREAM").is_some();
    match config.log_format {
        LogFormat::Text if is_journal => lines.event_format(ForJournal(format().without_time())).init(),
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().init(),
    }
    Ok(())
}

/// Lines that begin with their priority, as the journal of systemd wants it; it notes the time itself.
struct ForJournal<F>(F);

impl<S, N, F> FormatEvent<S, N> for ForJournal<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> std::fmt::Result {
        let priority = match *event.metadata().level() {
            Level::ERROR => 3,
            Level::WARN => 4,
            Level::INFO => 6,
            _ => 7,
        };
        write!(writer, "<{priority}>")?;
        self.0.format_event(context, writer, event)
    }
}

/// The one line on standard output: where the relay listens, also when the system chose the port.
fn announce(url: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "listening on {url}")?;
    Ok(out.flush()?)
}

fn token(task: &TokenTask) -> anyhow::Result<()> {
    let mut random = [0; 16];
    getrandom::fill(&mut random)?;
    let token = task.restore.clone().unwrap_or_else(|| hex::encode(random));
    let hash: [u8; 32] = Sha256::digest(token.trim()).into();
    Tools::open(&task.database)?.grant(hash, task.uses)?;
    eprintln!("listed as {}", &hex::encode(hash)[..16]);
    say(&format!("{}\n", token.trim()))
}
