//! From the first start to a first check-in, and back after the app was killed.

use anyhow::Result;
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
