//! Check-ins.

use trellis_api_types::checkin::{CheckIn, CheckInDelete, CheckInGet, CheckInList, CheckInSave};
use trellis_api_types::command::Saved;

use super::App;
use super::journey::keeping_milestones;
use super::undo::Undo;
use crate::crdt::{DocId, Docs, UndoStep, read_checkin, remove_checkin, row_of, write_checkin};
use crate::domain::validate;
use crate::error::{Error, Result};
use crate::platform::Host;
use crate::store::Tx;

impl<H: Host> App<H> {
    /// One check-in. Error: `not-found`.
    pub fn checkin_get(&mut self, CheckInGet { id }: CheckInGet) -> Result<CheckIn> {
        self.session()?.read(|tx, docs| {
            let missing = || Error::new("not-found", "no such check-in");
            let home = home(tx, &id)?.ok_or_else(missing)?;
            read_checkin(docs.get(tx, home)?, &id).ok_or_else(missing)
        })
    }

    /// Check-ins of some days, newest first. Error: `bad-span`.
    pub fn checkin_list(&mut self, CheckInList { from, to }: CheckInList) -> Result<Vec<CheckIn>> {
        validate::span(from, to)?;
        self.session()?.read(|tx, docs| {
            let rows = tx.checkins(from, to)?.into_iter();
            let found = rows.map(|row| Ok(read_checkin(docs.get(tx, row.document.parse()?)?, &row.id)));
            found.filter_map(Result::transpose).collect()
        })
    }

    /// Adds a check-in or replaces the one of that id, which may stay on its day also where that has not begun yet: the
    /// person travelled west. Errors: `bad-urge`, `bad-date`, `too-long`, ...
    pub fn checkin_save(&mut self, CheckInSave { mut checkin }: CheckInSave) -> Result<Saved> {
        let today = self.today();
        checkin.edited_at = self.host.now_ms();
        let name = checkin.id.clone();
        self.change_checkin(&name, |tx, docs| {
            let before = home(tx, &checkin.id)?;
            let on = match before {
                Some(home) => read_checkin(docs.get(tx, home)?, &checkin.id).map(|it| it.date),
                None => None,
            };
            validate::checkin(&checkin, on.map_or(today, |on| on.max(today)))?;
            let home = before.unwrap_or_else(|| DocId::journal(checkin.date));
            let steps = docs.edit(tx, home, |edit| write_checkin(edit, &checkin))?;
            if let Some(kept) = read_checkin(docs.get(tx, home)?, &checkin.id) {
                tx.index_checkin(&row_of(home, &kept))?;
            }
            Ok(steps.map(|steps| (home, steps)))
        })
    }

    /// Takes a check-in away; one that is not there is taken away already.
    pub fn checkin_delete(&mut self, CheckInDelete { id }: CheckInDelete) -> Result<Saved> {
        self.change_checkin(&id, |tx, docs| {
            let Some(home) = home(tx, &id)? else { return Ok(None) };
            let steps = docs.edit(tx, home, |edit| remove_checkin(edit, &id))?;
            tx.unindex_checkin(&id)?;
            Ok(steps.map(|steps| (home, steps)))
        })
    }

    fn change_checkin(
        &mut self,
        id: &str,
        work: impl FnOnce(&Tx<'_>, &mut Docs) -> Result<Option<(DocId, Vec<UndoStep>)>>,
    ) -> Result<Saved> {
        let today = self.today();
        let (session, host) = self.parts()?;
        let work = |tx: &Tx<'_>, docs: &mut Docs| keeping_milestones(tx, docs, today, work);
        let Some((home, steps)) = session.tx(work)? else { return Ok(Saved::default()) };
        let undo = Undo::Document { id: home, steps, checkin: Some(id.to_owned()) };
        Ok(Saved { undo: Some(session.undo.add(host, undo)) })
    }
}

/// The journal that holds a check-in.
fn home(tx: &Tx<'_>, id: &str) -> Result<Option<DocId>> {
    tx.checkin_document(id)?.map(|name| name.parse()).transpose()
}
