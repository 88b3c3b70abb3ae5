//! From the first start to a first check-in, and back after the app was killed.

use anyhow::{Result, ensure};
use trellis_tests::{Device, Look};

/// The whole way, on a phone, in one language.
async fn first_check_in(look: Look) -> Result<()> {
    let mut device = Device::start(look, None).await?;
    device.settle_in("Sam").await?;
    device.check_in("common.mood_good", "Walked by the river").await?;

    device.restart().await?;
    device.unlock().await?;
    device.visit("/").await?;
    device.press("today.todays_checkins").await?;
    device.see("Walked by the river").await
}

#[tokio::test(flavor = "multi_thread")]
async fn first_start_to_first_check_in() -> Result<()> {
    first_check_in(Look::PHONE).await
}

#[tokio::test(flavor = "multi_thread")]
async fn first_start_to_first_check_in_in_spanish() -> Result<()> {
    first_check_in(Look::PHONE.spanish()).await
}

/// Somebody who was invited, and is here for someone they love: the invitation opens after the first start, and nothing
/// asks about use or counts days.
async fn invited_for_someone_i_love(look: Look) -> Result<()> {
    let device = Device::start(look, None).await?;
    device.see("start.welcome").await?;
    device.press("start.aim_loved").await?;
    device.press("start.have_invite").await?;
    device.write("start.code", "trellis:join#05050505050505050505050505050505@http://127.0.0.1:9").await?;
    device.press("start.next").await?;
    device.see("start.name_title").await?;
    device.gone("start.began").await?;
    device.write("start.name", "Ana").await?;
    device.press("start.next").await?;
    device.new_lock().await?;
    device.press("start.open").await?;
    device.see("join.title").await?;

    device.visit("/checkin").await?;
    device.see("checkin.note_family").await?;
    for asked in ["checkin.used", "checkin.urge"] {
        ensure!(!device.page()?.shows(&device.words().say(asked)).await?, "{asked} is asked");
    }
    device.visit("/journey").await?;
    device.see("journey.family").await?;
    ensure!(!device.page()?.shows(&device.words().say("journey.invite_act")).await?, "days are counted");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_waits_for_the_first_start_of_someone_who_loves_someone() -> Result<()> {
    invited_for_someone_i_love(Look::PHONE).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_waits_for_the_first_start_of_someone_who_loves_someone_in_spanish() -> Result<()> {
    invited_for_someone_i_love(Look::LAPTOP.spanish()).await
}
