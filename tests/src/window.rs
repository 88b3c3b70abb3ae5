//! One device: the real app in its own home, on its own screen, driven through WebKit's own driver.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use crate::desktop::Desktop;
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
    locale: &'static str,
    relay: Option<String>,
    desktop: Option<Desktop>,
    folder: Option<PathBuf>,
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
        let mut device = Self::new(look)?;
        device.relay = relay.map(str::to_owned);
        device.open().await?;
        Ok(device)
    }

    /// A new device with the app open on a whole desktop, as a person starts it: in the system's own folders, with
    /// keychain, tray and notices; `relay` is the address that it starts with.
    pub async fn on_desktop(look: Look, relay: Option<&str>) -> Result<Self> {
        let mut device = Self::new(look)?;
        device.relay = relay.map(str::to_owned);
        device.desktop = Some(Desktop::start(device.home())?);
        device.open().await?;
        Ok(device)
    }

    /// A new device with the app open whose data folder was chosen.
    pub async fn in_folder(look: Look, folder: &Path) -> Result<Self> {
        let mut device = Self::new(look)?;
        device.folder = Some(folder.to_owned());
        device.open().await?;
        Ok(device)
    }

    /// A new device with the app open whose system names a language but no country.
    pub async fn without_country(look: Look) -> Result<Self> {
        let mut device = Self::new(look)?;
        device.locale = look.language;
        device.open().await?;
        Ok(device)
    }

    fn new(look: Look) -> Result<Self> {
        let (home, display) = (TempDir::new()?, Display::start()?);
        private(&home.path().join("run"))?;
        still(home.path())?;
        let locale = if look.language == "es" { "es_ES.UTF-8" } else { "en_US.UTF-8" };
        Ok(Self { home, display, look, locale, relay: None, desktop: None, folder: None, open: None })
    }

    /// The desktop around it.
    pub fn desktop(&self) -> Result<&Desktop> {
        self.desktop.as_ref().context("this device has no desktop")
    }

    /// Its screen.
    pub fn display(&self) -> &Display {
        &self.display
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
    pub fn data(&self) -> PathBuf {
        if let Some(folder) = &self.folder {
            return folder.clone();
        }
        let own = if self.desktop.is_some() { ".local/share/org.trellis.trellis" } else { "data" };
        self.home.path().join(own)
    }

    /// Opens the app, again or for the first time.
    pub async fn open(&mut self) -> Result<()> {
        self.open_with(&[]).await
    }

    /// Opens the app with words of its own, as the system does with a link.
    pub async fn open_with(&mut self, words: &[&str]) -> Result<()> {
        self.kill();
        self.desktop.as_ref().map_or(Ok(()), Desktop::app_is_gone)?;
        let port = free_port()?;
        let driver = Running::start(&mut self.driver(port), "driver")?;
        wait_for_port(port, Duration::from_secs(10))?;
        let client = session(port, &self.app()?, words).await?;
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

    /// Starts the app a second time with these words, and waits until that one has ended by itself.
    pub fn start_again(&self, words: &[&str]) -> Result<()> {
        let mut command = Command::new(self.app()?);
        self.dress(command.args(words));
        let mut second = Running::start(&mut command, "second")?;
        ensure!(second.ends_within(Duration::from_secs(20))?, "the second start goes on beside the first");
        Ok(())
    }

    /// Waits until the app has ended by itself.
    pub async fn ended(&mut self) -> Result<()> {
        let driver = self.open.as_ref().context("the app is not open")?.driver.id();
        for _ in 0..200 {
            if descendants(driver).is_empty() {
                self.kill();
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        bail!("the app goes on")
    }

    fn app(&self) -> Result<String> {
        Ok(built("trellis")?.display().to_string())
    }

    fn driver(&self, port: u16) -> Command {
        let mut command = Command::new("WebKitWebDriver");
        command
            .args(["--host=127.0.0.1", &format!("--port={port}")])
            .envs([("TAURI_AUTOMATION", "true"), ("TAURI_WEBVIEW_AUTOMATION", "true")]);
        self.dress(&mut command);
        command
    }

    /// The surroundings of the app: this device's home, screen and desktop, and nothing of the machine's own.
    fn dress(&self, command: &mut Command) {
        for name in FOREIGN {
            command.env_remove(name);
        }
        let home = self.home.path();
        command
            .env("GDK_BACKEND", "x11")
            .envs([("LANG", self.locale), ("LC_ALL", self.locale), ("LANGUAGE", self.look.language)])
            .env("GTK_THEME", if self.look.dark { "Adwaita:dark" } else { "Adwaita" })
            .env("NO_AT_BRIDGE", "1")
            .env("DISPLAY", &self.display.name)
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", home.join("run"));
        if let Some(relay) = &self.relay {
            command.env("TRELLIS_RELAY", relay);
        }
        let (width, height) = self.look.size;
        match &self.desktop {
            Some(desktop) => command.env("DBUS_SESSION_BUS_ADDRESS", &desktop.address),
            None => {
                command.env("TRELLIS_HOME", self.data()).env("TRELLIS_WINDOW", format!("{width}x{height}"))
            }
        };
    }
}

/// What of the machine's own desktop must not reach the app, and what makes pictures hang.
const FOREIGN: [&str; 9] = [
    "TRELLIS_HOME",
    "TRELLIS_WINDOW",
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

async fn session(port: u16, app: &str, words: &[&str]) -> Result<Client> {
    let mut capabilities = Map::<String, Value>::new();
    capabilities.insert("webkitgtk:browserOptions".into(), json!({ "binary": app, "args": words }));
    let mut builder = ClientBuilder::new(HttpConnector::new());
    builder.capabilities(capabilities);
    let address = format!("http://127.0.0.1:{port}");
    match tokio::time::timeout(Duration::from_secs(30), builder.connect(&address)).await {
        Ok(client) => Ok(client?),
        Err(_) => bail!("the app did not open within 30 seconds"),
    }
}
