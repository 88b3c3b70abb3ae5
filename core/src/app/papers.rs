//! Papers to keep or hand on, as PDF. Where they are put is the shell's.

use std::collections::BTreeMap;

use trellis_api_types::circle::What;
use trellis_api_types::sharing::{ConsentPdf, ConsentVersion, GoalChoice, SharedPdf};

use super::{App, circle, coach, names, sharing};
use crate::crdt::{DocId, Docs, read_plan};
use crate::error::{Error, Result};
use crate::platform::Host;
use crate::print::{self, ConsentPaper, PaperSize, SharedPaper};
use crate::space::AccountId;
use crate::space::members::Members;
use crate::store::SpaceTx;
use crate::store::records::Pick;
use crate::sync::shared;
use crate::sync::shared::records;

impl<H: Host> App<H> {
    /// A version of a consent. Errors: `not-found`, `paper-refused`, `letters-missing`.
    pub fn consent_pdf(&mut self, ConsentPdf { space, id, anyway }: ConsentPdf) -> Result<Vec<u8>> {
        let (language, today) = (self.language(), self.today());
        let size = PaperSize::of(self.country().as_deref());
        let session = self.session()?;
        let space = session.space(&space)?;
        session.look(&space, |tx, docs, known| {
            let members = known.members()?;
            let (author, version) = version(tx, members, &id, today)?;
            let named = records::names(tx)?;
            let others = members.state().members.into_keys().filter(|account| *account != author);
            let paper = ConsentPaper {
                version: &version,
                author: called(&named, &author),
                others: &others.map(|account| called(&named, &account).to_owned()).collect::<Vec<_>>(),
                goals: &titles(tx, docs, &author, &version)?,
                anyway,
            };
            print::consent(&paper, language, size)
        })
    }

    /// What somebody shared in a space, with what they agreed to and the notice of 42 CFR 2.32. Errors: `not-found`,
    /// `paper-refused`, `letters-missing`.
    pub fn shared_pdf(&mut self, SharedPdf { space, account, anyway }: SharedPdf) -> Result<Vec<u8>> {
        let (language, today) = (self.language(), self.today());
        let size = PaperSize::of(self.country().as_deref());
        let author = names::account(&account)?;
        let session = self.session()?;
        let space = session.space(&space)?;
        session.look(&space, |tx, _, known| {
            let (members, named) = (known.members()?, records::names(tx)?);
            let (consents, entries) =
                (sharing::consents_of(tx, members, &author, today)?, entries(tx, members, &author)?);
            if consents.is_empty() && entries.is_empty() {
                return Err(missing());
            }
            let (author, reader) = (called(&named, &author), called(&named, &shared::account(tx)?));
            let (consents, entries) = (&consents, &entries);
            let paper = SharedPaper { author, reader, today, consents, entries, anyway };
            print::shared(&paper, language, size)
        })
    }
}

fn version(
    tx: &SpaceTx<'_>,
    members: &Members,
    id: &str,
    today: chrono::NaiveDate,
) -> Result<(AccountId, ConsentVersion)> {
    for author in records::consents(tx, members)?.into_keys() {
        let versions = sharing::consents_of(tx, members, &author, today)?;
        if let Some(version) = versions.into_iter().find(|version| version.id == id) {
            return Ok((author, version));
        }
    }
    Err(missing())
}

/// Titles of the single goals that a consent names; only their author knows them.
fn titles(
    tx: &SpaceTx<'_>,
    docs: &mut Docs,
    author: &AccountId,
    version: &ConsentVersion,
) -> Result<Vec<String>> {
    let chosen = match version.terms.as_ref().map(|terms| &terms.goals) {
        Some(GoalChoice::Some { goals, .. }) if *author == shared::account(tx)? => goals,
        _ => return Ok(Vec::new()),
    };
    let goals = read_plan(docs.get(tx, DocId::Plan)?).goals.into_iter();
    Ok(goals.filter(|goal| chosen.contains(&goal.id)).map(|goal| goal.text.title).collect())
}

fn entries(tx: &SpaceTx<'_>, members: &Members, author: &AccountId) -> Result<Vec<What>> {
    let standing = records::standing(tx, members, &Pick::Of(&author.0))?;
    let followed = standing.iter().filter(|one| coach::is_followed(&one.content));
    Ok(followed.filter_map(|one| circle::what(&one.content)).collect())
}

fn called<'a>(named: &'a BTreeMap<AccountId, String>, account: &AccountId) -> &'a str {
    named.get(account).map_or("", String::as_str)
}

fn missing() -> Error {
    Error::new("not-found", "no such thing here")
}
