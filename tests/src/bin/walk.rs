//! Walks the main job on virtual screens and keeps pictures: start, plan, check in, pair a second device, see it arrive.

use std::path::PathBuf;

use anyhow::{Context, Result};
use trellis_tests::{Device, Look, Relay};

#[tokio::main]
async fn main() -> Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).context("usage: walk FOLDER")?);
    let relay = Relay::start()?;
    say("A relay listens on", &relay.address);
    let first = Device::start(Look::PHONE, Some(&relay.address)).await?;
    let second = Device::start(Look::LAPTOP, Some(&relay.address)).await?;

    first.settle_in("Sam").await?;
    keep(&first, &folder, "1-started").await?;
    first.add_goal("Sleep through the night", "I want mornings back").await?;
    first.add_step("Put the phone in the kitchen").await?;
    keep(&first, &folder, "2-planned").await?;
    first.check_in("common.mood_good", "Walked by the river").await?;
    keep(&first, &folder, "3-checked-in").await?;
    first.pair(&second).await?;
    keep(&second, &folder, "4-paired").await?;
    second.visit(&format!("/day/{}", second.today().await?)).await?;
    second.see("Walked by the river").await?;
    keep(&second, &folder, "5-check-in-arrived").await?;
    say("The main job works. Pictures are in", &folder.display().to_string());
    Ok(())
}

async fn keep(device: &Device, folder: &std::path::Path, name: &str) -> Result<()> {
    say("Picture:", name);
    device.page()?.picture(&folder.join(format!("walk-{name}.png"))).await
}

fn say(what: &str, which: &str) {
    eprintln!("{what} {which}");
}
