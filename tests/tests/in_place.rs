//! What comes from another device is shown in place: the focus, an open sheet and what is being typed stay.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use trellis_api_types::plan::{Dimension, GoalText, PlanEdit, PlanSave, Step};
use trellis_api_types::settings::{Pathway, SettingsEdit, SettingsSave};
use trellis_tests::checks::press;
use trellis_tests::{Device, Look, Page, Relay};

const GOAL: &str = "in-place";
const PLACE: &str = "/plan/goal/in-place";

fn goal() -> PlanSave {
    let (dimension, title) = (Dimension::Health, "Sleep through the night".to_owned());
    let text = GoalText { dimension, title, reason: String::new(), state: Default::default() };
    PlanSave { edit: PlanEdit::PutGoal { id: GOAL.to_owned(), text } }
}

fn step(id: &str, text: &str) -> PlanSave {
    let (id, text) = (id.to_owned(), text.to_owned());
    let step = Step { id, text, detail: String::new(), due: None, state: Default::default() };
    PlanSave { edit: PlanEdit::PutStep { goal: GOAL.to_owned(), step } }
}

fn move_before(id: &str, before: &str) -> PlanSave {
    let (goal, id, before) = (GOAL.to_owned(), id.to_owned(), Some(before.to_owned()));
    PlanSave { edit: PlanEdit::MoveStep { goal, id, before } }
}

/// Two devices of one person, who has a goal with two steps.
async fn two_devices(relay: &Relay) -> Result<(Device, Device)> {
    let first = Device::start(Look::LAPTOP, Some(&relay.address)).await?;
    let second = Device::start(Look::PHONE, Some(&relay.address)).await?;
    first.settle_in("Sam").await?;
    for change in [goal(), step("one", "Phone in the kitchen"), step("two", "Tea at nine")] {
        first.page()?.ask(&change).await?;
    }
    first.pair(&second).await?;
    second.visit(PLACE).await?;
    second.see("Tea at nine").await?;
    Ok((first, second))
}

/// Remembers what has the focus, and its name.
async fn hold(page: &Page) -> Result<()> {
    let script =
        "window.held = document.activeElement; window.heldId = held.id; return held !== document.body;";
    ensure!(page.run(script, &[]).await? == json!(true), "nothing has the focus");
    Ok(())
}

/// Fails where something else has the focus now, or the same element stands for something else.
async fn still_held(page: &Page) -> Result<()> {
    page.settle().await?;
    let script = "const e = document.activeElement;
        return e === window.held && e.id === window.heldId ? null : e.outerHTML.slice(0, 200);";
    let now = page.run(script, &[]).await?;
    ensure!(now == Value::Null, "the focus is on {now}");
    Ok(())
}

/// A step that has the focus keeps it, also where another device puts it first.
async fn a_control(first: &Device, second: &Device) -> Result<()> {
    first.visit(PLACE).await?;
    first.see("Tea at nine").await?;
    let page = first.page()?;
    page.run("document.querySelector('#step-two').focus();", &[]).await?;
    hold(&page).await?;
    second.page()?.ask(&move_before("two", "one")).await?;
    second.page()?.ask(&step("one", "Phone in the hall")).await?;
    first.see("Phone in the hall").await?;
    let order =
        "return [...document.querySelectorAll('ol.list .name')].map((e) => e.textContent).join('; ');";
    ensure!(page.run(order, &[]).await? == json!("Tea at nine; Phone in the hall"), "the order is not new");
    still_held(&page).await?;
    press(&page, &[' ']).await?;
    first.see("plan.said_step_done").await?;
    still_held(&page).await
}

/// A sheet stays open while things come in behind it, with what is typed; it can then be saved.
async fn a_sheet(first: &Device, second: &Device) -> Result<()> {
    let page = first.page()?;
    first.press("plan.add_step").await?;
    first.write("plan.step_text", "Half a th").await?;
    hold(&page).await?;
    second.page()?.ask(&step("three", "Walk at noon")).await?;
    first.see("Walk at noon").await?;
    still_held(&page).await?;
    for letter in "ought".chars() {
        press(&page, &[letter]).await?;
    }
    first.press("common.save").await?;
    first.gone("plan.step_new").await?;
    first.see("Half a thought").await
}

/// The same where the sheet belongs to what comes in.
async fn a_sheet_of_settings(first: &Device, second: &Device) -> Result<()> {
    let page = first.page()?;
    first.visit("/settings").await?;
    page.until("the row", "const e = document.querySelector('#you'); e?.click(); return !!e;", &[]).await?;
    first.write("settings.name", "Samant").await?;
    hold(&page).await?;
    second.page()?.ask(&SettingsSave { edit: SettingsEdit::Pathway(Pathway::Faith) }).await?;
    page.until(
        "the pathway",
        "return document.querySelector('#you .sub').textContent.includes(arguments[0]);",
        &[json!(first.words().say("settings.faith"))],
    )
    .await?;
    still_held(&page).await?;
    press(&page, &['h']).await?;
    press(&page, &['a']).await?;
    first.press("common.save").await?;
    first.gone("settings.edit_you").await?;
    first.see("Samantha").await
}

/// What is taken away elsewhere is gone here too.
async fn a_goal_that_goes(first: &Device, second: &Device) -> Result<()> {
    first.visit(PLACE).await?;
    first.see("Sleep through the night").await?;
    second.page()?.ask(&PlanSave { edit: PlanEdit::RemoveGoal(GOAL.to_owned()) }).await?;
    first.see("plan.goal_gone").await?;
    first.gone("Sleep through the night").await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_from_another_device_disturbs_nobody() -> Result<()> {
    let relay = Relay::start()?;
    let (first, second) = two_devices(&relay).await?;
    a_control(&first, &second).await?;
    a_sheet(&first, &second).await?;
    a_sheet_of_settings(&first, &second).await?;
    a_goal_that_goes(&first, &second).await
}

/// What is loaded comes late, as on a slow phone.
const LATE: &str = "const core = window.__TAURI__.core;
    const invoke = (name, args) => new Promise((go) => setTimeout(go, /_get$/.test(name) ? 600 : 0))
        .then(() => core.invoke(name, args));
    window.__TAURI__ = { ...window.__TAURI__, core: { ...core, invoke } };";

/// Nothing is pressed for one group on the page of another: a page about something else is made again.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_about_another_space_shows_nothing_of_the_one_before() -> Result<()> {
    let relay = Relay::start()?;
    let device = Device::start(Look::PHONE, Some(&relay.address)).await?;
    device.settle_in("Ana").await?;
    let mut spaces = Vec::new();
    for name in ["Alpha", "Beta"] {
        let role = "people.in_facilitator";
        spaces.push(device.make_space("people.kind_group", role, Some(name), "Ana").await?);
    }
    let page = device.page()?;
    page.run(LATE, &[]).await?;
    for (space, name) in spaces.iter().zip(["Alpha", "Beta"]) {
        device.visit(&format!("{space}/members")).await?;
        assert!(!page.shows(&format!("{name}: ")).await?, "it came too early to be seen");
        assert!(!page.shows("Alpha: ").await?, "it shows the one before");
        device.see(&format!("{name}: ")).await?;
    }
    Ok(())
}
