//! Calls that wait for the writer, and in which groups it takes them.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::oneshot;

use super::pen::Pen;
use super::writer::State;
use crate::store::StoreError;

/// Most weight in one transaction, about 8,000 rows, but for a single call that has more.
const GROUP_WEIGHT: usize = 2 * 1024 * 1024;
/// Most calls in one transaction.
const GROUP: usize = 512;
/// A call of more weight than this waits behind those of less.
const SMALL: usize = 64 * 1024;
/// Places in a group that are kept for calls with much to store.
const FOR_LARGE: usize = 16;

/// One call: run inside a transaction, perhaps again after a rollback, and answered once after the commit.
pub(super) trait Job: Send {
    /// What it takes of a transaction.
    fn weight(&self) -> usize;
    fn run(&mut self, pen: &mut Pen<'_>) -> rusqlite::Result<()>;
    fn answer(self: Box<Self>, outcome: Result<(), StoreError>);
}

pub(super) struct Call<I, T, F> {
    pub(super) input: I,
    pub(super) weight: usize,
    pub(super) act: F,
    pub(super) result: Option<T>,
    pub(super) state: Arc<State>,
    pub(super) reply: oneshot::Sender<Result<(I, T), StoreError>>,
}

impl<I: Send, T: Send, F: Fn(&mut Pen<'_>, &I) -> rusqlite::Result<T> + Send> Job for Call<I, T, F> {
    fn weight(&self) -> usize {
        self.weight
    }

    fn run(&mut self, pen: &mut Pen<'_>) -> rusqlite::Result<()> {
        self.result = Some((self.act)(pen, &self.input)?);
        Ok(())
    }

    fn answer(self: Box<Self>, outcome: Result<(), StoreError>) {
        let Self { input, result, reply, state, .. } = *self;
        state.waiting.fetch_sub(1, Ordering::Relaxed);
        let answer = outcome.and_then(|()| result.ok_or(StoreError::Closed)).map(|result| (input, result));
        // The caller may have gone; the work is durable all the same.
        let _ = reply.send(answer);
    }
}

/// Calls that wait: those with much to store do not hold up the others, and each group takes some of them.
#[derive(Default)]
pub(super) struct Queue {
    small: VecDeque<Box<dyn Job>>,
    large: VecDeque<Box<dyn Job>>,
}

impl Queue {
    pub(super) fn push(&mut self, job: Box<dyn Job>) {
        if job.weight() <= SMALL { self.small.push_back(job) } else { self.large.push_back(job) }
    }

    pub(super) fn group(&mut self) -> Vec<Box<dyn Job>> {
        let (mut group, mut weight) = (Vec::new(), 0);
        let small = (&mut self.small, GROUP_WEIGHT / 2, GROUP - FOR_LARGE);
        for (queue, room, most) in [small, (&mut self.large, GROUP_WEIGHT, GROUP)] {
            let first = group.len();
            while group.len() < most
                && let Some(job) = queue.front()
            {
                if weight + job.weight() > room && group.len() > first {
                    break;
                }
                weight += job.weight();
                group.extend(queue.pop_front());
            }
        }
        group
    }

    pub(super) fn is_empty(&self) -> bool {
        self.small.is_empty() && self.large.is_empty()
    }
}
