//! The relay beside servers that others use for the same job, in rounds in turns.

mod driver;
mod rounds;
mod servers;

use std::path::Path;

use serde_json::Value;

use rounds::{Plan, Rounds};
use servers::Kind;

/// Measures every server that is installed in the folder.
pub(crate) fn measure(folder: &Path, quick: bool) -> Vec<Value> {
    let rounds = Rounds::new(Kind::installed(folder), folder, if quick { Plan::QUICK } else { Plan::FULL });
    let mut rows = rounds.appends();
    rows.extend(rounds.delivery());
    rows.extend(rounds.catching_up());
    rows.extend(rounds.listeners());
    rows.extend(rounds.kills());
    rows
}
