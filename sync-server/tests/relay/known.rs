//! What one device knows to be durable in its mailbox, while the relay is killed under it.

use trellis_protocol::wire::{Appended, MailboxStatus, MailboxSync, SyncResponse};
use trellis_protocol::{Cursor, EnvelopeId, Token};

use crate::common::*;

/// A number from `low` up to below `high`.
pub fn random(low: u64, high: u64) -> u64 {
    low + getrandom::u64().unwrap() % (high - low)
}

/// One device and its mailbox.
pub struct Known {
    pub token: Token,
    pub cursor: Cursor,
    sent: u64,
}

impl Known {
    pub fn new(n: u8) -> Self {
        Self { token: token(n), cursor: Cursor::default(), sent: 0 }
    }

    /// Appends until the relay is gone; remembers what was acknowledged.
    pub async fn append_until_killed(&mut self, device: &Device) {
        while let Some(status) = self.append(device, random(1, 8)).await {
            assert_eq!(status, 200);
        }
    }

    /// Appends so many envelopes at once and remembers them if they were acknowledged. Returns the status of the answer, none if
    /// the relay is gone.
    pub async fn append(&mut self, device: &Device, count: u64) -> Option<u16> {
        let envelopes: Vec<Vec<u8>> = (0..count).map(|n| self.envelope(n)).collect();
        let response = try_sync(device, mailbox(&self.token, self.cursor, envelopes.clone(), 0)).await?;
        let status = response.status().as_u16();
        let bytes = response.bytes().await.ok()?;
        if status == 200 {
            let mut answer: SyncResponse = minicbor::decode(&bytes).unwrap();
            self.acknowledge(&envelopes, answer.mailboxes.remove(0).appended);
        }
        Some(status)
    }

    fn acknowledge(&mut self, envelopes: &[Vec<u8>], verdicts: Vec<Appended>) {
        for (envelope, verdict) in envelopes.iter().zip(verdicts) {
            self.cursor = self.cursor.then(EnvelopeId::of(envelope));
            assert_eq!(verdict, Appended::Stored(self.cursor.seq));
            self.sent += 1;
        }
    }

    fn envelope(&self, n: u64) -> Vec<u8> {
        [&self.token.0[..], &(self.sent + n).to_be_bytes(), &[0; 360]].concat()
    }

    /// Everything acknowledged is there, in its place; what was on its way may be there too.
    pub async fn check(&mut self, device: &Device) {
        let result = device.sync(mailbox(&self.token, self.cursor, vec![], 100)).await;
        assert_eq!(result.status, MailboxStatus::Ok, "acknowledged envelopes are gone");
        for stored in &result.envelopes {
            self.cursor = self.cursor.then(EnvelopeId::of(&stored.envelope));
            self.sent += 1;
        }
        assert_eq!(self.cursor, result.head);
    }

    /// The whole mailbox is what was acknowledged, in its order.
    pub async fn check_all(&self, device: &Device) {
        let all = device.all(&self.token).await;
        assert_eq!(all.len() as u64, self.cursor.seq);
        let chained = all.iter().fold(Cursor::default(), |cursor, bytes| cursor.then(EnvelopeId::of(bytes)));
        assert_eq!(chained, self.cursor);
    }
}

async fn try_sync(device: &Device, call: MailboxSync) -> Option<reqwest::Response> {
    let request = trellis_protocol::wire::SyncRequest { mailboxes: vec![call], max_bytes: None };
    let body = minicbor::to_vec(request).unwrap();
    let post = device.http.post(format!("{}/v1/sync", device.url)).header("content-type", "application/cbor");
    post.body(body).send().await.ok()
}
