//! Pictures of every screen from the real window.

use anyhow::Result;
use clap::Args;

use crate::sh::{Run, cmd, programs, target};
use crate::{setup, ui};

/// Which pictures.
#[derive(Args)]
pub struct Options {
    /// Only pictures whose names contain all of these, as in `plan phone dark es`.
    parts: Vec<String>,
}

/// Builds and takes the pictures.
pub fn screenshots(options: &Options) -> Result<()> {
    setup::setup(setup::Needs::VirtualWindow)?;
    ui::build(&ui::Options::default())?;
    programs()?;
    let program = target().join("debug/pictures");
    cmd(&program.to_string_lossy(), [target().join("screenshots")]).args(&options.parts).go()
}
