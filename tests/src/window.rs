//! One device: the real app in its own home, on its own screen, driven through WebKit's own driver.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::display::Display;
use crate::page::Page;
use crate::process::{Running, built, descendants, free_port, wait_for_port};
use crate::words::Words;

/// How the window looks when the app starts.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Width and height in logical pixels.
    pub size: (u32, u32),
    /// Whether the system prefers dark.
    pub dark: bool,
    /// The system's language, `en` or `es`.
    pub language: &'static str,
}

impl Look {
    /// A phone in English.
    pub const PHONE: Self = Self { size: (390, 844), dark: false, language: "en" };
    /// A laptop in English.
    pub const LAPTOP: Self = Self { size: (1280, 800), dark: false, language: "en" };

    /// The same in Spanish.
    #[must_use]
    pub const fn spanish(self) -> Self {
        Self { language: "es", ..self }
    }

    /// The same in the dark.
    #[must_use]
    pub const fn dark(self) -> Self {
        Self { dark: true, ..self }
    }
}

/// A device with the app on it.
pub struct Device {
    home: TempDir,
    display: Display,
    look: Look,
    relay: Option<String>,
    open: Option<Open>,
}

/// The running app and what drives it.
struct Open {
    driver: Running,
    client: Client,
}

impl Device {
    /// A new device with the app open; `relay` is the address that it starts with.
    pub async fn start(look: Look, relay: Option<&str>) -> Result<Self> {
        let (home, display) = (TempDir::new()?, Display::start()?);
        private(&home.path().join("run"))?;
        still(home.path())?;
        let mut device = Self { home, display, look, relay: relay.map(str::to_owned), open: None };
        device.open().await?;
        Ok(device)
    }

    /// What is on the screen.
    pub fn page(&self) -> Result<Page> {
        Ok(Page::new(self.open.as_ref().context("the app is not open")?.client.clone()))
    }

    /// The words of the screens in this device's language.
    pub fn words(&self) -> Words {
        Words::new(self.look.language)
    }

    /// The home of whoever uses it, with all that the system and the web view keep there.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The app's data folder.
    pub fn data(&self) -> std::path::PathBuf {
        self.home.path().join("data")
    }

    /// Opens the app, again or for the first time.
    pub async fn open(&mut self) -> Result<()> {
        self.kill();
        let port = free_port()?;
        let driver = Running::start(&mut self.driver(port), "driver")?;
        wait_for_port(port, Duration::from_secs(10))?;
        let client = session(port, &self.app()?).await?;
        self.display.focus()?;
        self.open = Some(Open { driver, client });
        Ok(())
    }

    /// Ends the app at once, as `kill -9` does: it gets no chance to save anything.
    pub fn kill(&mut self) {
        let Some(mut open) = self.open.take() else { return };
        let family = descendants(open.driver.id());
        let ids = family.iter().map(u32::to_string);
        // Some may be gone already.
        let _ = Command::new("kill").arg("-9").args(ids).stderr(std::process::Stdio::null()).status();
        open.driver.kill();
    }

    /// Ends the app at once and opens it again.
    pub async fn restart(&mut self) -> Result<()> {
        self.kill();
        self.open().await
    }

    fn app(&self) -> Result<String> {
        Ok(built("trellis")?.display().to_string())
    }

    fn driver(&self, port: u16) -> Command {
        let mut command = Command::new("WebKitWebDriver");
        command.args(["--host=127.0.0.1", &format!("--port={port}")]);
        let (width, height) = self.look.size;
        let home = self.home.path();
        let locale = if self.look.language == "es" { "es_ES.UTF-8" } else { "en_US.UTF-8" };
        command
            .envs([
                ("TAURI_AUTOMATION", "true"),
                ("TAURI_WEBVIEW_AUTOMATION", "true"),
                ("GDK_BACKEND", "x11"),
            ])
            .envs([("LANG", locale), ("LC_ALL", locale), ("LANGUAGE", self.look.language)])
            .env("GTK_THEME", if self.look.dark { "Adwaita:dark" } else { "Adwaita" })
            .env("NO_AT_BRIDGE", "1")
            .env("DISPLAY", &self.display.name)
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", home.join("run"))
            .env("TRELLIS_HOME", self.data())
            .env("TRELLIS_WINDOW", format!("{width}x{height}"));
        // Nothing of the machine's own desktop reaches the app, and nothing that makes pictures hang.
        for name in FOREIGN {
            command.env_remove(name);
        }
        if let Some(relay) = &self.relay {
            command.env("TRELLIS_RELAY", relay);
        }
        command
    }
}

const FOREIGN: [&str; 7] = [
    "DBUS_SESSION_BUS_ADDRESS",
    "WAYLAND_DISPLAY",
    "WEBKIT_DISABLE_COMPOSITING_MODE",
    "WEBKIT_DISABLE_DMABUF_RENDERER",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_CACHE_HOME",
];

impl Drop for Device {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Asks the system for no motion: a button that still moves is pressed where it no longer is.
fn still(home: &Path) -> Result<()> {
    let folder = home.join(".config/gtk-3.0");
    std::fs::create_dir_all(&folder)?;
    Ok(std::fs::write(folder.join("settings.ini"), "[Settings]\ngtk-enable-animations=0\n")?)
}

fn private(folder: &Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    Ok(std::fs::DirBuilder::new().mode(0o700).create(folder)?)
}

async fn session(port: u16, app: &str) -> Result<Client> {
    let mut capabilities = Map::<String, Value>::new();
    capabilities.insert("webkitgtk:browserOptions".into(), json!({ "binary": app, "args": [] }));
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(capabilities);
    let address = format!("http://127.0.0.1:{port}");
    match tokio::time::timeout(Duration::from_secs(30), builder.connect(&address)).await {
        Ok(client) => Ok(client?),
        Err(_) => bail!("the app did not open within 30 seconds"),
    }
}
