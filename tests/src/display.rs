//! A virtual screen of its own for each device, so that windows cannot take each other's focus.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    AtomEnum, ClientMessageEvent, ConfigureWindowAux, ConnectionExt, CreateWindowAux, EventMask, InputFocus,
    MapState, WindowClass,
};
use x11rb::rust_connection::RustConnection;

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
        let (desktop, windows) = self.windows()?;
        for window in windows {
            desktop.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME)?.check()?;
        }
        Ok(())
    }

    /// Width and height of the window that is shown, in pixels; none while it is hidden.
    pub fn window_size(&self) -> Result<Option<(u16, u16)>> {
        let (desktop, windows) = self.windows()?;
        let Some(window) = windows.last() else { return Ok(None) };
        let shape = desktop.get_geometry(*window)?.reply()?;
        Ok(Some((shape.width, shape.height)))
    }

    /// Draws the window that is shown larger or smaller, as a hand at its corner does.
    pub fn resize(&self, width: u32, height: u32) -> Result<()> {
        let (desktop, windows) = self.windows()?;
        let window = windows.last().context("no window is shown")?;
        let shape = ConfigureWindowAux::new().width(width).height(height);
        Ok(desktop.configure_window(*window, &shape)?.check()?)
    }

    /// Closes the window that is shown, as the button in its corner does.
    pub fn close(&self) -> Result<()> {
        let (desktop, windows) = self.windows()?;
        let window = *windows.last().context("no window is shown")?;
        let [protocols, close] =
            [&b"WM_PROTOCOLS"[..], b"WM_DELETE_WINDOW"].map(|name| desktop.intern_atom(false, name));
        let (protocols, close) = (protocols?.reply()?.atom, close?.reply()?.atom);
        let message = ClientMessageEvent::new(32, window, protocols, [close, x11rb::CURRENT_TIME, 0, 0, 0]);
        Ok(desktop.send_event(false, window, EventMask::NO_EVENT, message)?.check()?)
    }

    /// What is on the clipboard now, as another program would paste it.
    pub fn clipboard(&self) -> Result<Option<String>> {
        let (desktop, at) = x11rb::connect(Some(&self.name))?;
        let root = desktop.setup().roots.get(at).context("no screen")?.root;
        let [clipboard, text] =
            [&b"CLIPBOARD"[..], b"UTF8_STRING"].map(|name| desktop.intern_atom(false, name));
        let (clipboard, text) = (clipboard?.reply()?.atom, text?.reply()?.atom);
        let (window, none) = (desktop.generate_id()?, CreateWindowAux::new());
        let class = WindowClass::INPUT_ONLY;
        desktop
            .create_window(0, window, root, 0, 0, 1, 1, 0, class, x11rb::COPY_FROM_PARENT, &none)?
            .check()?;
        desktop.convert_selection(window, clipboard, text, text, x11rb::CURRENT_TIME)?.check()?;
        loop {
            let Event::SelectionNotify(answer) = desktop.wait_for_event()? else { continue };
            if answer.property == x11rb::NONE {
                return Ok(None);
            }
            let found = desktop.get_property(false, window, text, AtomEnum::ANY, 0, 4096)?.reply()?;
            return Ok(Some(String::from_utf8(found.value)?).filter(|text| !text.is_empty()));
        }
    }

    /// The windows that are shown now.
    fn windows(&self) -> Result<(RustConnection, Vec<u32>)> {
        let (desktop, at) = x11rb::connect(Some(&self.name))?;
        let root = desktop.setup().roots.get(at).context("no screen")?.root;
        let mut windows = desktop.query_tree(root)?.reply()?.children;
        let seen = |window: &u32| {
            let found = desktop.get_window_attributes(*window).ok().and_then(|asked| asked.reply().ok());
            found.is_some_and(|window| window.map_state == MapState::VIEWABLE)
        };
        windows.retain(seen);
        Ok((desktop, windows))
    }
}
