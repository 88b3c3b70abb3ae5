//! `POST /v1/sync`: append what is outgoing, return what is new.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::extract::State;
use trellis_protocol::wire::{
    Appended, MailboxResult, MailboxStatus, MailboxSync, Stored, StoredId, SyncRequest, SyncResponse,
};
use trellis_protocol::{Cursor, EnvelopeId, ErrorCode, MailboxId, limits};

use super::few_enough;
use crate::app::App;
use crate::body::{Answer, Cbor};
use crate::caller::Caller;
use crate::limiter::Wait;
use crate::problem::{Problem, Reply};
use crate::store::{Done, Entry, NewEnvelope, ROW, Verdict, Want, Work};

/// What is left for envelopes in an answer, once each mailbox and each verdict on an append has its place.
const BUDGET: usize = limits::MAX_BODY - limits::MAX_MAILBOXES * 256 - limits::MAX_APPENDS * 24;
/// Least room for envelopes: one of the largest always goes.
const LEAST: usize = limits::MAX_ENVELOPE + 1024;

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
    Cbor(request, mut held): Cbor<SyncRequest>,
) -> Reply<Answer<SyncResponse>> {
    admit(&app, &caller, &request)?;
    let budget = request.max_bytes.map_or(BUDGET, |most| (most as usize).clamp(LEAST, BUDGET));
    let (settled, work): (Vec<_>, Vec<_>) =
        request.mailboxes.into_iter().map(|one| settle(&app, &caller, one)).unzip();
    give_up_if_all_limited(&settled)?;
    if work.iter().any(|work| work.want != Want::Nothing) {
        held.add(budget).await?;
    }
    let (done, sending) = app.exchange(work, budget, caller.answers(held)).await?;
    let mailboxes: Vec<_> =
        settled.into_iter().zip(done).map(|(settled, done)| answer(&app, settled, done)).collect();
    Ok(Answer(SyncResponse { now: now(), mailboxes }, sending, app.config.patience()))
}

fn admit(app: &App, caller: &Caller, request: &SyncRequest) -> Reply<()> {
    few_enough(request.mailboxes.len())?;
    if request.mailboxes.iter().map(|one| one.append.len()).sum::<usize>() > limits::MAX_APPENDS {
        return Err(Problem::new(ErrorCode::TooLarge, "The call appends too many envelopes."));
    }
    caller.names(app, request.mailboxes.len())
}

fn settle(app: &App, caller: &Caller, one: MailboxSync) -> (Settled, Work) {
    let (mailbox, cursor, want) = (one.token.mailbox(), one.cursor, wanted(&one));
    let mut verdicts: Vec<_> = one.append.into_iter().map(|bytes| sized(app, bytes.into())).collect();
    let limited = limit(app, caller, mailbox, &mut verdicts).filter(|_| want == Want::Nothing);
    let refused = verdicts.iter().map(|verdict| verdict.as_ref().err().copied()).collect();
    let append = verdicts.into_iter().flatten().collect();
    (Settled { mailbox, cursor, refused, limited }, Work { mailbox, cursor, append, want })
}

fn wanted(one: &MailboxSync) -> Want {
    match (one.max.min(limits::MAX_PAGE), one.ids_only) {
        (0, _) => Want::Nothing,
        (most, true) => Want::Ids(most),
        (most, false) => Want::Envelopes(most),
    }
}

/// Charges mailbox and household for what is fit to append. Where either may not append now, only small envelopes go further,
/// a few of each household. Returns how long to wait, if nothing of it goes.
fn limit(
    app: &App,
    caller: &Caller,
    mailbox: MailboxId,
    verdicts: &mut [Verdict<NewEnvelope>],
) -> Option<Wait> {
    let sizes: Vec<usize> = verdicts.iter().flatten().map(|new| new.bytes.len()).collect();
    if sizes.is_empty() {
        return None;
    }
    let mailbox_has_room = app.limiter.append(mailbox, sizes.len());
    let stored = sizes.iter().map(|size| size + ROW).sum();
    let wait = mailbox_has_room.and_then(|()| app.limiter.store(caller.address(), stored)).err()?;
    for verdict in verdicts.iter_mut() {
        let small = verdict.as_ref().is_ok_and(|new| new.bytes.len() <= limits::SMALL_ENVELOPE);
        let fits = small && app.limiter.reserve(mailbox, caller.address()).is_ok();
        if verdict.is_ok() && !fits {
            *verdict = Err(ErrorCode::RateLimited);
        }
    }
    verdicts.iter().all(Result::is_err).then_some(wait)
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
    let mut stored = done.appended.into_iter();
    let verdict = |refused: Option<ErrorCode>| match refused {
        Some(code) => Err(code),
        None => stored.next().unwrap_or(Err(ErrorCode::Internal)),
    };
    let appended = refused.into_iter().map(verdict).map(|verdict| named(app, verdict)).collect();
    let status = if done.stands { MailboxStatus::Ok } else { MailboxStatus::Resync };
    let (envelopes, ids) = split(done.entries);
    app.metrics.returned.inc_by(envelopes.len() as u64);
    MailboxResult { mailbox, status, appended, envelopes, ids, more: done.more, head: done.head, at: done.at }
}

fn split(entries: Vec<Entry>) -> (Vec<Stored>, Vec<StoredId>) {
    let (mut envelopes, mut ids) = (Vec::new(), Vec::new());
    for Entry { seq, id, bytes } in entries {
        match bytes {
            Some(bytes) => envelopes.push(Stored { seq, envelope: bytes.into() }),
            None => ids.push(StoredId { seq, id }),
        }
    }
    (envelopes, ids)
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
