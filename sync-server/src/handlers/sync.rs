//! `POST /v1/sync`: append what is outgoing, return what is new.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::extract::State;
use trellis_protocol::wire::{
    Appended, MailboxResult, MailboxStatus, MailboxSync, Stored, StoredId, SyncRequest, SyncResponse,
};
use trellis_protocol::{Cursor, EnvelopeId, ErrorCode, MailboxId, limits};

use super::few_enough;
use crate::app::{App, Caller};
use crate::body::Cbor;
use crate::limiter::Wait;
use crate::problem::{Problem, Reply};
use crate::store::{Done, NewEnvelope, Verdict, Want, Work};

/// What is left for envelopes in an answer, once each mailbox and each verdict on an append has its place.
const BUDGET: usize = limits::MAX_BODY - limits::MAX_MAILBOXES * 256 - limits::MAX_APPENDS * 24;

/// What is settled about a mailbox before the store is asked.
struct Settled {
    mailbox: MailboxId,
    cursor: Cursor,
    /// For each envelope why it goes no further, if it does not.
    refused: Vec<Option<ErrorCode>>,
    limited: Option<Wait>,
}

/// Takes the calls of a device.
pub(crate) async fn sync(
    State(app): State<Arc<App>>,
    caller: Caller,
    Cbor(request): Cbor<SyncRequest>,
) -> Reply<Cbor<SyncResponse>> {
    admit(&app, &caller, &request)?;
    let (settled, work): (Vec<_>, Vec<_>) =
        request.mailboxes.into_iter().map(|one| settle(&app, one)).unzip();
    give_up_if_all_limited(&settled)?;
    let done = app.store.sync(work, BUDGET).await?;
    let mailboxes: Vec<_> =
        settled.into_iter().zip(done).map(|(settled, done)| answer(&app, settled, done)).collect();
    Ok(Cbor(SyncResponse { now: now(), mailboxes }))
}

fn admit(app: &App, caller: &Caller, request: &SyncRequest) -> Reply<()> {
    few_enough(request.mailboxes.len())?;
    if request.mailboxes.iter().map(|one| one.append.len()).sum::<usize>() > limits::MAX_APPENDS {
        return Err(Problem::new(ErrorCode::TooLarge, "The call appends too many envelopes."));
    }
    caller.names(app, request.mailboxes.len())
}

fn settle(app: &App, one: MailboxSync) -> (Settled, Work) {
    let mailbox = one.token.mailbox();
    let sized: Vec<_> = one.append.into_iter().map(|bytes| sized(app, bytes.into())).collect();
    let fitting = sized.iter().filter(|envelope| envelope.is_ok()).count();
    let limited = if fitting > 0 { app.limiter.append(mailbox, fitting).err() } else { None };
    let verdicts = sized
        .into_iter()
        .map(|one| if limited.is_some() { one.and(Err(ErrorCode::RateLimited)) } else { one });
    let (mut refused, mut append) = (Vec::new(), Vec::new());
    for verdict in verdicts {
        refused.push(verdict.as_ref().err().copied());
        append.extend(verdict);
    }
    let most = one.max.min(limits::MAX_PAGE);
    let want = match (most, one.ids_only) {
        (0, _) => Want::Nothing,
        (_, true) => Want::Ids(most),
        (_, false) => Want::Envelopes(most),
    };
    let settled = Settled { mailbox, cursor: one.cursor, refused, limited };
    (settled, Work { mailbox, cursor: one.cursor, append, want })
}

fn sized(app: &App, bytes: Vec<u8>) -> Verdict<NewEnvelope> {
    match bytes.len() {
        0 => Err(ErrorCode::Malformed),
        len if len > app.config.max_envelope => Err(ErrorCode::EnvelopeTooLarge),
        _ => Ok(NewEnvelope { id: EnvelopeId::of(&bytes), bytes: bytes.into() }),
    }
}

/// Where a call can do nothing at all it is told when to come back; otherwise the rest goes on.
fn give_up_if_all_limited(settled: &[Settled]) -> Reply<()> {
    let waits = settled.iter().map(|one| one.limited.as_ref().map(|wait| wait.0));
    match waits.collect::<Option<Vec<_>>>().and_then(|waits| waits.into_iter().min()) {
        Some(wait) => Err(Problem::rate_limited(wait)),
        None => Ok(()),
    }
}

fn answer(app: &App, settled: Settled, done: Option<Done>) -> MailboxResult {
    let Settled { mailbox, cursor, refused, .. } = settled;
    let Some(done) = done else { return missing(app, mailbox, cursor, refused) };
    if done.appended.contains(&Ok(done.head.seq)) {
        app.hub.grown(mailbox, done.head.seq);
    }
    let mut stored = done.appended.into_iter();
    let verdict = |refused: Option<ErrorCode>| match refused {
        Some(code) => Err(code),
        None => stored.next().unwrap_or(Err(ErrorCode::Internal)),
    };
    let appended = refused.into_iter().map(verdict).map(|verdict| named(app, verdict)).collect();
    let status = if done.stands { MailboxStatus::Ok } else { MailboxStatus::Resync };
    let (mut envelopes, mut ids) = (Vec::new(), Vec::new());
    for entry in done.entries {
        match entry.bytes {
            Some(bytes) => envelopes.push(Stored { seq: entry.seq, envelope: bytes.into() }),
            None => ids.push(StoredId { seq: entry.seq, id: entry.id }),
        }
    }
    app.metrics.returned.inc_by(envelopes.len() as u64);
    MailboxResult { mailbox, status, appended, envelopes, ids, more: done.more, head: done.head, at: done.at }
}

fn missing(app: &App, mailbox: MailboxId, at: Cursor, refused: Vec<Option<ErrorCode>>) -> MailboxResult {
    let code = |refused: Option<ErrorCode>| Err(refused.unwrap_or(ErrorCode::NotFound));
    let appended = refused.into_iter().map(|refused| named(app, code(refused))).collect();
    let (status, head) = (MailboxStatus::Missing, Cursor::default());
    MailboxResult { mailbox, status, appended, envelopes: Vec::new(), ids: Vec::new(), more: false, head, at }
}

fn named(app: &App, verdict: Verdict<u64>) -> Appended {
    match verdict {
        Ok(seq) => {
            app.metrics.stored.inc();
            Appended::Stored(seq)
        }
        Err(code) => {
            app.metrics.refused.inc();
            Appended::Refused(code.as_str().to_owned())
        }
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
