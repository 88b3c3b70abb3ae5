//! The app as a part of a desktop: the system's keychain, the tray, notices, links, the window, and locking by itself.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use chrono::{Local, NaiveTime};
use fantoccini::key::Key;
use trellis_api_types::settings::{SettingsEdit, SettingsSave};
use trellis_tests::person::PASSPHRASE;
use trellis_tests::{Device, Look, Relay, Words};

const LINK: &str = "trellis:pair#05050505050505050505050505050505@https://relay.example";

/// The first start with the lock that the desktop offers.
async fn with_keychain(look: Look) -> Result<Device> {
    let device = Device::on_desktop(look, None).await?;
    device.settle_in_with_keychain("Sam").await?;
    Ok(device)
}

/// Chooses in the tray, whose words are in the person's language.
fn tray(device: &Device, key: &str) -> Result<()> {
    device.desktop()?.choose(&device.words().say(key))
}

fn tray_words(device: &Device) -> Vec<String> {
    ["tray.open", "tray.lock", "tray.quit"].map(|key| device.words().say(key)).to_vec()
}

/// Waits until the window is shown, or is not.
async fn window(device: &Device, shown: bool) -> Result<()> {
    let end = Instant::now() + Duration::from_secs(10);
    while device.display().window_size()?.is_some() != shown {
        ensure!(Instant::now() < end, "the window is shown: {}, and should be: {shown}", !shown);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

/// The system's keychain keeps the key; a passphrase can take its place, and the other way round.
#[tokio::test(flavor = "multi_thread")]
async fn the_keychain_opens_it() -> Result<()> {
    let mut device = with_keychain(Look::LAPTOP).await?;
    device.check_in("common.mood_good", "Kept by the keychain").await?;
    device.restart().await?;
    device.unlock_with_keychain().await?;
    device.visit("/settings/lock").await?;
    device.press("lock.passphrase").await?;
    device.new_lock().await?;
    device.press("settings.lock_save").await?;
    device.see("settings.lock_done").await?;

    device.restart().await?;
    device.unlock().await?;
    device.visit("/settings/lock").await?;
    device.write("devices.proof", PASSPHRASE).await?;
    device.press("lock.keychain").await?;
    device.press("settings.lock_save").await?;
    device.see("settings.lock_done").await?;

    device.restart().await?;
    device.unlock_with_keychain().await?;
    device.visit(&format!("/day/{}", device.today().await?)).await?;
    device.see("Kept by the keychain").await
}

/// A short code in place of the sign-in: a wrong one is told apart and has to wait, the right one opens.
#[tokio::test(flavor = "multi_thread")]
async fn a_short_code_opens_it() -> Result<()> {
    let mut device = with_keychain(Look::LAPTOP).await?;
    device.visit("/settings/lock").await?;
    device.press("lock.code").await?;
    device.write("lock.code_new", "481516").await?;
    device.write("lock.code_again", "481516").await?;
    device.press("settings.lock_save").await?;
    device.see("settings.lock_done").await?;
    device.see("settings.lock_now_code").await?;

    device.restart().await?;
    device.see("lock.title").await?;
    let wait = device.words().say("lock.wait").replace("{time}.", "");
    device.write("lock.code", "481517").await?;
    device.press("lock.open").await?;
    device.see("lock.code_wrong").await?;
    device.gone(wait.trim()).await?;
    device.write("lock.code", "481516").await?;
    device.press("lock.open").await?;
    device.see("common.journey").await
}

/// Hiding locks, the tray leads back, in the person's language, and quitting ends the app.
async fn hide_and_come_back(look: Look) -> Result<()> {
    let mut device = with_keychain(look).await?;
    device.desktop()?.tray_says(&tray_words(&device))?;
    device.page()?.key(Key::Escape).await?;
    window(&device, false).await?;
    tray(&device, "tray.open")?;
    window(&device, true).await?;
    device.unlock_with_keychain().await?;
    tray(&device, "tray.lock")?;
    device.see("lock.title").await?;
    tray(&device, "tray.quit")?;
    device.ended().await
}

/// Comes back from the tray, and opens what was locked on the way there.
async fn come_back(device: &Device) -> Result<()> {
    tray(device, "tray.open")?;
    window(device, true).await?;
    device.unlock_with_keychain().await
}

/// Presses what ends the app: a press of the driver's own would wait for an answer in vain.
async fn press_last(device: &Device, key: &str) -> Result<()> {
    let script = "const button = find('press', arguments[0]); if (!button) return false;
        setTimeout(() => button.click(), 200); return true;";
    let name = device.words().say(key);
    device.page()?.until(&format!("“{name}” to press"), script, &[name.as_str().into()]).await
}

/// The first closing asks. The app then goes on in the tray and asks no more, until the settings say otherwise.
#[tokio::test(flavor = "multi_thread")]
async fn closing_asks_once_and_then_leaves_it_in_the_tray() -> Result<()> {
    let mut device = with_keychain(Look::LAPTOP).await?;
    device.display().close()?;
    device.see("settings.close_ask").await?;
    device.press("settings.close_stay").await?;
    window(&device, false).await?;
    device.desktop()?.tray_says(&tray_words(&device))?;
    come_back(&device).await?;

    device.display().close()?;
    window(&device, false).await?;
    come_back(&device).await?;
    device.gone("settings.close_ask").await?;

    device.visit("/settings").await?;
    device.press("settings.stays").await?;
    device.see("common.saved").await?;
    device.display().close()?;
    device.ended().await
}

/// The question can be put off; answered with an end, also behind the lock, it is kept too.
#[tokio::test(flavor = "multi_thread")]
async fn closing_for_good_ends_it_also_while_locked() -> Result<()> {
    let mut device = with_keychain(Look::LAPTOP.spanish()).await?;
    device.display().close()?;
    device.see("settings.close_ask").await?;
    device.press("common.close").await?;
    device.gone("settings.close_ask").await?;
    tray(&device, "tray.lock")?;
    device.see("lock.title").await?;
    device.display().close()?;
    device.see("settings.close_ask").await?;
    press_last(&device, "settings.close_end").await?;
    device.ended().await?;

    device.open().await?;
    device.see("lock.title").await?;
    device.display().close()?;
    device.ended().await
}

/// Where no tray leads back, closing ends the app and asks nothing.
#[tokio::test(flavor = "multi_thread")]
async fn closing_without_a_tray_ends_it() -> Result<()> {
    let mut device = Device::start(Look::PHONE, None).await?;
    device.settle_in("Sam").await?;
    device.display().close()?;
    device.ended().await
}

/// Waits until the system is asked to start the app, or is not; gives what it was asked.
async fn autostart(device: &Device, asked: bool) -> Result<String> {
    let entry = device.home().join(".config/autostart/Trellis.desktop");
    let end = Instant::now() + Duration::from_secs(10);
    while entry.exists() != asked {
        ensure!(Instant::now() < end, "it starts with the computer: {}, and should: {asked}", !asked);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    if asked { Ok(std::fs::read_to_string(entry)?) } else { Ok(String::new()) }
}

/// The system starts the app only while that is chosen.
#[tokio::test(flavor = "multi_thread")]
async fn it_starts_with_the_computer_only_while_that_is_chosen() -> Result<()> {
    let device = with_keychain(Look::LAPTOP).await?;
    autostart(&device, false).await?;
    device.visit("/settings").await?;
    device.press("settings.starts").await?;
    device.see("common.saved").await?;
    let asked = autostart(&device, true).await?;
    ensure!(asked.contains("trellis --hidden"), "{asked}");
    device.press("settings.starts").await?;
    autostart(&device, false).await.map(drop)
}

/// Started with the computer it is in the tray only, locked.
#[tokio::test(flavor = "multi_thread")]
async fn started_with_the_computer_it_is_out_of_sight() -> Result<()> {
    let mut device = with_keychain(Look::LAPTOP).await?;
    device.open_with(&["--hidden"]).await?;
    device.desktop()?.tray_says(&tray_words(&device))?;
    window(&device, false).await?;
    come_back(&device).await
}

#[tokio::test(flavor = "multi_thread")]
async fn hidden_with_one_key_and_back_from_the_tray() -> Result<()> {
    hide_and_come_back(Look::LAPTOP).await
}

#[tokio::test(flavor = "multi_thread")]
async fn hidden_with_one_key_and_back_from_the_tray_in_spanish() -> Result<()> {
    hide_and_come_back(Look::LAPTOP.spanish()).await
}

/// A copied invitation is on the clipboard, and leaves it when the app locks.
#[tokio::test(flavor = "multi_thread")]
async fn a_copied_link_leaves_the_clipboard() -> Result<()> {
    let relay = Relay::start()?;
    let device = Device::start(Look::LAPTOP, Some(&relay.address)).await?;
    device.settle_in("Sam").await?;
    device.make_space("people.kind_pair", "people.as_sponsor", None, "Sam").await?;
    device.invite(None).await?;
    let copy = async || {
        device.press("devices.copy").await?;
        device.see("devices.copy_leaves").await?;
        device.display().clipboard()?.context("nothing was copied")
    };
    ensure!(copy().await?.starts_with("trellis:join#"));
    device.page()?.key(Key::Escape).await?;
    device.see("lock.title").await?;
    let end = Instant::now() + Duration::from_secs(10);
    while let Some(left) = device.display().clipboard()? {
        ensure!(Instant::now() < end, "it is still there: {left}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

/// A notice comes at its hour in words that tell a stranger nothing, also while all is locked after a restart.
#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_in_neutral_words() -> Result<()> {
    let mut device = with_keychain(Look::LAPTOP.spanish()).await?;
    device.check_in("common.mood_low", "A hard morning").await?;
    remind(&device, 2).await?;
    let neutral = ("Trellis".to_owned(), device.words().say("tray.notice"));
    ensure!(device.desktop()?.notice()? == neutral);
    remind(&device, 10).await?;
    device.restart().await?;
    device.see("lock.title").await?;
    ensure!(device.desktop()?.notice()? == neutral);
    Ok(())
}

/// Sets the reminder to so many seconds from now.
async fn remind(device: &Device, seconds: i64) -> Result<()> {
    let at: NaiveTime = (Local::now() + chrono::Duration::seconds(seconds)).time();
    device.page()?.ask(&SettingsSave { edit: SettingsEdit::Reminder(Some(at)) }).await.map(drop)
}

/// A link opens the one app that runs, or starts it; a first start then joins with it.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_leads_to_joining() -> Result<()> {
    let mut device = Device::on_desktop(Look::PHONE, None).await?;
    device.see("start.welcome").await?;
    // The language that was chosen stays.
    device.press("Español").await?;
    let spanish = Words::new("es");
    device.see(&spanish.say("start.welcome")).await?;
    device.start_again(&[LINK])?;
    device.see(&spanish.say("start.link_found")).await?;
    ensure!(device.page()?.offers(&spanish.say("start.link_use")).await?, "there is no way to use the link");
    // Anybody can send a link, so the main button goes on without it.
    device.press(&spanish.say("start.next")).await?;
    device.see(&spanish.say("start.name_title")).await?;
    device.kill();
    device.open_with(&[LINK]).await?;
    device.see("start.link_found").await
}

/// Where something is stored already a link changes nothing, and says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_changes_nothing_where_trellis_is_in_use() -> Result<()> {
    let device = with_keychain(Look::PHONE.spanish()).await?;
    device.check_in("common.mood_good", "Here before the link").await?;
    device.start_again(&[LINK])?;
    device.see("start.link_here").await?;
    device.visit(&format!("/day/{}", device.today().await?)).await?;
    device.see("Here before the link").await
}

/// The window comes back as large as it was left.
#[tokio::test(flavor = "multi_thread")]
async fn the_window_keeps_its_size() -> Result<()> {
    let mut device = with_keychain(Look::LAPTOP).await?;
    let first = device.display().window_size()?.context("no window")?;
    device.display().resize(900, 700)?;
    device.page()?.until("the new size", "return innerWidth < 950;", &[]).await?;
    let left = device.display().window_size()?.context("no window")?;
    ensure!(left != first, "the window did not change");
    tray(&device, "tray.quit")?;
    device.ended().await?;
    device.open().await?;
    device.see("lock.title").await?;
    device.page()?.until("the size it had", "return innerWidth < 950;", &[]).await?;
    ensure!(device.display().window_size()? == Some(left));
    Ok(())
}

/// With nobody there it locks after the time that the person chose.
#[tokio::test(flavor = "multi_thread")]
async fn it_locks_by_itself() -> Result<()> {
    let device = Device::start(Look::PHONE, None).await?;
    device.settle_in("Sam").await?;
    device.visit("/settings/lock").await?;
    device.set("settings.lock_after", "1").await?;
    device.see("common.saved").await?;
    device.visit("/").await?;
    let (start, locked) = (Instant::now(), device.words().say("lock.title"));
    while !device.page()?.shows(&locked).await? {
        if start.elapsed() > Duration::from_secs(100) {
            bail!("nobody was here for a minute, and it is still open");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    ensure!(start.elapsed() > Duration::from_secs(30), "it locked at once");
    Ok(())
}

/// A keychain that never answers leaves the window alive, and waiting can be given up; one that comes late opens it without
/// a restart.
#[tokio::test(flavor = "multi_thread")]
async fn a_silent_keychain_is_given_up_and_a_late_one_opens() -> Result<()> {
    let mut device = with_keychain(Look::LAPTOP).await?;
    device.check_in("common.mood_good", "Kept by the keychain").await?;
    device.kill();
    device.desktop()?.silence_keychain()?;
    device.open().await?;
    device.see("lock.title").await?;
    device.press("lock.open_keychain").await?;
    device.see("lock.waiting").await?;
    device.press("common.cancel").await?;
    device.see("errors.keychain_cancelled").await?;
    device.desktop()?.wake_keychain()?;
    device.unlock_with_keychain().await?;
    device.visit(&format!("/day/{}", device.today().await?)).await?;
    device.see("Kept by the keychain").await
}

/// A folder that cannot be used is said in the window, with its name and what to do.
#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_used_is_said() -> Result<()> {
    let device = Device::in_folder(Look::PHONE, Path::new("/proc/trellis")).await?;
    device.see("broken.folder").await?;
    device.see("/proc/trellis").await?;
    device.press("common.try_again").await?;
    device.see("broken.still").await
}
