//! Step work as a document.

use trellis_api_types::Id;
use trellis_api_types::work::{Answer, WorkEdit, Worksheet};

use super::edit::{Edit, Thing};
use super::node::Node;
use super::{Doc, order};
use crate::error::Result;

const SHEETS: &str = "sheets";
const ANSWERS: &str = "answers";
const SHARED: &str = "shared";
/// Stands where an answer does not follow any more: what the space has of it stays.
const LEFT: &str = "left";

/// Whether an answer is shared in a space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The answer.
    pub answer: Id,
    /// The space.
    pub space: Id,
    /// Worksheet, question and answer; `None` if sharing it was taken back, or the answer was taken away.
    pub words: Option<[String; 3]>,
}

/// Makes one change of the step work. Error: `not-found`.
pub fn write_work(edit: &mut Edit<'_>, change: &WorkEdit) -> Result<()> {
    let root = edit.root();
    match change {
        WorkEdit::PutSheet { id, title } => write_sheet(edit, id, title),
        WorkEdit::RemoveSheet(id) => {
            let sheet = edit.find(&root, SHEETS, id)?;
            edit.remove(&sheet)
        }
        WorkEdit::PutAnswer { sheet, id, question, text } => {
            write_answer(edit, sheet, id, [("question", question), ("text", text)])
        }
        WorkEdit::RemoveAnswer { sheet, id } => {
            let sheet = edit.find_present(&root, SHEETS, sheet)?;
            let answer = edit.find(&sheet, ANSWERS, id)?;
            edit.remove(&answer)
        }
        WorkEdit::Share { sheet, id, space, on } => share(edit, (sheet, id), space, *on),
    }
}

fn write_sheet(edit: &mut Edit<'_>, id: &str, title: &String) -> Result<()> {
    let root = edit.root();
    let sheet = put(edit, &root, SHEETS, id, ANSWERS)?;
    edit.set(&sheet, "title", title)?;
    edit.keep(&sheet)
}

fn write_answer(edit: &mut Edit<'_>, sheet: &str, id: &str, words: [(&str, &String); 2]) -> Result<()> {
    let sheet = edit.find_present(&edit.root(), SHEETS, sheet)?;
    let answer = put(edit, &sheet, ANSWERS, id, SHARED)?;
    words.into_iter().try_for_each(|(key, text)| edit.set(&answer, key, text))?;
    edit.keep(&answer)?;
    edit.keep(&sheet)
}

fn share(edit: &mut Edit<'_>, (sheet, id): (&str, &str), space: &str, on: bool) -> Result<()> {
    let sheet = edit.find_present(&edit.root(), SHEETS, sheet)?;
    let answer = edit.find_present(&sheet, ANSWERS, id)?;
    let shared = edit.part(&answer, SHARED)?;
    if on || edit.get(&shared, space) == Some(true) {
        edit.set(&shared, space, &on)?;
    }
    edit.keep(&answer)?;
    edit.keep(&sheet)
}

/// From now on no answer follows in a space. What is there is taken back with `retract`; else it stays.
pub fn leave_work(edit: &mut Edit<'_>, space: &str, retract: bool) -> Result<()> {
    let root = edit.root();
    let sheets: Vec<Worksheet> = sheets(&edit.at(&root));
    let shared = |answer: &&Answer| answer.shared.iter().any(|name| name == space);
    for sheet in sheets {
        let thing = edit.find(&root, SHEETS, &sheet.id)?;
        for answer in sheet.answers.iter().filter(shared) {
            let answer = edit.find(&thing, ANSWERS, &answer.id)?;
            let shared = edit.part(&answer, SHARED)?;
            match retract {
                true => edit.set(&shared, space, &false)?,
                false => edit.set(&shared, space, &LEFT.to_owned())?,
            }
        }
    }
    Ok(())
}

/// Every answer that is or was shared somewhere, except what a space was left with.
pub fn read_shares(doc: &Doc) -> Vec<Share> {
    let mut shares = Vec::new();
    for (_, sheet) in doc.root().all(SHEETS) {
        for (id, answer) in sheet.all(ANSWERS) {
            let there = sheet.present() && answer.present();
            let words = [sheet.or_default("title"), answer.or_default("question"), answer.or_default("text")];
            let of = answer.values::<bool>(SHARED).into_iter();
            shares.extend(of.map(|(space, on)| Share {
                answer: id.clone(),
                space,
                words: (on && there).then(|| words.clone()),
            }));
        }
    }
    shares
}

/// The thing of that id; a new one goes to the end.
fn put(edit: &mut Edit<'_>, parent: &Thing, collection: &str, id: &str, inner: &str) -> Result<Thing> {
    let thing = edit.find_or_make(parent, collection, id, &[inner])?;
    if thing.fresh() {
        order::append(edit, parent, collection, &thing)?;
    }
    Ok(thing)
}

/// All worksheets, in the order they were made.
pub fn read_work(doc: &Doc) -> Vec<Worksheet> {
    sheets(&doc.root())
}

fn sheets(root: &Node<'_>) -> Vec<Worksheet> {
    order::sorted(root, SHEETS).into_iter().map(sheet).collect()
}

fn sheet((id, node): (Id, Node<'_>)) -> Worksheet {
    let answers = order::sorted(&node, ANSWERS).into_iter().map(answer).collect();
    Worksheet { id, title: node.or_default("title"), answers }
}

fn answer((id, node): (Id, Node<'_>)) -> Answer {
    let shared = node.values::<bool>(SHARED).into_iter().filter(|(_, on)| *on);
    Answer {
        id,
        question: node.or_default("question"),
        text: node.or_default("text"),
        shared: shared.map(|(space, _)| space).collect(),
    }
}
