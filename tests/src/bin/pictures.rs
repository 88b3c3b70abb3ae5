//! Pictures of every screen, phone and laptop, light and dark, in both languages, of a device with something on it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use trellis_tests::{Device, Look};

/// Every screen that an open app has, by its path.
const SCREENS: [(&str, &str); 13] = [
    ("today", "/"),
    ("checkin", "/checkin"),
    ("plan", "/plan"),
    ("journey", "/journey"),
    ("help", "/help"),
    ("help-edit", "/help/edit"),
    ("settings", "/settings"),
    ("devices", "/settings/devices"),
    ("add-device", "/settings/add-device"),
    ("phrase", "/settings/phrase"),
    ("relay", "/settings/relay"),
    ("lock-change", "/settings/lock"),
    ("about", "/settings/about"),
];

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let folder = PathBuf::from(arguments.next().context("usage: pictures FOLDER [FILTER]")?);
    let filter = arguments.next().map(|filter| filter.to_string_lossy().into_owned()).unwrap_or_default();
    for (size, look) in [("phone", Look::PHONE), ("laptop", Look::LAPTOP)] {
        for look in [look, look.dark(), look.spanish(), look.spanish().dark()] {
            let name = format!("{size}-{}-{}", if look.dark { "dark" } else { "light" }, look.language);
            every_screen(&folder, &filter, &name, look).await?;
        }
    }
    Ok(())
}

async fn every_screen(folder: &Path, filter: &str, name: &str, look: Look) -> Result<()> {
    let wanted = |screen: &str| format!("{screen}-{name}").contains(filter);
    let places = ["start", "goal", "day", "lock"];
    if !SCREENS.iter().map(|(screen, _)| *screen).chain(places).any(wanted) {
        return Ok(());
    }
    let mut device = Device::start(look, None).await?;
    device.see("start.welcome").await?;
    let keep = async |device: &Device, screen: &str| -> Result<()> {
        if wanted(screen) {
            eprintln!("{screen}-{name}");
            device.page()?.picture(&folder.join(format!("{screen}-{name}.png"))).await?;
        }
        Ok(())
    };
    keep(&device, "start").await?;
    device.settle_in("Sam").await?;
    device.add_goal("Sleep through the night", "I want mornings back").await?;
    device.add_step("Put the phone in the kitchen").await?;
    keep(&device, "goal").await?;
    device.check_in("common.mood_good", "Walked by the river").await?;
    device.visit(&format!("/day/{}", device.today().await?)).await?;
    keep(&device, "day").await?;
    for (screen, path) in SCREENS {
        device.visit(path).await?;
        keep(&device, screen).await?;
    }
    device.restart().await?;
    device.see("lock.title").await?;
    keep(&device, "lock").await
}
