//! Whether everybody can use every screen: WCAG 2.2 AA, by keyboard alone, magnified, with a finger.

use anyhow::{Result, ensure};
use fantoccini::key::Key;
use serde_json::json;
use trellis_tests::checks::{self, look, press, tab_to};
use trellis_tests::tour::tour;
use trellis_tests::{Device, Look, Page, axe};

/// What is wrong, screen by screen.
#[derive(Default)]
struct Found(Vec<String>);

impl Found {
    fn add(&mut self, screen: &str, how: &str, wrong: Vec<String>) {
        self.0.extend(wrong.into_iter().map(|wrong| format!("{screen}, {how}: {wrong}")));
    }

    fn none(self) -> Result<()> {
        ensure!(self.0.is_empty(), "{} things are wrong:\n{}", self.0.len(), self.0.join("\n"));
        Ok(())
    }
}

/// Every screen in every way that a person may need it.
async fn every_screen(look: Look) -> Result<()> {
    let mut found = Found::default();
    tour(look, &mut async |device: &Device, screen: &str| {
        let page = device.page()?;
        found.add(screen, "WCAG", axe::broken(&page).await?);
        other_theme(&page, look.dark, true).await?;
        found.add(screen, "WCAG in the other theme", axe::hard_to_read(&page).await?);
        other_theme(&page, look.dark, false).await?;
        found.add(screen, "targets", checks::targets(&page).await?);
        text_size(&page, 200).await?;
        found.add(screen, "text 200 %", checks::room(&page).await?);
        text_size(&page, 100).await?;
        zoom(&page, look, 2).await?;
        found.add(screen, "zoom 200 %", checks::room(&page).await?);
        zoom(&page, look, 1).await?;
        found.add(screen, "keyboard", checks::keyboard(&page).await?);
        found.add(screen, "sheet", checks::escape(&page).await?);
        Ok(())
    })
    .await?;
    found.none()
}

/// As the settings do it; the window itself starts in the system's theme.
async fn other_theme(page: &Page, dark: bool, other: bool) -> Result<()> {
    let theme = if dark == other { "light" } else { "dark" };
    look(page, &format!("document.documentElement.dataset.theme = '{theme}';")).await?;
    page.settle().await
}

/// As the settings do it.
async fn text_size(page: &Page, percent: u16) -> Result<()> {
    let script = format!(
        "document.documentElement.style.fontSize = '{percent}%'; dispatchEvent(new Event('resize'));"
    );
    look(page, &script).await?;
    page.settle().await
}

/// The web view's own zoom, which its keys call too.
async fn zoom(page: &Page, window: Look, factor: u32) -> Result<()> {
    let script =
        format!("window.__TAURI__.core.invoke('plugin:webview|set_webview_zoom', {{ value: {factor} }});");
    look(page, &script).await?;
    let width = json!(window.size.0 / factor);
    page.until("the zoom", "return Math.abs(innerWidth - arguments[0]) < 2;", &[width]).await?;
    page.settle().await
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_can_use_every_screen() -> Result<()> {
    every_screen(Look::PHONE).await
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_can_use_every_screen_in_spanish() -> Result<()> {
    every_screen(Look::PHONE.spanish().dark()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_can_use_every_screen_on_a_laptop() -> Result<()> {
    every_screen(Look::LAPTOP).await
}

/// The theme that the person chooses in the settings holds against the system's, and both can be read.
#[tokio::test(flavor = "multi_thread")]
async fn light_and_dark_by_the_settings() -> Result<()> {
    let device = Device::start(Look::PHONE.dark(), None).await?;
    device.settle_in("Sam").await?;
    device.visit("/settings").await?;
    let page = device.page()?;
    let ground =
        "const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number);
        return r + g + b > 384 ? 'light' : 'dark';";
    for (choice, wanted) in
        [("settings.light", "light"), ("settings.dark", "dark"), ("settings.auto", "dark")]
    {
        device.press(choice).await?;
        let script = format!("return (() => {{ {ground} }})() === arguments[0];");
        page.until(wanted, &script, &[json!(wanted)]).await?;
        axe::check(&page, choice).await?;
    }
    Ok(())
}

/// A check-in from Today to its toast, without a pointer.
#[tokio::test(flavor = "multi_thread")]
async fn a_check_in_by_keyboard_alone() -> Result<()> {
    let device = Device::start(Look::LAPTOP, None).await?;
    device.settle_in("Sam").await?;
    let page = device.page()?;
    tab_to(&page, "#check-in").await?;
    press(&page, &[Key::Enter.into()]).await?;
    device.see("checkin.title").await?;
    tab_to(&page, "[name=mood]").await?;
    press(&page, &[' ']).await?;
    press(&page, &[Key::Right.into()]).await?;
    press(&page, &[Key::Right.into()]).await?;
    tab_to(&page, "#urge").await?;
    press(&page, &[Key::Right.into()]).await?;
    tab_to(&page, "#note").await?;
    for letter in "Tea".chars() {
        press(&page, &[letter]).await?;
    }
    tab_to(&page, "#save").await?;
    press(&page, &[Key::Enter.into()]).await?;
    device.see("checkin.saved").await?;
    device.visit(&format!("/day/{}", device.today().await?)).await?;
    device.see("common.mood_okay").await?;
    device.see("Tea").await
}

/// The keys that every browser has for it.
#[tokio::test(flavor = "multi_thread")]
async fn larger_and_smaller_by_key() -> Result<()> {
    let device = Device::start(Look::PHONE, None).await?;
    device.see("start.welcome").await?;
    let page = device.page()?;
    let (wide, width) = (Look::PHONE.size.0, "return Math.abs(innerWidth - arguments[0]) < 2;");
    press(&page, &[Key::Control.into(), '+']).await?;
    page.until("120 %", width, &[json!(wide * 10 / 12)]).await?;
    press(&page, &[Key::Control.into(), '0']).await?;
    page.until("100 %", width, &[json!(wide)]).await
}
