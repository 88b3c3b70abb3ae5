//! Two devices through a real relay: pairing, edits on both sides while apart, and the same on both afterwards.

use anyhow::Result;
use trellis_tests::{Device, Look, Relay};

/// Both show all of this.
async fn both_see(devices: [&Device; 2], path: &str, words: &[&str]) -> Result<()> {
    for device in devices {
        device.visit(path).await?;
        for words in words {
            device.see(words).await?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn two_devices_edit_apart_and_end_up_the_same() -> Result<()> {
    let mut relay = Relay::start()?;
    let mut first = Device::start(Look::PHONE, Some(&relay.address)).await?;
    let mut second = Device::start(Look::LAPTOP.spanish(), Some(&relay.address)).await?;
    first.settle_in("Sam").await?;
    first.check_in("common.mood_good", "Before the second device").await?;
    first.add_goal("Sleep through the night", "I want mornings back").await?;
    first.pair(&second).await?;
    second.visit("/plan").await?;
    second.see("Sleep through the night").await?;

    relay.stop();
    first.check_in("common.mood_low", "Written on the first").await?;
    second.check_in("common.mood_great", "Written on the second").await?;
    for (device, step) in [(&first, "Phone in the kitchen"), (&second, "Tea at nine")] {
        device.visit("/plan").await?;
        device.press("Sleep through the night").await?;
        device.add_step(step).await?;
    }

    relay.restart()?;
    for device in [&first, &second] {
        device.visit("/settings/relay").await?;
        device.press("relay.sync_now").await?;
    }
    let notes = ["Before the second device", "Written on the first", "Written on the second"];
    let day = format!("/day/{}", first.today().await?);
    both_see([&first, &second], &day, &notes).await?;

    first.restart().await?;
    second.restart().await?;
    first.unlock().await?;
    second.unlock().await?;
    both_see([&first, &second], &day, &notes).await?;
    for device in [&first, &second] {
        device.visit("/plan").await?;
        device.press("Sleep through the night").await?;
        device.see("Phone in the kitchen").await?;
        device.see("Tea at nine").await?;
    }
    Ok(())
}

/// A device that another one signed out closes itself, and opens with nothing but the words on paper.
#[tokio::test(flavor = "multi_thread")]
async fn a_signed_out_device_opens_with_the_24_words() -> Result<()> {
    let relay = Relay::start()?;
    let first = Device::start(Look::PHONE, Some(&relay.address)).await?;
    let mut second = Device::start(Look::PHONE.spanish(), Some(&relay.address)).await?;
    first.settle_in("Sam").await?;
    let words = first.write_words_down().await?;
    first.pair(&second).await?;
    second.check_in("common.mood_low", "Written before it was signed out").await?;
    first.visit(&format!("/day/{}", first.today().await?)).await?;
    first.see("Written before it was signed out").await?;

    first.sign_out(&second.words().say("start.device_default")).await?;
    second.see("broken.signed_out").await?;
    second.restart().await?;
    second.see("broken.signed_out").await?;
    second.write("broken.words", "alpha deal scrub").await?;
    second.press("broken.open").await?;
    second.see("broken.signed_out").await?;
    second.write("broken.words", &words).await?;
    second.press("broken.open").await?;
    second.see("common.journey").await?;
    second.visit(&format!("/day/{}", second.today().await?)).await?;
    second.see("Written before it was signed out").await?;

    second.restart().await?;
    second.press("broken.fresh").await?;
    second.press("broken.fresh_do").await?;
    second.write("broken.fresh_label", &second.words().say("broken.fresh_word")).await?;
    second.press("broken.fresh_do").await?;
    second.see("start.welcome").await?;
    second.restart().await?;
    second.see("start.welcome").await?;
    first.pair(&second).await?;
    second.visit(&format!("/day/{}", second.today().await?)).await?;
    second.see("Written before it was signed out").await
}
