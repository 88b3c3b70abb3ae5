//! Spaces, their people, invitations and what a space shows.

use trellis_api_types::Command;
use trellis_api_types::app::Event;
use trellis_api_types::circle::{Circle, CircleGet, CircleSave};
use trellis_api_types::joining::*;
use trellis_api_types::people::*;
use wasm_bindgen::JsValue;

use super::device::compare;
use super::people_sample::{ME, now, person, safety_words, space, terms, words};
use super::{Answer, World, change, circle, device, on, read, refuse, tell};

/// A space with what it shows.
#[derive(Clone)]
pub(super) struct Shared {
    pub space: Space,
    pub circle: Circle,
}

const DAY: i64 = 86_400_000;

pub(super) fn answer(name: &str, args: &JsValue) -> Option<Answer> {
    Some(match name {
        PeopleGet::NAME => read(people),
        SpaceMake::NAME => on::<SpaceMake>(args, |w, make| Ok(made(w, make))),
        SpaceGet::NAME => on::<SpaceGet>(args, |w, get| Ok(find(w, &get.space)?.space.clone())),
        SpaceSettle::NAME => on::<SpaceSettle>(args, |w, settle| {
            let space = &mut find(w, &settle.space)?.space;
            (space.members_invite, space.closed) = (settle.members_invite, settle.closed);
            Ok(())
        }),
        SpaceLeave::NAME => on::<SpaceLeave>(args, |w, leave| {
            find(w, &leave.space)?.space.row.ended = true;
            Ok(())
        }),
        SpaceForget::NAME => on::<SpaceForget>(args, |w, forget| {
            w.shared.retain(|shared| shared.space.row.id != forget.space);
            Ok(())
        }),
        MemberChange::NAME => on::<MemberChange>(args, member),
        PersonSave::NAME => on::<PersonSave>(args, |w, save| {
            keep(w, &save);
            Ok(())
        }),
        SafetyWords::NAME => on::<SafetyWords>(args, |_, ask| Ok(safety_words(&ask.account))),
        CircleGet::NAME => on::<CircleGet>(args, |w, get| Ok(find(w, &get.space)?.circle.clone())),
        CircleSave::NAME => {
            change::<CircleSave>(args, |w, save| circle::save(find(w, &save.space)?, save.edit))
        }
        _ => return joining(name, args),
    })
}

fn keep(w: &mut World, PersonSave { account, phone, blocked }: &PersonSave) {
    let people = w.shared.iter_mut().flat_map(|s| &mut s.space.row.people);
    for person in people.filter(|person| person.account == *account) {
        person.phone = phone.clone().unwrap_or_else(|| person.phone.clone());
        person.blocked = blocked.unwrap_or(person.blocked);
    }
    if blocked.is_some() {
        w.helpers.retain(|helper| helper != account);
    }
}

fn joining(name: &str, args: &JsValue) -> Option<Answer> {
    Some(match name {
        InviteMake::NAME => on::<InviteMake>(args, invite),
        InviteWithdraw::NAME => on::<InviteWithdraw>(args, |w, withdraw| {
            let invites = w.shared.iter_mut().flat_map(|s| &mut s.space.invites);
            invites.filter(|i| i.id == withdraw.id).for_each(|i| i.state = InviteState::Withdrawn);
            Ok(())
        }),
        AskAnswer::NAME => on::<AskAnswer>(args, asked),
        JoinLook::NAME => on::<JoinLook>(args, |w, look| {
            if !look.code.contains('#') && look.code.split_whitespace().count() != 12 {
                return Err(refuse("bad-code"));
            }
            w.joining.insert(
                0,
                Joining { id: look.id.clone(), terms: None, state: JoinState::Looking, server: None },
            );
            later(2, look.id, JoinState::Offered);
            Ok(())
        }),
        JoinGet::NAME => on::<JoinGet>(args, |w, get| {
            w.joining.iter().find(|j| j.id == get.id).cloned().ok_or_else(|| refuse("not-found"))
        }),
        JoinAsk::NAME => on::<JoinAsk>(args, |w, ask| {
            let state =
                JoinState::Asked { words: compare("harbor lemon stone quiet maple river cedar north") };
            w.joining.iter_mut().filter(|j| j.id == ask.id).for_each(|j| j.state = state.clone());
            let declined = ask.name.contains("no");
            let space = w.shared.first().map(|s| s.space.row.id.clone()).unwrap_or_default();
            let end = if declined {
                JoinState::Failed("invite-declined".into())
            } else {
                JoinState::Joined { space }
            };
            later(8, ask.id, end);
            Ok(())
        }),
        JoinDrop::NAME => on::<JoinDrop>(args, |w, drop| {
            w.joining.retain(|j| j.id != drop.id);
            Ok(())
        }),
        _ => return None,
    })
}

fn later(seconds: u64, id: String, state: JoinState) {
    let go_on = move || {
        super::WORLD.with_borrow_mut(|w| {
            for joining in w.joining.iter_mut().filter(|j| j.id == id) {
                joining.terms = Some(terms());
                joining.state = state.clone();
            }
        });
        tell(&Event::Data);
    };
    leptos::prelude::set_timeout(go_on, std::time::Duration::from_secs(seconds));
}

pub(super) fn find<'w>(w: &'w mut World, id: &str) -> Result<&'w mut Shared, trellis_api_types::ApiError> {
    w.shared.iter_mut().find(|shared| shared.space.row.id == id).ok_or_else(|| refuse("not-found"))
}

fn people(w: &World) -> People {
    People {
        spaces: w.shared.iter().map(|shared| shared.space.row.clone()).collect(),
        joining: w.joining.clone(),
        coaches: !w.shared.is_empty(),
        relay: w.sync.relay,
        my_name: w.settings.name.clone(),
    }
}

fn made(w: &mut World, make: SpaceMake) -> String {
    let me = Person { leads: make.kind == SpaceKind::Group, ..person(ME, &make.my_name, make.role) };
    let mut space = space(0, make.kind, &make.name, vec![me]);
    space.row.id.clone_from(&make.id);
    space.row.heard_at = None;
    w.shared.insert(0, Shared { space, circle: Circle::default() });
    make.id
}

fn member(w: &mut World, change: MemberChange) -> Result<(), trellis_api_types::ApiError> {
    let people = &mut find(w, &change.space)?.space.row.people;
    if change.act == MemberAct::Remove {
        people.retain(|person| person.account != change.account);
    }
    for person in people.iter_mut().filter(|person| person.account == change.account) {
        person.leads = change.act == MemberAct::Promote;
        (person.may_promote, person.may_demote) = (!person.leads, person.leads);
    }
    Ok(())
}

fn invite(w: &mut World, make: InviteMake) -> Result<Invite, trellis_api_types::ApiError> {
    let invite = Invite {
        id: make.id.clone(),
        qr_svg: device::QR.into(),
        link: format!("trellis:join#{}@https://relay.example.org", make.id.replace('-', "")),
        words: words("maple north ocean paper quiet river silver table under violet window yellow"),
        role: make.role,
        single: make.single,
        expires_at: now() + i64::from(make.days) * DAY,
        state: InviteState::OnlyHere,
    };
    find(w, &make.space)?.space.invites.insert(0, invite.clone());
    leptos::prelude::set_timeout(move || sent(&make.space, &make.id), std::time::Duration::from_secs(3));
    Ok(invite)
}

fn sent(space: &str, id: &str) {
    super::WORLD.with_borrow_mut(|w| {
        let invites = find(w, space).into_iter().flat_map(|s| &mut s.space.invites);
        invites.filter(|i| i.id == id).for_each(|i| i.state = InviteState::Stands);
    });
    tell(&Event::Data);
}

fn asked(w: &mut World, answer: AskAnswer) -> Result<(), trellis_api_types::ApiError> {
    for Shared { space, .. } in &mut w.shared {
        let Some(ask) = space.asks.iter().find(|ask| ask.id == answer.id).cloned() else { continue };
        space.asks.retain(|other| other.id != answer.id);
        space.row.asks = 0;
        if answer.let_in {
            space.row.people.push(person(&ask.id, &ask.name, ask.role));
        }
    }
    Ok(())
}
