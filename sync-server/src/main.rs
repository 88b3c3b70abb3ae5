//! `trellis-relay`: serve, or look after a relay's database.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use sha2::{Digest, Sha256};
use sync_server::config::{Cli, DatabaseTask, LogFormat, Task, TokenTask, TokensTask};
use sync_server::store::Tools;
use sync_server::{Config, start};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

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
        Task::Backup(task) => Ok(Tools::open(&task.database)?.backup(&task.copy)?),
        Task::Restore(task) => Ok(Tools::restore(&task.copy, &task.database)?),
        Task::Check(task) => check(&task),
        Task::Usage(task) => say(&Tools::open(&task.database)?.usage()?.to_string()),
    }
}

fn say(text: &str) -> anyhow::Result<()> {
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}

fn check(task: &DatabaseTask) -> anyhow::Result<()> {
    let faults = Tools::open(&task.database)?.check()?;
    anyhow::ensure!(faults.is_empty(), "the database is damaged: {}", faults.join("; "));
    say("nothing is wrong with the database\n")
}

fn tokens(task: &TokensTask) -> anyhow::Result<()> {
    let tools = Tools::open(&task.database)?;
    let Some(start) = &task.revoke else {
        let line = |(hash, left): &([u8; 32], u32)| format!("{} {left}\n", &hex::encode(hash)[..16]);
        return say(&tools.tokens()?.iter().map(line).collect::<String>());
    };
    let fits = |(hash, _): &([u8; 32], u32)| start.len() >= 8 && hex::encode(hash).starts_with(start);
    let found: Vec<_> = tools.tokens()?.into_iter().filter(fits).collect();
    let [(hash, _)] = found.as_slice() else {
        anyhow::bail!("{} tokens begin like this; name one by at least 8 digits", found.len());
    };
    Ok(tools.revoke(hash)?)
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
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
    tracing::info!("stopping");
    relay.shutdown().await;
    tracing::info!("stopped");
    Ok(())
}

fn log_to_stderr(config: &Config) -> anyhow::Result<()> {
    let lines =
        tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal());
    let lines = lines.with_env_filter(EnvFilter::try_new(&config.log)?);
    match config.log_format {
        LogFormat::Text => lines.init(),
        LogFormat::Json => lines.json().init(),
    }
    Ok(())
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
    let token = hex::encode(random);
    Tools::open(&task.database)?.grant(Sha256::digest(&token).into(), task.uses)?;
    println!("{token}");
    Ok(())
}
