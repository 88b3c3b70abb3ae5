//! A plan with a goal and steps, a return to use, and the lock.

use std::time::Duration;

use anyhow::{Result, ensure};
use fantoccini::key::Key;
use trellis_tests::person::PASSPHRASE;
use trellis_tests::{Device, Look};

async fn plan(look: Look) -> Result<()> {
    let mut device = Device::start(look, None).await?;
    device.settle_in("Sam").await?;
    device.add_goal("Sleep through the night", "I want mornings back").await?;
    device.add_step("Put the phone in the kitchen").await?;
    device.add_step("Tea at nine").await?;

    device.restart().await?;
    device.unlock().await?;
    device.visit("/plan").await?;
    device.press("Sleep through the night").await?;
    device.see("I want mornings back").await?;
    device.see("Put the phone in the kitchen").await?;
    device.see("Tea at nine").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_with_a_goal_and_steps() -> Result<()> {
    plan(Look::LAPTOP).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_with_a_goal_and_steps_in_spanish() -> Result<()> {
    plan(Look::PHONE.spanish()).await
}

/// Help comes first, nothing is taken away, and only the current run begins again.
async fn return_to_use(look: Look) -> Result<()> {
    let device = Device::start(look, None).await?;
    device.settle_in("Sam").await?;
    device.check_in("common.mood_good", "Before").await?;
    device.visit("/checkin").await?;
    device.press("common.mood_low").await?;
    device.press("checkin.used").await?;
    device.see("checkin.nothing_gone").await?;
    device.see("checkin.need_someone").await?;
    device.press("checkin.i_am_safe").await?;
    device.write("checkin.learned", "Call before, not after").await?;
    device.press("checkin.save").await?;
    device.see("checkin.saved").await?;
    device.press("today.todays_checkins").await?;
    device.see("Before").await?;
    device.see("Call before, not after").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_to_use() -> Result<()> {
    return_to_use(Look::PHONE).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_return_to_use_in_spanish() -> Result<()> {
    return_to_use(Look::PHONE.spanish().dark()).await
}

/// What is half written outlives Escape in its sheet, the lock, and the end of the app; saved, it is asked for no more.
async fn half_written(look: Look) -> Result<()> {
    let mut device = Device::start(look, None).await?;
    device.settle_in("Sam").await?;
    device.visit("/plan/work").await?;
    device.press("work.add_sheet").await?;
    device.write("work.sheet_title", "Step 4").await?;
    device.press("common.save").await?;
    device.press("work.add_question").await?;
    device.write("work.question", "What am I afraid of?").await?;
    device.write("work.answer", "Being a bur").await?;
    device.page()?.key(Key::Escape).await?;
    device.see("common.draft_kept").await?;

    device.press("work.add_question").await?;
    device.see("common.draft_back").await?;
    device.see("Being a bur").await?;
    device.write("work.answer", "Being a burden to").await?;
    // Nobody ends an app between two letters.
    tokio::time::sleep(Duration::from_secs(1)).await;
    device.restart().await?;
    device.unlock().await?;
    device.visit("/plan/work").await?;
    device.press("Step 4").await?;
    device.press("work.add_question").await?;
    device.see("Being a burden to").await?;
    device.write("work.answer", "Being a burden to her").await?;
    device.press("common.save").await?;
    device.see("Being a burden to her").await?;
    device.press("work.add_question").await?;
    device.see("work.question_hint").await?;
    ensure!(!device.page()?.shows(&device.words().say("common.draft_back")).await?, "it was saved");
    device.page()?.key(Key::Escape).await?;

    half_changed(&device).await?;
    device.visit("/checkin").await?;
    device.press("common.mood_low").await?;
    device.write("checkin.note", "Slept badly and").await?;
    device.page()?.key(Key::Escape).await?;
    device.write("lock.passphrase", PASSPHRASE).await?;
    device.press("lock.open").await?;
    device.see("common.draft_back").await?;
    device.see("Slept badly and").await?;
    device.press("checkin.save").await?;
    device.see("checkin.saved").await
}

/// Its words open it; the tick beside them, which has the same name, would say that it is taken care of.
async fn opens_the_need(device: &Device) -> Result<()> {
    let script = "const e = root().querySelector('.needs .opens'); e?.click(); return !!e;";
    device.page()?.until("the need", script, &[]).await
}

/// The same for what was there before, and for the safety plan.
async fn half_changed(device: &Device) -> Result<()> {
    device.visit("/plan").await?;
    device.press("plan.add_need").await?;
    device.write("plan.need_text", "A bed").await?;
    device.press("common.save").await?;
    opens_the_need(device).await?;
    device.write("plan.need_text", "A bed near").await?;
    device.page()?.key(Key::Escape).await?;
    device.see("common.draft_kept").await?;
    opens_the_need(device).await?;
    device.see("common.draft_back").await?;
    device.see("A bed near").await?;
    device.page()?.key(Key::Escape).await?;

    device.visit("/help").await?;
    device.press("lines.add_own").await?;
    device.write("help.name", "Casa Abie").await?;
    device.page()?.key(Key::Escape).await?;
    device.see("common.draft_kept").await?;
    device.press("lines.add_own").await?;
    device.see("common.draft_back").await?;
    device.see("Casa Abie").await?;
    device.page()?.key(Key::Escape).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_half_written_is_kept() -> Result<()> {
    half_written(Look::LAPTOP).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_half_written_is_kept_in_spanish() -> Result<()> {
    half_written(Look::PHONE.spanish()).await
}

/// Wrong passphrases are told apart from the right one, and have to wait after a few.
async fn lock_and_open(look: Look) -> Result<()> {
    let mut device = Device::start(look, None).await?;
    device.settle_in("Sam").await?;
    device.check_in("common.mood_okay", "Kept behind the lock").await?;
    device.restart().await?;
    device.see("lock.title").await?;
    ensure!(!device.page()?.shows("Kept behind the lock").await?, "the lock screen shows what is locked");
    let wait = device.words().say("lock.wait").replace("{time}.", "");
    for _ in 0..2 {
        device.write("lock.passphrase", "not the right words").await?;
        device.press("lock.open").await?;
        device.see("lock.wrong").await?;
        device.see(wait.trim()).await?;
        device.gone(wait.trim()).await?;
    }
    device.write("lock.passphrase", PASSPHRASE).await?;
    device.press("lock.open").await?;
    device.see("common.journey").await
}

#[tokio::test(flavor = "multi_thread")]
async fn lock_and_unlock() -> Result<()> {
    lock_and_open(Look::PHONE).await
}

#[tokio::test(flavor = "multi_thread")]
async fn lock_and_unlock_in_spanish() -> Result<()> {
    lock_and_open(Look::LAPTOP.spanish()).await
}
