//! A virtual screen of its own for each device, so that windows cannot take each other's focus.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{ConnectionExt, InputFocus, MapState};

use crate::process::Running;

/// A virtual screen.
pub struct Display {
    /// As `DISPLAY` names it.
    pub name: String,
    _server: Running,
}

impl Display {
    /// Starts one; the server chooses a free number and says it.
    pub fn start() -> Result<Self> {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp"]);
        let mut server =
            Running::spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()))?;
        let output = server.child().stdout.take().context("no output from Xvfb")?;
        let mut number = String::new();
        BufReader::new(output).read_line(&mut number)?;
        Ok(Self { name: format!(":{}", number.trim()), _server: server })
    }

    /// Gives the keyboard to the window that is shown, as a desktop does; no desktop runs here.
    pub fn focus(&self) -> Result<()> {
        let (desktop, at) = x11rb::connect(Some(&self.name))?;
        let root = desktop.setup().roots.get(at).context("no screen")?.root;
        for window in desktop.query_tree(root)?.reply()?.children {
            if desktop.get_window_attributes(window)?.reply()?.map_state == MapState::VIEWABLE {
                desktop.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME)?.check()?;
            }
        }
        Ok(())
    }
}
