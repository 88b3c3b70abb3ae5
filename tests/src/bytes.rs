//! What one check-in costs on the wire.

use anyhow::{Result, ensure};
use chrono::NaiveTime;
use trellis_api_types::checkin::{CheckIn, CheckInList, CheckInSave, Kept, Mood};
use trellis_api_types::sync::RelayChoice;

use crate::core::{Core, Traffic};
use crate::front::Front;

/// One side of the way of one check-in.
#[derive(Clone, Copy, Debug)]
pub struct Side {
    /// Calls that were made.
    pub calls: u64,
    /// Bytes to the relay, headers and all, without TLS.
    pub to_relay: u64,
    /// Bytes from the relay, headers and all, without TLS.
    pub from_relay: u64,
    /// Of those to the relay, bytes in bodies.
    pub request_bodies: u64,
    /// Of those from the relay, bytes in bodies.
    pub response_bodies: u64,
}

/// What it costs to bring one check-in from a device to another one.
#[derive(Clone, Copy, Debug)]
pub struct OneCheckIn {
    /// The device where it was written.
    pub sender: Side,
    /// The device where it arrives.
    pub receiver: Side,
}

/// Brings one check-in from one device through a real relay to another, and counts every byte on the loopback.
pub async fn one_checkin() -> Result<OneCheckIn> {
    let relay = sync_server::start(sync_server::Config::for_tests()).await?;
    let front = Front::before(relay.addr()).await?;
    let first = Core::started(RelayChoice { address: front.http(), ..RelayChoice::default() }, Vec::new())?;
    let second = first.pair().await?;
    let checkin = sample(&first)?;
    for device in [&first, &second, &first] {
        device.exchange().await?;
    }
    first.app.borrow_mut().checkin_save(CheckInSave { checkin: checkin.clone() })?;
    let sender = measured(&first, &front).await?;
    let receiver = measured(&second, &front).await?;
    let day = CheckInList { from: checkin.date, to: checkin.date };
    let arrived = second.app.borrow_mut().checkin_list(day)?;
    ensure!(arrived.iter().any(|it| it.note == checkin.note), "the check-in did not arrive");
    Ok(OneCheckIn { sender, receiver })
}

async fn measured(device: &Core, front: &Front) -> Result<Side> {
    front.take();
    device.traffic.set(Traffic::default());
    device.exchange().await?;
    let (Traffic { calls, request_bodies, response_bodies, .. }, (to_relay, from_relay)) =
        (device.traffic.get(), front.take());
    Ok(Side { calls, to_relay, from_relay, request_bodies, response_bodies })
}

fn sample(device: &Core) -> Result<CheckIn> {
    let today = device.app.borrow_mut().today_get(trellis_api_types::today::TodayGet {})?.date;
    Ok(CheckIn {
        id: "0123456789abcdef0123456789abcdef".into(),
        date: today,
        time: NaiveTime::MIN,
        mood: Mood::Good,
        urge: Some(3),
        halt: Vec::new(),
        used: None,
        medication: None,
        tags: Vec::new(),
        note: "Walked by the river with Sam.".into(),
        learned: String::new(),
        kept: Kept::default(),
        edited_at: 0,
    })
}
