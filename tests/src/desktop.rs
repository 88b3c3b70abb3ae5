//! A desktop around the window, as far as the app speaks with one: a session bus with a keychain, a tray and a place
//! for notices. The keychain is the real one of the system; tray and notices are taken in here, to be looked at.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use zbus::blocking::connection::Builder;
use zbus::blocking::{Connection, Proxy};
use zbus::message::Header;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Structure, Value};
use zbus::{fdo, interface};

use crate::process::Running;

/// How long the app may take to do something on the bus.
const PATIENCE: Duration = Duration::from_secs(20);
/// Name of the keychain on the bus.
const SECRETS: &str = "org.freedesktop.secrets";

/// A session bus with what a desktop has on it.
pub struct Desktop {
    /// As `DBUS_SESSION_BUS_ADDRESS` names it.
    pub address: String,
    seen: Arc<Mutex<Seen>>,
    bus: Connection,
    home: PathBuf,
    keychain: Mutex<Keychain>,
    _daemon: Running,
}

/// Who answers for the keychain; dropped, it is gone.
enum Keychain {
    /// The system's own.
    Real(Running),
    /// One that never answers.
    Silent(Connection),
}

/// What the app has shown so far.
#[derive(Default)]
struct Seen {
    /// Bus name and path of the icon in the tray.
    icon: Option<(String, String)>,
    /// Notices: title and words.
    notices: Vec<(String, String)>,
}

struct Watcher(Arc<Mutex<Seen>>);
struct Notices(Arc<Mutex<Seen>>);
struct Silent;

#[interface(name = "org.freedesktop.Secret.Service")]
impl Silent {
    async fn open_session(
        &self,
        _way: &str,
        _input: Value<'_>,
    ) -> fdo::Result<(OwnedValue, OwnedObjectPath)> {
        std::future::pending().await
    }
}

#[interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: &str, #[zbus(header)] header: Header<'_>) {
        let sender = header.sender().map(ToString::to_string).unwrap_or_default();
        lock(&self.0).icon = Some((sender, service.to_owned()));
    }

    fn register_status_notifier_host(&self, _service: &str) {}

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

#[interface(name = "org.freedesktop.Notifications")]
impl Notices {
    #[allow(clippy::too_many_arguments)]
    fn notify(
        &self,
        _app: &str,
        _replaces: u32,
        _icon: &str,
        title: &str,
        words: &str,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _lasts: i32,
    ) -> u32 {
        let mut seen = lock(&self.0);
        seen.notices.push((title.to_owned(), words.to_owned()));
        seen.notices.len() as u32
    }

    fn get_capabilities(&self) -> Vec<String> {
        vec!["body".to_owned()]
    }

    fn get_server_information(&self) -> fdo::Result<(String, String, String, String)> {
        Ok(("Trellis tests".into(), "Trellis".into(), "1".into(), "1.2".into()))
    }
}

impl Desktop {
    /// Starts one for the person whose home this is.
    pub fn start(home: &Path) -> Result<Self> {
        let (daemon, address) = session_bus()?;
        let keychain = keychain(home, &address)?;
        let seen = Arc::<Mutex<Seen>>::default();
        let bus = Builder::address(address.as_str())?
            .name("org.kde.StatusNotifierWatcher")?
            .name("org.freedesktop.Notifications")?
            .serve_at("/StatusNotifierWatcher", Watcher(seen.clone()))?
            .serve_at("/org/freedesktop/Notifications", Notices(seen.clone()))?
            .build()?;
        let keychain = Mutex::new(Keychain::Real(keychain));
        let desktop = Self { address, seen, bus, home: home.to_owned(), keychain, _daemon: daemon };
        desktop.until("a keychain", || desktop.has(SECRETS).then_some(()))?;
        Ok(desktop)
    }

    /// The keychain answers nothing any more.
    pub fn silence_keychain(&self) -> Result<()> {
        let mut held = self.keychain.lock().unwrap_or_else(PoisonError::into_inner);
        if let Keychain::Real(daemon) = &mut *held {
            daemon.kill();
        }
        self.until("the end of the keychain", || (!self.has(SECRETS)).then_some(()))?;
        let silent = Builder::address(self.address.as_str())?;
        *held =
            Keychain::Silent(silent.name(SECRETS)?.serve_at("/org/freedesktop/secrets", Silent)?.build()?);
        Ok(())
    }

    /// The keychain answers again.
    pub fn wake_keychain(&self) -> Result<()> {
        let mut held = self.keychain.lock().unwrap_or_else(PoisonError::into_inner);
        if let Keychain::Silent(silent) = &*held {
            silent.release_name(SECRETS)?;
        }
        *held = Keychain::Real(keychain(&self.home, &self.address)?);
        self.until("a keychain", || self.has(SECRETS).then_some(()))
    }

    /// Waits for the tray icon's menu to show these words, in this order.
    pub fn tray_says(&self, words: &[String]) -> Result<()> {
        let says = || {
            (self.menu().ok()?.into_iter().map(|(_, label)| label).eq(words.iter().cloned())).then_some(())
        };
        self.until("the tray's menu", says)
    }

    /// Chooses an entry of the tray icon's menu.
    pub fn choose(&self, label: &str) -> Result<()> {
        let entry = || self.menu().ok()?.into_iter().find(|(_, name)| name == label);
        let (id, _) = self.until(label, entry)?;
        let event = (id, "clicked", Value::from(0), 0_u32);
        Ok(self.menu_proxy()?.call::<_, _, ()>("Event", &event)?)
    }

    /// Waits until no app holds its name any more: one that was killed is gone from the bus a moment later.
    pub fn app_is_gone(&self) -> Result<()> {
        self.until("the end of the app", || (!self.has("org.trellis.trellis.SingleInstance")).then_some(()))
    }

    /// Waits for a notice, and takes it: its title and words.
    pub fn notice(&self) -> Result<(String, String)> {
        self.until("a notice", || lock(&self.seen).notices.pop())
    }

    /// The entries of the tray icon's menu: their numbers and labels.
    fn menu(&self) -> Result<Vec<(i32, String)>> {
        type Node = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);
        let names: Vec<&str> = Vec::new();
        let (_, root): (u32, Node) = self.menu_proxy()?.call("GetLayout", &(0_i32, -1_i32, names))?;
        root.2.iter().map(entry).collect()
    }

    fn menu_proxy(&self) -> Result<Proxy<'static>> {
        let (name, path) = lock(&self.seen).icon.clone().context("no icon in the tray")?;
        let item = Proxy::new(&self.bus, name.clone(), path, "org.kde.StatusNotifierItem")?;
        let menu: OwnedObjectPath = item.get_property("Menu")?;
        Ok(Proxy::new(&self.bus, name, ObjectPath::from(menu), "com.canonical.dbusmenu")?)
    }

    fn has(&self, name: &str) -> bool {
        let bus = fdo_proxy(&self.bus);
        bus.is_ok_and(|bus| bus.call("NameHasOwner", &(name)).unwrap_or(false))
    }

    fn until<T>(&self, what: &str, look: impl Fn() -> Option<T>) -> Result<T> {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = look() {
                return Ok(found);
            }
            if Instant::now() > end {
                bail!("waited in vain for {what}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn fdo_proxy(bus: &Connection) -> zbus::Result<Proxy<'static>> {
    Proxy::new(bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
}

fn entry(node: &OwnedValue) -> Result<(i32, String)> {
    let node = Structure::try_from(node.try_clone()?)?;
    let [id, properties, ..] = node.fields() else { bail!("not a menu entry") };
    let properties = HashMap::<String, OwnedValue>::try_from(properties.try_to_owned()?)?;
    let label = properties.get("label").context("an entry without words")?;
    Ok((i32::try_from(id)?, String::try_from(label.try_clone()?)?.replace('_', "")))
}

/// A message bus of its own; it says where it listens.
fn session_bus() -> Result<(Running, String)> {
    let mut command = Command::new("dbus-daemon");
    command.args(["--session", "--nofork", "--nopidfile", "--print-address"]);
    let mut daemon =
        Running::spawn(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()))?;
    let mut address = String::new();
    let output = daemon.child().stdout.take().context("no output from dbus-daemon")?;
    BufReader::new(output).read_line(&mut address)?;
    Ok((daemon, address.trim().to_owned()))
}

/// The system's own keychain, open under a password as after signing in.
fn keychain(home: &Path, address: &str) -> Result<Running> {
    let mut command = Command::new("gnome-keyring-daemon");
    command
        .args(["--foreground", "--components=secrets", "--unlock"])
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home.join("run"))
        .env("DBUS_SESSION_BUS_ADDRESS", address)
        .env_remove("XDG_DATA_HOME");
    let mut daemon =
        Running::spawn(command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()))?;
    let mut input = daemon.child().stdin.take().context("no input for the keychain")?;
    input.write_all(b"the person's own password")?;
    Ok(daemon)
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}
