//! A line that lets little through, and how long a queue takes over it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use chrono::NaiveTime;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::Mutex;
use tokio::time::sleep;
use trellis_api_types::checkin::{CheckIn, CheckInList, CheckInSave, Kept, Mood};
use trellis_api_types::sync::{RelayChoice, RelaySave};
use trellis_api_types::today::TodayGet;

use crate::core::{Core, Traffic};

/// Bytes a second in each direction: 50 kbit.
const RATE: u32 = 6_250;
/// Bytes that go through at once.
const DROP: usize = 625;
/// Bytes that a socket may hold. A large buffer would hide the line; one below the segments of the loopback makes senders wait for timers.
const BUFFER: u32 = 192 * 1024;
/// Check-ins in the queue, and characters of the note in each.
const CHECKINS: usize = 500;
const NOTE: usize = 5_000;
/// How often it is looked whether all went through.
const LOOK: Duration = Duration::from_secs(5);
/// Twice as long as the bare bytes take.
const PATIENCE: Duration = Duration::from_secs(1_800);

/// How a queue went through.
#[derive(Clone, Copy, Debug)]
pub struct Through {
    /// How long it took.
    pub time: Duration,
    /// Whether all of it went through in the end.
    pub all: bool,
    /// What went over the line.
    pub traffic: Traffic,
}

/// One direction of the line: whoever holds it sends.
type Direction = Arc<Mutex<()>>;

/// Opens a slow line before the relay and returns where it begins.
async fn slow_line(relay: SocketAddr) -> Result<SocketAddr> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(BUFFER)?;
    socket.set_send_buffer_size(BUFFER)?;
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let listener = socket.listen(64)?;
    let (at, up, down) = (listener.local_addr()?, Direction::default(), Direction::default());
    tokio::spawn(async move {
        while let Ok((device, _)) = listener.accept().await {
            tokio::spawn(hand_on(device, relay, up.clone(), down.clone()));
        }
    });
    Ok(at)
}

/// Hands on until either side closes; what breaks is for the device to notice.
async fn hand_on(device: TcpStream, relay: SocketAddr, up: Direction, down: Direction) -> Result<()> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(BUFFER)?;
    socket.set_send_buffer_size(BUFFER)?;
    let (from_device, to_device) = device.into_split();
    let (from_relay, to_relay) = socket.connect(relay).await?.into_split();
    tokio::select! {
        done = drip(from_device, to_relay, &up) => done,
        done = drip(from_relay, to_device, &down) => done,
    }
}

async fn drip(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    line: &Mutex<()>,
) -> Result<()> {
    let mut bytes = [0; DROP];
    loop {
        let some = from.read(&mut bytes).await?;
        if some == 0 {
            return Ok(());
        }
        let turn = line.lock().await;
        sleep(Duration::from_secs(1) * u32::try_from(some)? / RATE).await;
        drop(turn);
        to.write_all(bytes.get(..some).unwrap_or_default()).await?;
    }
}

/// Sends a queue of 4 MB to the relay over the line.
pub async fn sent() -> Result<Through> {
    let relay = sync_server::start(sync_server::Config::for_tests()).await?;
    let device = Core::started(at(relay.addr()), Vec::new())?;
    device.exchange().await?;
    write(&device)?;
    choose(&device, slow_line(relay.addr()).await?)?;
    until(&device, || Ok(device.line()?.only_here == 0)).await
}

/// Fetches a queue of 4 MB from the relay over the line.
pub async fn fetched() -> Result<Through> {
    let relay = sync_server::start(sync_server::Config::for_tests()).await?;
    let first = Core::started(at(relay.addr()), Vec::new())?;
    let second = first.pair().await?;
    for device in [&first, &second, &first] {
        device.exchange().await?;
    }
    write(&first)?;
    first.exchange().await?;
    choose(&second, slow_line(relay.addr()).await?)?;
    let date = first.app.borrow_mut().today_get(TodayGet {})?.date;
    let day = CheckInList { from: date, to: date };
    until(&second, || Ok(second.app.borrow_mut().checkin_list(day.clone())?.len() == CHECKINS)).await
}

/// Exchanges as the app does until all went through.
async fn until(device: &Core, is_through: impl Fn() -> Result<bool>) -> Result<Through> {
    device.traffic.set(Traffic::default());
    let start = Instant::now();
    let through = async {
        while !is_through()? && start.elapsed() < PATIENCE {
            sleep(LOOK).await;
        }
        Ok::<_, anyhow::Error>(Through {
            time: start.elapsed(),
            all: is_through()?,
            traffic: device.traffic.get(),
        })
    };
    tokio::select! {
        through = through => through,
        () = device.stay() => anyhow::bail!("the device gave up"),
    }
}

fn at(relay: SocketAddr) -> RelayChoice {
    RelayChoice { address: format!("http://{relay}"), ..RelayChoice::default() }
}

fn choose(device: &Core, relay: SocketAddr) -> Result<()> {
    Ok(device.app.borrow_mut().relay_save(RelaySave { relay: at(relay) }).map(drop)?)
}

/// Writes check-ins whose notes cannot be made smaller.
fn write(device: &Core) -> Result<()> {
    let date = device.app.borrow_mut().today_get(TodayGet {})?.date;
    for n in 0..CHECKINS {
        let checkin = CheckIn {
            id: format!("{n:032x}"),
            date,
            time: NaiveTime::MIN,
            mood: Mood::Good,
            urge: None,
            halt: Vec::new(),
            used: None,
            medication: None,
            tags: Vec::new(),
            note: noise(n),
            learned: String::new(),
            kept: Kept::default(),
            edited_at: 0,
        };
        device.app.borrow_mut().checkin_save(CheckInSave { checkin })?;
    }
    Ok(())
}

/// A text of letters without any order.
fn noise(seed: usize) -> String {
    let mut state = seed as u64 + 1;
    let mut letter = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'0' + (state >> 58) as u8)
    };
    (0..NOTE).map(|_| letter()).collect()
}
