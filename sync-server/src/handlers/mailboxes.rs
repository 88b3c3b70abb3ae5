//! `/v1/mailboxes/{id}`: create, trim, delete.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use sha2::{Digest, Sha256};
use trellis_protocol::wire::{CreateMailbox, DeleteMailbox, TrimMailbox};
use trellis_protocol::{ErrorCode, MailboxId, Token};

use crate::app::App;
use crate::body::Cbor;
use crate::caller::Caller;
use crate::config::Creation;
use crate::inflight::Held;
use crate::problem::{Problem, Reply};
use crate::store::{Admission, Created, StoreError, Verdict};

/// The mailbox that the path names.
pub(crate) struct Named(MailboxId);

impl FromRequestParts<Arc<App>> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Reply<Self> {
        let path = Path::<String>::from_request_parts(parts, app).await.ok();
        let id = path.and_then(|Path(hex)| MailboxId::from_hex(&hex));
        id.map(Self).ok_or(Problem::new(ErrorCode::Malformed, "A mailbox id is 64 lower-case hex digits."))
    }
}

/// Makes a mailbox, or recognises one of the same owner.
pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    Named(id): Named,
    Cbor(body, _held): Cbor<CreateMailbox>,
) -> Reply<StatusCode> {
    caller.creates(&app)?;
    let admission = admission(app.config.creation, body.creation_token);
    match app.store.create(id, body.owner, admission).await?? {
        Created::New => {
            app.metrics.created.inc();
            Ok(StatusCode::CREATED)
        }
        Created::Already => Ok(StatusCode::NO_CONTENT),
    }
}

fn admission(policy: Creation, token: Option<String>) -> Admission {
    match (policy, token) {
        (Creation::Open, _) => Admission::Open,
        (Creation::Token, Some(token)) => Admission::Token(Sha256::digest(token.trim()).into()),
        (Creation::Token, None) | (Creation::Closed, _) => Admission::Closed,
    }
}

/// Drops old envelopes.
pub(crate) async fn trim(
    State(app): State<Arc<App>>,
    caller: Caller,
    Named(id): Named,
    Cbor(body, held): Cbor<TrimMailbox>,
) -> Reply<StatusCode> {
    let trim = async move { app.store.trim(id, owner(&body.owner_token), body.before, body.keep).await };
    to_the_end(caller, held, trim).await
}

/// Drops a mailbox.
pub(crate) async fn delete(
    State(app): State<Arc<App>>,
    caller: Caller,
    Named(id): Named,
    Cbor(body, held): Cbor<DeleteMailbox>,
) -> Reply<StatusCode> {
    let delete = async move { app.store.delete(id, owner(&body.owner_token)).await };
    to_the_end(caller, held, delete).await
}

/// What takes several transactions is finished even if the caller hangs up, and counts as the caller's for as long.
async fn to_the_end(
    caller: Caller,
    held: Held,
    work: impl Future<Output = Result<Verdict<()>, StoreError>> + Send + 'static,
) -> Reply<StatusCode> {
    let work = async move {
        let done = work.await;
        drop((caller, held));
        done
    };
    tokio::spawn(work).await.map_err(|_| Problem::from(ErrorCode::Internal))???;
    Ok(StatusCode::NO_CONTENT)
}

fn owner(token: &Token) -> [u8; 32] {
    Sha256::digest(token.0).into()
}
