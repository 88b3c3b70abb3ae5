//! `trellis-relay`: serve, or hand out creation tokens.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use sha2::{Digest, Sha256};
use sync_server::config::{Cli, LogFormat, Task, TokenTask};
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
        Task::Token(task) => token(&task),
    }
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
