//! Settings, the relay, devices and the recovery phrase.

use trellis_api_types::Command;
use trellis_api_types::app::Event;
use trellis_api_types::devices::*;
use trellis_api_types::settings::{SettingsEdit, SettingsGet, SettingsSave};
use trellis_api_types::sync::{RelayGet, RelaySave, RelayTest, SyncGet, SyncNow};
use wasm_bindgen::JsValue;

use super::{Answer, World, change, give, on, proven, read, refuse, tell};

pub(super) const QR: &str = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><path d='M1 1h3v3h-3zM5 1h3v3h-3zM1 5h3v3h-3zM5 5h1v1h-1zM7 6h1v2h-1z'/></svg>";

pub(super) fn answer(name: &str, args: &JsValue) -> Option<Answer> {
    Some(match name {
        SettingsGet::NAME => read(|w| w.settings.clone()),
        SettingsSave::NAME => change::<SettingsSave>(args, |w, save| {
            settings(w, save.edit);
            Ok(())
        })
        .inspect(|_| tell(&Event::Status)),
        SyncGet::NAME => read(|w| w.sync.clone()),
        SyncNow::NAME => give(&()),
        RelayGet::NAME => read(|w| w.relay.clone()),
        RelaySave::NAME => on::<RelaySave>(args, |w, save| {
            check(&save.relay.address)?;
            w.sync.relay = !save.relay.address.is_empty();
            w.relay = save.relay;
            Ok(())
        }),
        RelayTest::NAME => on::<RelayTest>(args, |_, test| check(&test.relay.address)),
        PhraseShow::NAME => on::<PhraseShow>(args, |_, show| {
            proven(show.proof).map(|()| words(
            "anchor bread cedar dawn ember field garden harbor island jacket kitten lemon maple north ocean paper quiet river silver table under violet window yellow",
        ))
        }),
        PhraseCheck::NAME => give(&vec![3_u8, 11, 20]),
        PhraseConfirm::NAME => on::<PhraseConfirm>(args, |w, confirm| {
            if confirm.words.iter().any(|(_, word)| !["cedar", "kitten", "table"].contains(&word.as_str())) {
                return Err(refuse("phrase-mismatch"));
            }
            w.phrase_pending = false;
            Ok(())
        }),
        DevicesGet::NAME => read(|w| w.devices.clone()),
        DeviceSignOut::NAME => on::<DeviceSignOut>(args, |w, out| {
            proven(out.proof)?;
            w.devices.iter_mut().filter(|d| d.id == out.id).for_each(|d| d.signed_out = true);
            Ok(())
        }),
        PairingGet::NAME => read(|w| w.pairing.clone()),
        PairingOfferStart::NAME => on::<PairingOfferStart>(args, |w, start| {
            proven(start.proof)?;
            let offer = PairingOffer {
                qr_svg: QR.into(),
                link: "trellis:pair?v=1#4fK2mQ9sLr7TzXw0".into(),
                words: words("maple north ocean paper quiet river silver table under violet window yellow"),
                relay: w.relay.address.clone(),
                expires_at: chrono::Utc::now().timestamp_millis() + 600_000,
            };
            w.pairing = PairingState::Offered(offer.clone());
            leptos::prelude::set_timeout(asked, std::time::Duration::from_secs(6));
            Ok(offer)
        }),
        PairingLetIn::NAME => on::<PairingLetIn>(args, |w, choice| {
            w.pairing = if choice.choice == 1 {
                later(3, PairingState::Done);
                PairingState::Fetching { received: 0 }
            } else {
                PairingState::Failed("pairing-wrong-words".into())
            };
            Ok(())
        })
        .inspect(|_| tell(&Event::Pairing)),
        PairingCancel::NAME => on::<PairingCancel>(args, |w, _| {
            w.pairing = PairingState::None;
            Ok(())
        }),
        PairingJoin::NAME => on::<PairingJoin>(args, |w, join| {
            if join.code.len() < 12 {
                return Err(refuse("bad-code"));
            }
            w.pairing = PairingState::Joining { words: compare("lemon maple north ocean paper quiet") };
            later(6, PairingState::Fetching { received: 128 });
            later(9, PairingState::Done);
            Ok(w.pairing.clone())
        }),
        _ => return None,
    })
}

fn later(seconds: u64, stands: PairingState) {
    let go_on = move || {
        super::WORLD.with_borrow_mut(|w| w.pairing = stands);
        tell(&Event::Pairing);
    };
    leptos::prelude::set_timeout(go_on, std::time::Duration::from_secs(seconds));
}

fn asked() {
    super::WORLD.with_borrow_mut(|w| {
        if matches!(w.pairing, PairingState::Offered(_)) {
            let choices = [
                "anchor bread cedar dawn ember field",
                "lemon maple north ocean paper quiet",
                "river silver table under violet window",
            ];
            w.pairing =
                PairingState::Asked { device_name: "Laptop".into(), choices: choices.map(compare).to_vec() };
        }
    });
    tell(&Event::Pairing);
}

/// Words to compare; their numbers are made up.
pub(super) fn compare(text: &str) -> MatchWords {
    let words = words(text);
    let number =
        |word: &String| word.bytes().fold(7_u16, |sum, byte| (sum * 31 + u16::from(byte)) % 2048) + 1;
    MatchWords { numbers: words.iter().map(number).collect(), words }
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

fn check(address: &str) -> Result<(), trellis_api_types::ApiError> {
    match address {
        "" => Ok(()),
        a if a.contains("nowhere") => Err(refuse("relay-unreachable")),
        a if a.starts_with("https://") || a.starts_with("http://127.0.0.1") => Ok(()),
        a if a.starts_with("http://") => Err(refuse("plain-http")),
        _ => Err(refuse("bad-address")),
    }
}

fn settings(w: &mut World, edit: SettingsEdit) {
    let s = &mut w.settings;
    match edit {
        SettingsEdit::Name(v) => s.name = v,
        SettingsEdit::RecoveryStart(v) => s.recovery_start = v,
        SettingsEdit::Aims(v) => s.aims = v,
        SettingsEdit::Pathway(v) => s.pathway = v,
        SettingsEdit::TracksMedication(v) => s.tracks_medication = v,
        SettingsEdit::Tags(v) => s.tags = v,
        SettingsEdit::Meetings(v) => s.meetings = v,
        SettingsEdit::Language(v) => {
            s.language = v;
            w.status.language = v;
        }
        SettingsEdit::Theme(v) => {
            s.theme = v;
            w.status.theme = v;
        }
        SettingsEdit::TextSize(v) => {
            s.text_size = v;
            w.status.text_size = v;
        }
        SettingsEdit::AutoLock(v) => s.auto_lock_minutes = v,
        SettingsEdit::HideLocks(v) => s.hide_locks = v,
        SettingsEdit::SafetyPlanOnLock(v) => s.safety_plan_on_lock = v,
        SettingsEdit::Reminder(v) => s.reminder = v,
        SettingsEdit::DeviceName(v) => s.device_name = v,
        SettingsEdit::EmergencyNumber(v) => {
            w.safety.emergency_number.clone_from(&v);
            s.emergency_number = v;
        }
        SettingsEdit::Lines(v) => s.lines = v,
        SettingsEdit::MyPhone(v) => s.my_phone = v,
        SettingsEdit::DaysOnToday(v) => s.days_on_today = v,
        SettingsEdit::Stays(v) => {
            s.stays = v;
            w.status.stays = v;
        }
        SettingsEdit::StartsWithSystem(v) => s.starts_with_system = Some(v),
    }
}
