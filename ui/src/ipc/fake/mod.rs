//! A made-up person in memory instead of the shell, to look at screens in a plain browser.
//! `#first`, `#locked`, `#empty` and `#broken` in the address start it in another state, `#folder` without a folder, `#readonly` without room,
//! `#keychain` and `#code` with another lock, `#family` for someone who is here for a loved one, `#offline` without a network,
//! `#link` with a link from another device, `#invited` with an invitation; `#es`, `#dark` change its look, `#US`, `#MX` its country.

mod circle;
mod coach;
mod device;
mod drafts;
mod journal;
mod need;
mod people;
mod people_sample;
mod plan;
mod sample;
mod sharing;
mod work;

use std::cell::RefCell;

use serde::Serialize;
use serde::de::DeserializeOwned;
use trellis_api_types::app::{Event, Status};
use trellis_api_types::checkin::CheckIn;
use trellis_api_types::command::Saved;
use trellis_api_types::devices::{Device, PairingState};
use trellis_api_types::joining::Joining;
use trellis_api_types::plan::Plan;
use trellis_api_types::safety::SafetyPlan;
use trellis_api_types::settings::Settings;
use trellis_api_types::sync::{RelayChoice, SyncLine};
use trellis_api_types::work::Worksheet;
use trellis_api_types::{ApiError, Command};
use wasm_bindgen::JsValue;

/// All that the made-up shell holds.
#[derive(Clone)]
struct World {
    status: Status,
    settings: Settings,
    checkins: Vec<CheckIn>,
    plan: Plan,
    safety: SafetyPlan,
    sync: SyncLine,
    relay: RelayChoice,
    devices: Vec<Device>,
    pairing: PairingState,
    shared: Vec<people::Shared>,
    helpers: Vec<String>,
    joining: Vec<Joining>,
    phrase_pending: bool,
    sharing: sharing::Shares,
    desk: coach::Desk,
    work: Vec<Worksheet>,
}

type Answer = Result<JsValue, ApiError>;
type Area = fn(&str, &JsValue) -> Option<Answer>;

const AREAS: [Area; 10] = [
    app,
    drafts::answer,
    journal::answer,
    need::answer,
    plan::answer,
    device::answer,
    people::answer,
    sharing::answer,
    coach::answer,
    work::answer,
];

thread_local! {
    static WORLD: RefCell<World> = RefCell::new(sample::world());
    static UNDO: RefCell<Vec<World>> = const { RefCell::new(Vec::new()) };
    static HEAR: RefCell<Option<Box<dyn Fn(JsValue)>>> = const { RefCell::new(None) };
}

/// Answers `name`, after the short wait that a real shell takes.
pub async fn invoke(name: &str, args: JsValue) -> Result<JsValue, JsValue> {
    let answer = AREAS.iter().find_map(|area| area(name, &args));
    wait().await;
    answer
        .unwrap_or_else(|| Err(refuse("unknown-command")))
        .map_err(|problem| super::to_js(&problem).unwrap_or_default())
}

/// Keeps the listener.
pub fn listen(hear: Box<dyn Fn(JsValue)>) {
    HEAR.set(Some(hear));
}

fn tell(event: &Event) {
    let Ok(payload) = super::to_js(event) else { return };
    HEAR.with_borrow(|hear| hear.iter().for_each(|hear| hear(payload.clone())));
}

async fn wait() {
    let soon = js_sys::Promise::new(&mut |done, _| {
        leptos::prelude::set_timeout(
            move || drop(done.call0(&JsValue::NULL)),
            std::time::Duration::from_millis(15),
        )
    });
    drop(wasm_bindgen_futures::JsFuture::from(soon).await);
}

fn app(name: &str, args: &JsValue) -> Option<Answer> {
    use trellis_api_types::app::*;
    Some(match name {
        AppStatus::NAME => read(|w| w.status.clone()),
        AppStart::NAME => on::<AppStart>(args, |w, start| {
            w.status.phase = Phase::Ready { name: start.name.clone() };
            w.status.language = start.language;
            w.settings.name = start.name;
            w.settings.language = start.language;
            w.settings.recovery_start = start.recovery_start;
            w.settings.aims = start.aims;
            w.settings.pathway = start.pathway;
            w.phrase_pending = true;
            Ok(())
        })
        .inspect(|_| tell(&Event::Status)),
        AppUnlock::NAME => on::<AppUnlock>(args, |w, unlock| {
            if let Phase::Broken(problem) = &w.status.phase {
                return Err(problem.clone());
            }
            proven(unlock.passphrase)?;
            w.status.phase = Phase::Ready { name: w.settings.name.clone() };
            Ok(())
        })
        .inspect(|_| tell(&Event::Status)),
        KeychainCancel::NAME => on::<KeychainCancel>(args, |_, _| Ok(())),
        AppLock::NAME => on::<AppLock>(args, |w, _| {
            w.status.phase = Phase::Locked {
                lock: w.settings.lock,
                safety_plan: w.settings.safety_plan_on_lock,
                retry_at: None,
            };
            Ok(())
        })
        .inspect(|_| tell(&Event::Status)),
        AppErase::NAME => on::<AppErase>(args, |w, _| {
            w.status.phase = Phase::First;
            Ok(())
        })
        .inspect(|_| tell(&Event::Status)),
        AppHide::NAME => give(&()),
        AppClose::NAME => on::<AppClose>(args, |w, close| {
            w.settings.stays = Some(close.stays);
            w.status.stays = Some(close.stays);
            Ok(())
        })
        .inspect(|_| tell(&Event::Status)),
        CountryChoose::NAME => on::<CountryChoose>(args, |w, choose| {
            w.status.country = Some(choose.country);
            Ok(())
        })
        .inspect(|_| tell(&Event::Status)),
        LinkDismiss::NAME => on::<LinkDismiss>(args, |w, _| {
            w.status.link = None;
            Ok(())
        }),
        LinkCopy::NAME => give(&true),
        LockChange::NAME => on::<LockChange>(args, |_, change| proven(change.proof)),
        SafetyPlanLocked::NAME => read(|w| w.safety.clone()),
        trellis_api_types::command::Undo::NAME => on::<trellis_api_types::command::Undo>(args, |w, undo| {
            let at: usize = undo.id.parse().map_err(|_| refuse("not-found"))?;
            *w = UNDO.with_borrow(|u| u.get(at).cloned()).ok_or_else(|| refuse("not-found"))?;
            Ok(())
        }),
        _ => return None,
    })
}

/// The made-up passphrase is "open sesame"; after a wrong one the next try has to wait.
fn proven(passphrase: Option<String>) -> Result<(), ApiError> {
    match passphrase {
        Some(passphrase) if passphrase != "open sesame" => {
            let retry_at = Some(chrono::Utc::now().timestamp_millis() + 30_000);
            Err(ApiError { retry_at, retry: true, ..refuse("wrong-passphrase") })
        }
        _ => Ok(()),
    }
}

fn refuse(code: &str) -> ApiError {
    ApiError { code: code.into(), detail: "made up".into(), retry: false, retry_at: None }
}

fn give<T: Serialize>(value: &T) -> Answer {
    super::to_js(value)
}

fn read<T: Serialize>(look: impl Fn(&World) -> T) -> Answer {
    WORLD.with_borrow(|w| give(&look(w)))
}

/// Arguments of a command, then what it does.
fn on<C: Command + DeserializeOwned>(
    args: &JsValue,
    act: impl FnOnce(&mut World, C) -> Result<C::Out, ApiError>,
) -> Answer {
    let command = serde_wasm_bindgen::from_value(args.clone()).map_err(|e| super::unreadable(&e))?;
    WORLD.with_borrow_mut(|w| act(w, command)).and_then(|out| give(&out))
}

/// As [`on`], for changes that can be taken back.
fn change<C: Command<Out = Saved>>(
    args: &JsValue,
    act: impl FnOnce(&mut World, C) -> Result<(), ApiError>,
) -> Answer {
    on::<C>(args, |w, command| {
        let before = w.clone();
        act(w, command)?;
        let undo = UNDO.with_borrow_mut(|u| {
            u.push(before);
            u.len() - 1
        });
        Ok(Saved { undo: Some(undo.to_string()) })
    })
}

/// Replaces by what `same` finds, or adds at the end.
fn put<T>(list: &mut Vec<T>, item: T, same: impl Fn(&T) -> bool) {
    match list.iter().position(same) {
        Some(at) => drop(list.splice(at..=at, [item])),
        None => list.push(item),
    }
}
