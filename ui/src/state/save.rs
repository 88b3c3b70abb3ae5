//! Saving: nothing is called saved before the shell said so, and what was saved can be taken back.

use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::command::{Saved, Undo};
use trellis_api_types::{ApiError, Command, Id, Millis};

use super::State;
use crate::{i18n::t, ipc};

/// What happened, and how to take it back.
#[derive(Clone, Debug, PartialEq)]
pub struct Toast {
    /// What happened.
    pub text: String,
    /// Takes it back.
    pub undo: Option<Id>,
    /// What went wrong, if it did.
    pub problem: Option<ApiError>,
    /// When it was said.
    pub at: Millis,
}

impl State {
    /// Sends a change. Confirmed: says `done` with Undo, and loads again. Refused: says why. The answer tells which.
    pub async fn save<C>(self, command: C, done: &str) -> Result<(), ApiError>
    where
        C: Command<Out = Saved>,
    {
        let saved = ipc::call(command).await;
        match &saved {
            Ok(saved) => {
                self.data_changed();
                self.say(done, saved.undo.clone());
            }
            Err(problem) => self.fail(problem.clone()),
        }
        saved.map(|_| ())
    }

    /// As [`State::save`], where nothing waits for the answer.
    pub fn send<C>(self, command: C, done: &str)
    where
        C: Command<Out = Saved> + 'static,
    {
        let done = done.to_owned();
        spawn_local(async move {
            // What went wrong is in the toast already.
            let _told = self.save(command, &done).await;
        });
    }

    /// Sends what cannot be taken back. Confirmed: says `done`, and loads again. Refused: says why. The answer tells which.
    pub async fn act<C>(self, command: C, done: &str) -> Result<C::Out, ApiError>
    where
        C: Command,
    {
        let answer = ipc::call(command).await;
        match &answer {
            Ok(_) => {
                self.data_changed();
                self.say(done, None);
            }
            Err(problem) => self.fail(problem.clone()),
        }
        answer
    }

    /// Says what happened.
    pub fn say(self, text: &str, undo: Option<Id>) {
        self.toast(text.to_owned(), undo, None);
    }

    /// Says what went wrong.
    pub fn fail(self, problem: ApiError) {
        let text = crate::components::problem_words(&problem);
        self.toast(text, None, Some(problem));
    }

    fn toast(self, text: String, undo: Option<Id>, problem: Option<ApiError>) {
        let at = chrono::Utc::now().timestamp_millis();
        self.toast.set(Some(Toast { text, undo, problem, at }));
    }

    /// Takes a change back.
    pub fn undo(self, id: Id) {
        spawn_local(async move {
            match ipc::call(Undo { id }).await {
                Ok(()) => {
                    self.data_changed();
                    self.say(t::common::undone(), None);
                }
                Err(problem) => self.fail(problem),
            }
        });
    }
}
