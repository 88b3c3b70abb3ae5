//! A walk through every screen, from before the first start to a device that cannot open its data any more.

use anyhow::{Context, Result, ensure};
use chrono::{Days, Local};
use serde_json::json;
use trellis_api_types::app::AppLock;
use trellis_api_types::sync::{RelayChoice, RelaySave};

use crate::company::{self, Places};
use crate::filled;
use crate::screens::{Act, DAMAGED, EMPTY, FILLED, LOCKED, NEW, PAIRED, Screen, TOGETHER};
use crate::{Device, Look, Page, Relay};

/// Walks through every screen and calls `look_at` on each, with its name.
pub async fn tour(look: Look, look_at: &mut impl AsyncFnMut(&Device, &str) -> Result<()>) -> Result<()> {
    let relay = Relay::start()?;
    let mut first = Device::start(look, None).await?;
    walk(&first, NEW, look_at).await?;
    first.new_lock().await?;
    first.press("start.open").await?;
    walk(&first, EMPTY, look_at).await?;
    filled::fill(&first.page()?, look.language == "es").await?;
    choose_relay(&first.page()?, &relay.address).await?;
    reload(&first.page()?).await?;
    walk(&first, FILLED, look_at).await?;
    let second = pair(&first, look, look_at).await?;
    walk(&first, PAIRED, look_at).await?;
    sign_out(&first, &second, look_at).await?;
    drop(second);
    let places = company::gather(&first.page()?, &relay.address).await?;
    walk_among(&first, TOGETHER, &places, look_at).await?;
    first.page()?.ask(&AppLock {}).await?;
    walk(&first, LOCKED, look_at).await?;
    damage(&mut first).await?;
    walk(&first, DAMAGED, look_at).await
}

async fn walk(
    device: &Device,
    screens: &[Screen],
    look_at: &mut impl AsyncFnMut(&Device, &str) -> Result<()>,
) -> Result<()> {
    let day = Local::now().date_naive() - Days::new(2);
    walk_among(device, screens, &vec![("{day}", day.to_string())], look_at).await
}

async fn walk_among(
    device: &Device,
    screens: &[Screen],
    places: &Places,
    look_at: &mut impl AsyncFnMut(&Device, &str) -> Result<()>,
) -> Result<()> {
    let page = device.page()?;
    for Screen(name, acts) in screens {
        for act in *acts {
            go(&page, act, places).await.with_context(|| format!("on the way to {name}: {act:?}"))?;
        }
        ready(&page).await?;
        look_at(device, name).await.with_context(|| format!("at {name}"))?;
    }
    Ok(())
}

/// With what stands for something put in.
fn said(words: &str, places: &Places) -> String {
    places.iter().fold(words.to_owned(), |words, (name, place)| words.replace(name, place))
}

async fn go(page: &Page, act: &Act, places: &Places) -> Result<()> {
    match act {
        Act::Go(path) => {
            close_sheet(page).await?;
            page.visit(&said(path, places)).await
        }
        Act::Under(path) => {
            let here = page.wait_for("a path", "return location.pathname;", &[]).await?;
            page.visit(&format!("{here}{path}")).await
        }
        Act::Press(selector) => {
            let script =
                "const e = [...root().querySelectorAll(arguments[0])].find(shown); if (!e) return false;
                if (!e.closest('dialog')) window.opener = e;
                e.focus(); e.click(); return true;";
            page.until(selector, script, &[json!(selector)]).await?;
            page.settle().await
        }
        Act::Write(selector, text) => {
            let script = "const e = root().querySelector(arguments[0]); if (!e) return false;
                Object.getOwnPropertyDescriptor(Object.getPrototypeOf(e), 'value').set.call(e, arguments[1]);
                for (const kind of ['input', 'change']) e.dispatchEvent(new Event(kind, { bubbles: true }));
                return true;";
            page.until(selector, script, &[json!(selector), json!(said(text, places))]).await
        }
        Act::See(selector) => {
            let script = "return [...root().querySelectorAll(arguments[0])].some(shown);";
            page.until(selector, script, &[json!(selector)]).await
        }
        Act::Reload => reload(page).await,
    }
}

async fn close_sheet(page: &Page) -> Result<()> {
    page.run("document.querySelector('dialog[open] .sheet-head button')?.click();", &[]).await?;
    Ok(())
}

async fn reload(page: &Page) -> Result<()> {
    page.client().refresh().await?;
    ready(page).await
}

/// Waits until a heading is there and nothing changes or moves any more.
async fn ready(page: &Page) -> Result<()> {
    let script = "const done = arguments[arguments.length - 1];
        const look = (before, since) => setTimeout(() => {
            const now = document.body.innerHTML;
            const rest = now === before && document.querySelector('h1') && document.fonts.status === 'loaded'
                && document.getAnimations().every((a) => a.playState !== 'running');
            rest || Date.now() - since > 8000 ? done(!!rest) : look(now, since);
        }, 50);
        look('', Date.now());";
    let rests = page.client().execute_async(script, Vec::new()).await?;
    ensure!(rests == json!(true), "the screen does not come to rest; it says:\n{}", page.text().await?);
    page.settle().await
}

async fn choose_relay(page: &Page, address: &str) -> Result<()> {
    let relay = RelayChoice { address: address.to_owned(), ..RelayChoice::default() };
    page.ask(&RelaySave { relay }).await?;
    Ok(())
}

/// Lets a second device in by the code that the first one shows.
async fn pair(
    first: &Device,
    look: Look,
    look_at: &mut impl AsyncFnMut(&Device, &str) -> Result<()>,
) -> Result<Device> {
    let second = Device::start(look, None).await?;
    let (here, there) = (first.page()?, second.page()?);
    join(first, &second).await?;
    ready(&there).await?;
    look_at(&second, "join-words").await?;
    let six = second.listed("start.words_label").await?;
    here.press(&six).await?;
    ready(&here).await?;
    look_at(first, "add-device-asked").await?;
    first.press("devices.let_in").await?;
    second.see("start.done_title").await?;
    ready(&there).await?;
    look_at(&second, "join-done").await?;
    first.see("devices.done_title").await?;
    ready(&here).await?;
    look_at(first, "add-device-done").await?;
    Ok(second)
}

/// Signs the second device out: what it shows then, and what it asks before it starts fresh.
async fn sign_out(
    first: &Device,
    second: &Device,
    look_at: &mut impl AsyncFnMut(&Device, &str) -> Result<()>,
) -> Result<()> {
    close_sheet(&first.page()?).await?;
    first.write_words_down().await?;
    ready(&first.page()?).await?;
    look_at(first, "phrase-done").await?;
    first.sign_out(&second.words().say("start.device_default")).await?;
    second.see("broken.signed_out").await?;
    let there = second.page()?;
    ready(&there).await?;
    look_at(second, "signed-out").await?;
    go(&there, &Act::Press("#start-fresh"), &Places::new()).await?;
    ready(&there).await?;
    look_at(second, "start-fresh").await
}

async fn join(first: &Device, second: &Device) -> Result<()> {
    let words = first.listed("devices.or_words").await?;
    let relay = first.page()?.run("return document.querySelector('.address').textContent;", &[]).await?;
    second.press("start.used_before").await?;
    second.write("start.code", &words).await?;
    second.write("start.relay", relay.as_str().unwrap_or_default()).await?;
    second.press("start.next").await?;
    second.new_lock().await?;
    second.press("start.join").await?;
    second.see("start.words_title").await
}

/// Writes over the start of the database, as a failing disk would, and opens the app again.
async fn damage(device: &mut Device) -> Result<()> {
    device.kill();
    for file in std::fs::read_dir(device.data())? {
        let path = file?.path();
        if path.file_stem().is_some_and(|name| name == "store") {
            std::fs::write(&path, vec![7; 8192])?;
        }
    }
    device.open().await?;
    ready(&device.page()?).await?;
    // The wrong passphrase of before still makes the next try wait.
    device.gone(device.words().say("lock.wait").replace("{time}.", "").trim()).await
}
