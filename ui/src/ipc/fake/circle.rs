//! What is written in a space.

use trellis_api_types::ApiError;
use trellis_api_types::circle::*;

use super::people::Shared;
use super::people_sample::{ME, now};
use super::{put, refuse};
use crate::fmt;

pub(super) fn save(shared: &mut Shared, edit: CircleEdit) -> Result<(), ApiError> {
    if shared.space.row.ended {
        return Err(refuse("space-ended"));
    }
    let circle = &mut shared.circle;
    match edit {
        CircleEdit::AskHelp { id, to, text } => {
            let helpers = to.into_iter().map(|account| Helper {
                account,
                word: None,
                text: None,
                phone: None,
                only_here: false,
            });
            let text = Some(text).filter(|text| !text.is_empty());
            circle.help.insert(
                0,
                HelpCall {
                    key: id,
                    account: ME.into(),
                    at: now(),
                    text,
                    helpers: helpers.collect(),
                    over: false,
                    only_here: true,
                },
            );
        }
        CircleEdit::AnswerHelp { key, word, text, phone, .. } => {
            let helpers =
                circle.help.iter_mut().filter(|call| call.key == key).flat_map(|call| &mut call.helpers);
            helpers.filter(|helper| helper.account == ME).for_each(|helper| {
                helper.word = Some(word);
                helper.text = Some(text.clone()).filter(|text| !text.is_empty());
                helper.phone = Some(phone.clone()).filter(|phone| !phone.is_empty());
            });
        }
        CircleEdit::Okay { key } => {
            circle.help.iter_mut().filter(|call| call.key == key).for_each(|call| call.over = true);
        }
        CircleEdit::SetAgreement(text) => circle.agreement = Agreement { text, signed: vec![] },
        CircleEdit::SignAgreement => circle.agreement.signed.push(ME.into()),
        edit => written(circle, edit),
    }
    Ok(())
}

fn written(circle: &mut Circle, edit: CircleEdit) {
    match edit {
        CircleEdit::Post { id, kind, text } => entry(circle, id, What::Post { kind, text }),
        CircleEdit::Weekly { week, fields } => {
            entry(circle, format!("weekly-{week}"), What::Weekly { week, fields })
        }
        CircleEdit::React { key, kind, on, .. } => react(circle, &key, kind, on),
        CircleEdit::Reply { id, key, text, .. } => {
            let reply = Reply { key: id, account: ME.into(), text, at: now(), only_here: true };
            circle
                .entries
                .iter_mut()
                .filter(|entry| entry.key == key)
                .for_each(|entry| entry.replies.push(reply.clone()));
        }
        CircleEdit::Remove { key } => {
            circle.entries.retain(|entry| entry.key != key);
            circle.entries.iter_mut().for_each(|entry| entry.replies.retain(|reply| reply.key != key));
            circle.commitments.retain(|commitment| commitment.key != key);
            circle.calls.retain(|call| call.key != key);
        }
        CircleEdit::AskFocus { question } => circle.focus = Some(Focus { question, answers: vec![] }),
        CircleEdit::AnswerFocus { text } => {
            if let Some(focus) = &mut circle.focus {
                put(&mut focus.answers, (ME.into(), text), |(account, _)| account == ME);
            }
        }
        CircleEdit::Commit { id, text, by, witness, state } => {
            let commitment =
                Commitment { key: id.clone(), account: ME.into(), text, by, witness, state, only_here: true };
            put(&mut circle.commitments, commitment, |other| other.key == id);
        }
        CircleEdit::Call { id, with, at, kept } => {
            let call = AgreedCall { key: id.clone(), account: ME.into(), with, at, kept };
            put(&mut circle.calls, call, |other| other.key == id);
        }
        edit => board(circle, edit),
    }
}

fn board(circle: &mut Circle, edit: CircleEdit) {
    match edit {
        CircleEdit::PutMeeting(meeting) => {
            let id = meeting.id.clone();
            put(&mut circle.meetings, meeting, |other| other.id == id);
            circle.meetings.sort_by_key(|meeting| (meeting.date < fmt::today(), meeting.date));
        }
        CircleEdit::RemoveMeeting(id) => circle.meetings.retain(|meeting| meeting.id != id),
        CircleEdit::PutResource(resource) => {
            let id = resource.id.clone();
            put(&mut circle.resources, resource, |other| other.id == id);
        }
        CircleEdit::RemoveResource(id) => circle.resources.retain(|resource| resource.id != id),
        _ => (),
    }
}

fn entry(circle: &mut Circle, key: String, what: What) {
    let old = circle.entries.iter().find(|entry| entry.key == key).cloned();
    let reactions = Reaction::ALL.map(|kind| Reacted { kind, count: 0, mine: false }).to_vec();
    let new = Entry {
        key: key.clone(),
        account: ME.into(),
        at: now(),
        what: what.clone(),
        reactions,
        replies: vec![],
        only_here: true,
    };
    let entry = Entry { what, ..old.unwrap_or(new) };
    match circle.entries.iter().position(|other| other.key == key) {
        Some(at) => drop(circle.entries.splice(at..=at, [entry])),
        None => circle.entries.insert(0, entry),
    }
}

fn react(circle: &mut Circle, key: &str, kind: Reaction, on: bool) {
    let entries = circle.entries.iter_mut().filter(|entry| entry.key == key);
    for reacted in entries.flat_map(|entry| &mut entry.reactions).filter(|r| r.kind == kind && r.mine != on) {
        reacted.mine = on;
        reacted.count = if on { reacted.count + 1 } else { reacted.count.saturating_sub(1) };
    }
}
