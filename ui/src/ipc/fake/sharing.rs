//! What the made-up person shares, and what others share with them.

use chrono::{NaiveTime, Utc};
use trellis_api_types::audience::{About, Audience, AudienceGet, Reader};
use trellis_api_types::checkin::{Halt, Mood};
use trellis_api_types::circle::{SharedStep, What};
use trellis_api_types::people::SpaceKind;
use trellis_api_types::plan::{Dimension, GoalState, StepState};
use trellis_api_types::sharing::*;
use trellis_api_types::{ApiError, Command, Id};
use wasm_bindgen::JsValue;

use super::sample::{days_ago, days_on, id};
use super::{Answer, World, on, refuse};
use crate::fmt;

/// Spaces with what is shared there.
pub(super) type Shares = Vec<(Id, Sharing)>;

pub(super) fn answer(name: &str, args: &JsValue) -> Option<Answer> {
    Some(match name {
        AudienceGet::NAME => on::<AudienceGet>(args, |w, get| Ok(audience(w, &get.about))),
        SharingGet::NAME => on::<SharingGet>(args, |w, get| Ok(of(w, &get.space).clone())),
        ConsentSign::NAME => on::<ConsentSign>(args, sign),
        ConsentStop::NAME => on::<ConsentStop>(args, |w, stop| {
            let recipient = of(w, &stop.space).draft.recipient;
            put_version(of(w, &stop.space), &stop.space, draft(recipient), stop.retract);
            Ok(())
        }),
        ConsentPdf::NAME => on::<ConsentPdf>(args, |_, _| Ok(file("Trellis consent.pdf"))),
        SharedPdf::NAME => on::<SharedPdf>(args, |_, _| Ok(file("Trellis shared with me.pdf"))),
        _ => return None,
    })
}

/// Who sees it, by the versions that stand; of check-ins, also who got something before.
fn audience(w: &World, about: &About) -> Audience {
    let reader = |space: &Id, fields: Vec<Field>| {
        let row = w.shared.iter().map(|shared| &shared.space.row).find(|row| row.id == *space)?;
        let other = row.people.iter().find(|person| !person.me).map(|person| person.name.clone());
        let name = if row.kind == SpaceKind::Group { row.name.clone() } else { other.unwrap_or_default() };
        Some(Reader { space: space.clone(), kind: row.kind, name, alone: false, fields })
    };
    let sees = match about {
        About::Post { space } => reader(space, vec![]).into_iter().collect(),
        About::Answer { sheet, id } => {
            let of_sheet = w.work.iter().filter(|one| one.id == *sheet).flat_map(|one| &one.answers);
            let shared = of_sheet.filter(|answer| answer.id == *id).flat_map(|answer| &answer.shared);
            shared.filter_map(|space| reader(space, vec![])).collect()
        }
        _ => {
            let standing = |sharing: &Sharing| {
                sharing
                    .versions
                    .iter()
                    .find(|version| version.stands)
                    .and_then(|version| version.terms.clone())
            };
            let one = |(space, sharing): &(Id, Sharing)| reader(space, seen(&standing(sharing)?, about)?);
            w.sharing.iter().filter_map(one).collect()
        }
    };
    Audience { sees, has: vec![] }
}

fn seen(terms: &ConsentTerms, about: &About) -> Option<Vec<Field>> {
    match about {
        About::CheckIn { date, .. } => {
            let fields: Vec<Field> =
                terms.fields.iter().copied().filter(|field| *field != Field::Milestones).collect();
            (!fields.is_empty() && *date >= terms.from).then_some(fields)
        }
        About::Goal { id, dimension } => match &terms.goals {
            GoalChoice::None => None,
            GoalChoice::All => Some(vec![]),
            GoalChoice::Some { dimensions, goals } => {
                (dimensions.contains(dimension) || goals.contains(id)).then(Vec::new)
            }
        },
        About::Milestones => terms.fields.contains(&Field::Milestones).then(Vec::new),
        About::Answer { .. } | About::Post { .. } => None,
    }
}

fn file(name: &str) -> FileMade {
    FileMade { path: format!("/home/maya/Downloads/{name}") }
}

fn of<'w>(w: &'w mut World, space: &Id) -> &'w mut Sharing {
    let at = w.sharing.iter().position(|(id, _)| id == space).unwrap_or_else(|| {
        w.sharing.push((space.clone(), nothing(Recipient::Person)));
        w.sharing.len() - 1
    });
    &mut w.sharing[at].1
}

fn sign(w: &mut World, sign: ConsentSign) -> Result<(), ApiError> {
    if sign.terms.from < fmt::today() && !sign.backwards {
        return Err(refuse("consent-backdated"));
    }
    put_version(of(w, &sign.space), &sign.space, sign.terms, false);
    Ok(())
}

fn put_version(sharing: &mut Sharing, space: &Id, terms: ConsentTerms, retracts: bool) {
    sharing.versions.iter_mut().for_each(|version| version.stands = false);
    let version = ConsentVersion {
        id: format!("{space}-{}", sharing.versions.len()),
        terms: Some(terms.clone()),
        signed: fmt::today(),
        stands: true,
        retracts,
        only_here: true,
    };
    sharing.versions.insert(0, version);
    sharing.draft = terms;
}

fn draft(recipient: Recipient) -> ConsentTerms {
    ConsentTerms {
        fields: vec![],
        goals: GoalChoice::None,
        purpose: String::new(),
        recipient,
        from: fmt::today(),
        until: Until::Stopped,
        part2: None,
    }
}

fn nothing(recipient: Recipient) -> Sharing {
    let draft = draft(recipient);
    Sharing { draft, asked: vec![], versions: vec![], sent: vec![], sent_at: None, others: vec![] }
}

/// A group, a sponsor, and a coach with a consent in force.
pub(super) fn sample() -> Shares {
    let group = Sharing {
        asked: vec![Field::Mood, Field::Milestones],
        others: others(),
        ..nothing(Recipient::Group)
    };
    vec![(id(801), group), (id(804), nothing(Recipient::Person)), (id(807), coach())]
}

fn terms(fields: &[Field], goals: GoalChoice, from: u64) -> ConsentTerms {
    ConsentTerms {
        fields: fields.to_vec(),
        goals,
        purpose: "support by phone each week".into(),
        from: days_ago(from).unwrap_or_default(),
        until: days_on(190).map_or(Until::Stopped, Until::Date),
        ..draft(Recipient::Coach)
    }
}

pub(super) fn version(n: u32, terms: ConsentTerms, stands: bool) -> ConsentVersion {
    ConsentVersion {
        id: id(n),
        signed: terms.from,
        terms: Some(terms),
        stands,
        retracts: false,
        only_here: false,
    }
}

fn coach() -> Sharing {
    let now = terms(&[Field::Mood, Field::Urge], GoalChoice::All, 41);
    let before = terms(&[Field::Mood], GoalChoice::None, 60);
    Sharing {
        draft: now.clone(),
        asked: vec![Field::Mood, Field::Urge, Field::Use],
        versions: vec![version(701, now, true), version(702, before, false)],
        sent: sent(),
        sent_at: Some(Utc::now().timestamp_millis() - 14 * 3_600_000),
        others: vec![],
    }
}

fn others() -> Vec<OtherConsent> {
    let luis = terms(&[Field::Mood, Field::Urge, Field::Note], GoalChoice::None, 30);
    let priya = terms(&Field::ALL, GoalChoice::Some { dimensions: vec![Dimension::Home], goals: vec![] }, 90);
    let one = |account: &str, n, terms, stands| OtherConsent {
        account: account.into(),
        versions: vec![version(n, ConsentTerms { recipient: Recipient::Group, ..terms }, stands)],
    };
    vec![one("luis", 703, luis, true), one("priya", 704, priya, false)]
}

fn sent() -> Vec<Sent> {
    let checkins = (0..38_u32).filter(|n| n % 7 != 3).map(|n| (n, checkin(n)));
    let goal = goal("Ready for the visit at Grove House", Dimension::Home);
    let all = checkins.chain([(90, goal), (91, self::goal("Sleep through most nights", Dimension::Health))]);
    all.map(|(n, what)| Sent { key: id(7100 + n), what, only_here: n < 2 }).collect()
}

pub(super) fn checkin(n: u32) -> What {
    const MOODS: [Mood; 5] = [Mood::Good, Mood::Okay, Mood::Low, Mood::Okay, Mood::Great];
    What::CheckIn {
        date: days_ago(n.into()).unwrap_or_default(),
        time: NaiveTime::from_hms_opt(8, n % 60, 0).unwrap_or_default(),
        mood: MOODS.get(n as usize % 5).copied(),
        urge: u8::try_from(n * 5 % 8).ok(),
        halt: if n.is_multiple_of(4) { vec![Halt::Tired] } else { vec![] },
        used: None,
        medication: None,
        note: None,
        meeting: None,
    }
}

pub(super) fn goal(title: &str, dimension: Dimension) -> What {
    let step = |text: &str, state, due| SharedStep { text: text.into(), state, due };
    What::Goal {
        dimension,
        title: title.into(),
        reason: None,
        state: GoalState::Open,
        steps: vec![
            step("Call Grove House", StepState::Done, None),
            step("Pack the blue bag for Monday", StepState::Doing, days_on(1)),
        ],
    }
}
