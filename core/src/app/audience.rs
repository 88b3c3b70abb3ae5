//! Who sees what is being written: asked of every space, by the rules that what is shared there is made with.

use chrono::NaiveDate;
use trellis_api_types::audience::{About, Audience, AudienceGet, Reader};
use trellis_api_types::sharing::Field;

use super::sharing::terms::fields_shown;
use super::{App, people};
use crate::crdt::{DocId, Docs, read_work};
use crate::error::Result;
use crate::platform::Host;
use crate::space::SpaceId;
use crate::space::consent::{Effective, Fields, fields_of, record_key};
use crate::space::members::SpaceKind;
use crate::space::record::Content;
use crate::store::SpaceTx;
use crate::sync::shared;
use crate::sync::shared::{records, sharing};
use crate::sync::space_state::Known;

impl<H: Host> App<H> {
    /// Who sees what is being written now, by all consents in force.
    pub fn audience_get(&mut self, AudienceGet { about }: AudienceGet) -> Result<Audience> {
        let today = self.today();
        let session = self.session()?;
        let mut audience = Audience::default();
        for space in session.store.read(shared::list)? {
            session.look(&space, |tx, docs, known| {
                let (sees, has) = (sees(tx, docs, known, &about, today)?, has(tx, known, &about)?);
                if sees.is_some() || has.is_some() {
                    let reader = reader(tx, docs, known)?;
                    let with = |fields| Reader { fields, ..reader.clone() };
                    audience.sees.extend(sees.map(with));
                    audience.has.extend(has.map(with));
                }
                Ok(())
            })?;
        }
        Ok(audience)
    }
}

/// What those of a space will see; `None` if nothing.
fn sees(
    tx: &SpaceTx<'_>,
    docs: &mut Docs,
    known: &Known,
    about: &About,
    today: NaiveDate,
) -> Result<Option<Vec<Field>>> {
    let members = known.members()?;
    let here = SpaceId(tx.space).to_string();
    if shared::may_write(tx, members).is_err() {
        return Ok(None);
    }
    match about {
        About::Post { space } => Ok((*space == here).then(Vec::new)),
        About::Answer { sheet, id } => {
            let work = read_work(docs.get(tx, DocId::Work)?);
            let answers = work.into_iter().filter(|one| one.id == *sheet).flat_map(|one| one.answers);
            Ok(answers.into_iter().any(|one| one.id == *id && one.shared.contains(&here)).then(Vec::new))
        }
        _ => Ok(sharing::effective(tx, members, today)?.and_then(|may| allowed(&may, about, today))),
    }
}

fn allowed(effective: &Effective, about: &About, today: NaiveDate) -> Option<Vec<Field>> {
    match about {
        About::CheckIn { date, .. } => {
            let may = Fields::OF_CHECKIN.into_iter().filter(|field| effective.allows(*field));
            let fields = fields_shown(may.fold(Fields::default(), Fields::with));
            Some(fields).filter(|fields| !fields.is_empty() && effective.covers((*date).into()))
        }
        About::Goal { id, dimension } => effective.allows_goal(id, (*dimension).into()).then(Vec::new),
        About::Milestones => {
            let may = effective.allows(Fields::MILESTONES) && effective.covers(today.into());
            may.then(Vec::new)
        }
        About::Answer { .. } | About::Post { .. } => None,
    }
}

/// What a space was sent of a check-in and has not been asked to delete.
fn has(tx: &SpaceTx<'_>, known: &Known, about: &About) -> Result<Option<Vec<Field>>> {
    let About::CheckIn { id, .. } = about else { return Ok(None) };
    let key = record_key(&SpaceId(tx.space), id);
    let sent = records::one(tx, known.members()?, &shared::account(tx)?, &key)?;
    Ok(sent.and_then(|sent| match sent.content {
        Content::CheckIn(checkin) => Some(fields_shown(fields_of(&checkin))),
        _ => None,
    }))
}

/// Those of a space, by name.
fn reader(tx: &SpaceTx<'_>, docs: &mut Docs, known: &Known) -> Result<Reader> {
    let state = known.members()?.state();
    let group = state.kind == Some(SpaceKind::Group);
    let others = people::people(tx, docs, &state)?;
    let other = others.into_iter().find(|person| !person.me);
    let alone = other.is_none();
    Ok(Reader {
        space: SpaceId(tx.space).to_string(),
        kind: state.kind.unwrap_or(SpaceKind::Pair).into(),
        name: if group { state.name } else { other.map(|person| person.name).unwrap_or_default() },
        alone,
        fields: Vec::new(),
    })
}
