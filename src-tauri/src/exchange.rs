//! The exchange with the relay, for as long as the app runs: the core says what to do, this waits and calls.

use std::time::Duration;

use chrono::Utc;
use tauri::{AppHandle, Manager, State};
use trellis_api_types::Millis;
use trellis_core::error::Result;
use trellis_core::net::HttpTransport;
use trellis_core::sync::driver::{self, Door, Rest};
use trellis_core::sync::{Next, Sent};
use trellis_core::transport::{NetError, Reply};

use crate::shell::Shell;

/// Exchanges until the app ends.
pub async fn run(app: AppHandle) {
    let line = Line { app };
    driver::run(&line, &HttpTransport::default(), &line).await;
}

struct Line {
    app: AppHandle,
}

impl Line {
    fn shell(&self) -> State<'_, Shell> {
        self.app.state::<Shell>()
    }
}

impl Door for Line {
    fn next(&self) -> Result<Next> {
        let next = self.shell().core().exchange_next();
        self.shell().tell_news();
        next
    }

    fn done(&self, sent: Sent, outcome: Result<Reply, NetError>) -> Result<()> {
        let done = self.shell().core().exchange_done(sent, outcome);
        self.shell().tell_news();
        done
    }

    fn woken(&self, outcome: Result<(), NetError>) {
        if let Err(error) = self.shell().core().exchange_woken(outcome) {
            tracing::warn!(code = error.code, "news of the relay");
        }
    }
}

impl Rest for Line {
    async fn rest(&self, until: Option<Millis>) {
        let shell = self.shell();
        let rung = shell.bell.notified();
        match until {
            None => rung.await,
            Some(at) => {
                let left = u64::try_from(at - Utc::now().timestamp_millis()).unwrap_or_default();
                // Whichever comes first; the engine looks for itself.
                let _ = tokio::time::timeout(Duration::from_millis(left), rung).await;
            }
        }
    }
}
