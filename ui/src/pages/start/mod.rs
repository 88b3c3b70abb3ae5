//! The first start: three short screens, or joining as a further device.

mod code;
mod device;
mod frame;
mod invited;
mod joining;
mod language;
mod lock;
mod you;

use chrono::NaiveDate;
use leptos::{prelude::*, task::spawn_local};
use trellis_api_types::ApiError;
use trellis_api_types::app::{AppStart, LinkDismiss};
use trellis_api_types::devices::{PairingGet, PairingJoin, PairingState};
use trellis_api_types::settings::{Aim, Language, Pathway, for_family};

use crate::components::{DayInput, DoorPage, NewLock};
use crate::i18n::t;
use crate::ipc;
use crate::pages::people::join::is_invitation;
use crate::state::{State, Turn, state};

/// Which screen is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Language,
    Invited,
    You,
    Lock,
    Code,
    Device,
    Joining,
}

/// What was chosen and typed so far.
#[derive(Clone, Copy)]
struct Form {
    state: State,
    step: RwSignal<Step>,
    aims: RwSignal<Vec<Aim>>,
    invitation: RwSignal<String>,
    name: RwSignal<String>,
    began: DayInput,
    pathway: RwSignal<Pathway>,
    lock: NewLock,
    code: RwSignal<String>,
    relay: RwSignal<String>,
    device: RwSignal<String>,
    busy: RwSignal<bool>,
    problem: RwSignal<Option<ApiError>>,
    pairing: RwSignal<PairingState>,
    turn: Turn,
}

impl Form {
    fn new(state: State) -> Self {
        let status = state.status.get_untracked().and_then(Result::ok);
        let keychain = status.is_some_and(|status| status.keychain);
        Self {
            state,
            step: RwSignal::new(Step::Language),
            aims: state.aims,
            invitation: RwSignal::default(),
            name: RwSignal::default(),
            began: DayInput::new(None),
            pathway: RwSignal::new(Pathway::Own),
            lock: NewLock::new(keychain),
            code: RwSignal::default(),
            relay: RwSignal::default(),
            device: RwSignal::new(t::start::device_default().to_owned()),
            busy: RwSignal::new(false),
            problem: RwSignal::new(None),
            pairing: RwSignal::new(PairingState::None),
            turn: Turn::new(),
        }
    }

    fn go(self, step: Step) {
        self.problem.set(None);
        self.step.set(step);
    }

    fn language(self) -> Language {
        self.state.status.with_untracked(|status| match status {
            Some(Ok(status)) => status.language,
            _ => Language::default(),
        })
    }

    /// Takes the link that the app was opened with, also when it comes later. An invitation waits until the app is in use.
    fn take_links(self) {
        let status = self.state.status;
        let link = Memo::new(move |_| {
            status.with(|status| status.as_ref().and_then(|status| status.as_ref().ok()?.link.clone()))
        });
        let code = move || link.get().filter(|link| !is_invitation(link));
        Effect::new(move || code().into_iter().for_each(|link| self.code.set(link)));
    }

    /// Forgets the link that the app was opened with: it was used, or is not wanted.
    fn drop_link(self) {
        self.code.set(String::new());
        spawn_local(async {
            // The shell forgets it by itself when the app ends.
            let _forgotten = ipc::call(LinkDismiss {}).await;
        });
    }

    /// The day that was typed. Who is here for someone else has no count of their own, so is not asked.
    fn recovery_start(self) -> Result<Option<NaiveDate>, ()> {
        if self.counts() { self.began.finish(crate::fmt::today()) } else { Ok(None) }
    }

    fn counts(self) -> bool {
        self.aims.with(|aims| !for_family(aims))
    }

    /// Makes the first device. When it is there, the invitation opens that the person has, or the 24 words are offered.
    fn start(self) {
        let Some(lock) = self.lock.finish() else { return };
        let Ok(recovery_start) = untrack(|| self.recovery_start()) else { return self.go(Step::You) };
        let command = AppStart {
            language: self.language(),
            name: self.name.get_untracked().trim().to_owned(),
            lock,
            recovery_start,
            aims: self.aims.get_untracked(),
            pathway: self.pathway.get_untracked(),
        };
        let offer = leptos_router::hooks::use_navigate();
        let invitation = Some(self.invitation.get_untracked()).filter(|typed| !typed.trim().is_empty());
        let first = if invitation.is_some() { "/people/join" } else { "/settings/phrase?first" };
        self.ask(command, move |()| {
            self.state.invited.set(invitation);
            offer(first, Default::default());
        });
    }

    /// Asks to join as a further device.
    fn join(self) {
        let Some(lock) = self.lock.finish() else { return };
        let relay = Some(self.relay.get_untracked().trim().to_owned()).filter(|relay| !relay.is_empty());
        let command = PairingJoin {
            code: self.code.get_untracked().trim().to_owned(),
            relay: relay.filter(|_| !code::is_link(&self.code.get_untracked())),
            language: self.language(),
            lock,
            device_name: self.device.get_untracked().trim().to_owned(),
        };
        self.ask(command, move |pairing| self.joined(pairing));
    }

    /// The joining screens stay until the person leaves them, also when the device counts already.
    fn joined(self, pairing: PairingState) {
        self.drop_link();
        self.state.joining.set(true);
        self.pairing.set(pairing);
        self.go(Step::Joining);
    }

    /// Goes on with a joining that was under way before this page came.
    fn resume(self) {
        spawn_local(async move {
            match ipc::call(PairingGet {}).await {
                Ok(pairing @ (PairingState::Joining { .. } | PairingState::Fetching { .. })) => {
                    self.joined(pairing)
                }
                _ => self.state.joining.set(false),
            }
        });
    }

    fn ask<C>(self, command: C, done: impl FnOnce(C::Out) + 'static)
    where
        C: trellis_api_types::Command + 'static,
    {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.problem.set(None);
        spawn_local(async move {
            match ipc::call(command).await {
                Ok(answer) => {
                    self.lock.clear();
                    done(answer);
                    self.state.reload_status();
                }
                Err(problem) => self.problem.set(Some(problem)),
            }
            self.busy.set(false);
        });
    }
}

/// The page.
#[component]
pub fn Start() -> impl IntoView {
    let form = Form::new(state());
    form.resume();
    form.take_links();
    view! {
        <DoorPage title=t::start::welcome().to_owned()>
            {move || match form.step.get() {
                Step::Language => view! { <language::LanguageStep form /> }.into_any(),
                Step::Invited => view! { <invited::InvitedStep form /> }.into_any(),
                Step::You => view! { <you::YouStep form /> }.into_any(),
                Step::Lock => view! { <lock::LockStep form /> }.into_any(),
                Step::Code => view! { <code::CodeStep form /> }.into_any(),
                Step::Device => view! { <device::DeviceStep form /> }.into_any(),
                Step::Joining => view! { <joining::Joining form /> }.into_any(),
            }}
        </DoorPage>
    }
}
