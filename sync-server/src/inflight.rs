//! The budget of bytes that calls hold in memory: bodies that arrive, work that waits, answers that are sent.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use trellis_protocol::ErrorCode;

use crate::limiter::Limiter;
use crate::problem::{Problem, Reply};
use crate::shares::Share;

/// Bytes of one permit.
const BLOCK: usize = 4096;
/// How long a call waits for room.
const PATIENCE: Duration = Duration::from_secs(2);

/// Room for all calls together.
pub(crate) struct InFlight {
    blocks: Arc<Semaphore>,
    all: usize,
}

/// What one call holds; given back when dropped.
pub(crate) struct Held {
    blocks: Arc<Semaphore>,
    permit: Option<OwnedSemaphorePermit>,
    share: Option<Share>,
    bytes: usize,
}

impl InFlight {
    /// Room for `bytes`.
    pub(crate) fn new(bytes: usize) -> Self {
        let all = (bytes / BLOCK).min(Semaphore::MAX_PERMITS);
        Self { blocks: Arc::new(Semaphore::new(all)), all }
    }

    /// Bytes that are held now.
    pub(crate) fn held(&self) -> usize {
        self.all.saturating_sub(self.blocks.available_permits()) * BLOCK
    }

    /// Holds nothing yet, for a caller at an address.
    pub(crate) fn hold(&self, limiter: &Limiter, address: IpAddr) -> Held {
        Held { blocks: self.blocks.clone(), permit: None, share: limiter.bytes(address), bytes: 0 }
    }
}

impl Held {
    /// Makes room for `bytes` in all. Errors: `rate-limited` where the household holds its share, `unavailable` where there is no
    /// room in time.
    pub(crate) async fn grow_to(&mut self, bytes: usize) -> Reply<()> {
        let blocks = bytes.div_ceil(BLOCK).saturating_sub(self.bytes / BLOCK);
        if blocks == 0 {
            return Ok(());
        }
        if !self.share.as_mut().is_none_or(|share| share.grow(blocks * BLOCK)) {
            return Err(Problem::rate_limited(Duration::ZERO));
        }
        self.bytes += blocks * BLOCK;
        let permits = u32::try_from(blocks).map_err(|_| Problem::from(ErrorCode::TooLarge))?;
        let room = tokio::time::timeout(PATIENCE, self.blocks.clone().acquire_many_owned(permits)).await;
        let room = room.ok().and_then(Result::ok).ok_or_else(|| Problem::busy(PATIENCE))?;
        match &mut self.permit {
            Some(permit) => permit.merge(room),
            None => self.permit = Some(room),
        }
        Ok(())
    }

    /// Makes room for `bytes` more.
    pub(crate) async fn add(&mut self, bytes: usize) -> Reply<()> {
        self.grow_to(self.bytes + bytes).await
    }

    /// Gives back all but room for `bytes`.
    pub(crate) fn shrink_to(&mut self, bytes: usize) {
        let keep = bytes.div_ceil(BLOCK);
        let back = (self.bytes / BLOCK).saturating_sub(keep);
        if let Some(permit) = &mut self.permit {
            drop(permit.split(back));
        }
        if let Some(share) = &mut self.share {
            share.shrink_to(keep * BLOCK);
        }
        self.bytes -= back * BLOCK;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn limiter(address_memory: usize) -> Limiter {
        Limiter::new(&Config { address_memory, ..Config::for_tests() })
    }

    #[tokio::test(start_paused = true)]
    async fn what_does_not_fit_waits_for_a_while_and_is_refused() {
        let (memory, limiter) = (InFlight::new(10 * BLOCK), limiter(0));
        let mut first = memory.hold(&limiter, HOME);
        first.grow_to(8 * BLOCK).await.unwrap();
        let mut second = memory.hold(&limiter, HOME);
        assert!(second.grow_to(3 * BLOCK).await.is_err());
        first.shrink_to(BLOCK + 1);
        assert!(memory.hold(&limiter, HOME).grow_to(8 * BLOCK).await.is_ok());
        drop((first, second));
        assert!(memory.hold(&limiter, HOME).grow_to(10 * BLOCK).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_household_holds_no_more_than_its_share() {
        let (memory, limiter) = (InFlight::new(100 * BLOCK), limiter(5 * BLOCK));
        let mut first = memory.hold(&limiter, HOME);
        first.grow_to(5 * BLOCK).await.unwrap();
        assert!(first.grow_to(6 * BLOCK).await.is_err());
        assert!(memory.hold(&limiter, HOME).grow_to(1).await.is_err());
        assert!(memory.hold(&limiter, IpAddr::from([192, 0, 2, 1])).grow_to(6 * BLOCK).await.is_err());
        assert!(memory.hold(&limiter, IpAddr::from([192, 0, 2, 2])).grow_to(5 * BLOCK).await.is_ok());
    }
}
