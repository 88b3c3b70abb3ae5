//! One thread owns the writing connection and commits whatever calls have gathered, many in one transaction.

use std::sync::Mutex;
use std::thread::JoinHandle;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use tokio::sync::{mpsc, oneshot};

use crate::store::StoreError;

/// Calls that may wait for the writer before their callers are held back.
const WAITING: usize = 4096;
/// Most calls in one transaction.
const GROUP: usize = 512;

/// Handle to the writer thread.
pub(super) struct Writer {
    jobs: Mutex<Option<mpsc::Sender<Box<dyn Job>>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// One call: run inside a transaction, perhaps again after a rollback, and answered once after the commit.
trait Job: Send {
    fn run(&mut self, tx: &Transaction<'_>) -> rusqlite::Result<()>;
    fn answer(self: Box<Self>, outcome: Result<(), StoreError>);
}

struct Call<I, T, F> {
    input: I,
    act: F,
    result: Option<T>,
    reply: oneshot::Sender<Result<(I, T), StoreError>>,
}

impl<I: Send, T: Send, F: Fn(&Transaction<'_>, &I) -> rusqlite::Result<T> + Send> Job for Call<I, T, F> {
    fn run(&mut self, tx: &Transaction<'_>) -> rusqlite::Result<()> {
        self.result = Some((self.act)(tx, &self.input)?);
        Ok(())
    }

    fn answer(self: Box<Self>, outcome: Result<(), StoreError>) {
        let Self { input, result, reply, .. } = *self;
        let answer = outcome.and_then(|()| result.ok_or(StoreError::Closed)).map(|result| (input, result));
        // The caller may have gone; the work is durable all the same.
        let _ = reply.send(answer);
    }
}

impl Writer {
    pub(super) fn start(connection: Connection) -> Result<Self, StoreError> {
        let (jobs, inbox) = mpsc::channel(WAITING);
        let thread =
            std::thread::Builder::new().name("relay-writer".into()).spawn(move || serve(connection, inbox));
        let thread = thread.map_err(|_| StoreError::Closed)?;
        Ok(Self { jobs: Mutex::new(Some(jobs)), thread: Mutex::new(Some(thread)) })
    }

    /// Runs `act` on `input` in the next transaction and gives both back once it is durable.
    pub(super) fn run<I: Send + 'static, T: Send + 'static>(
        &self,
        input: I,
        act: impl Fn(&Transaction<'_>, &I) -> rusqlite::Result<T> + Send + 'static,
    ) -> impl Future<Output = Result<(I, T), StoreError>> + Send + 'static {
        let jobs = lock(&self.jobs).clone();
        let (reply, answer) = oneshot::channel();
        let call = Box::new(Call { input, act, result: None, reply });
        async move {
            jobs.ok_or(StoreError::Closed)?.send(call).await.map_err(|_| StoreError::Closed)?;
            answer.await.map_err(|_| StoreError::Closed)?
        }
    }

    /// Takes no more calls and waits until the accepted ones are durable.
    pub(super) async fn close(&self) {
        lock(&self.jobs).take();
        let thread = lock(&self.thread).take();
        if let Some(thread) = thread {
            let _ = tokio::task::spawn_blocking(|| thread.join()).await;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

fn serve(mut connection: Connection, mut inbox: mpsc::Receiver<Box<dyn Job>>) {
    let mut group = Vec::with_capacity(GROUP);
    while inbox.blocking_recv_many(&mut group, GROUP) > 0 {
        match commit(&mut connection, &mut group) {
            Ok(()) => group.drain(..).for_each(|job| job.answer(Ok(()))),
            Err(_) => group.drain(..).for_each(|job| commit_alone(&mut connection, job)),
        }
    }
}

/// After a group failed, each call stands for itself, so that one cannot take the others down.
fn commit_alone(connection: &mut Connection, mut job: Box<dyn Job>) {
    let outcome = commit(connection, std::slice::from_mut(&mut job));
    job.answer(outcome.map_err(StoreError::from));
}

fn commit(connection: &mut Connection, group: &mut [Box<dyn Job>]) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for job in group {
        job.run(&transaction)?;
    }
    transaction.commit()
}
