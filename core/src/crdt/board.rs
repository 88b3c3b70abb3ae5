//! What the members of a space edit together, as a document.

use trellis_api_types::circle::{Meeting, Resource};
use trellis_api_types::{Id, Millis};

use super::edit::{Edit, Thing};
use super::node::Node;
use super::{Doc, order};
use crate::error::Result;

const MEETINGS: &str = "meetings";
const RESOURCES: &str = "resources";
const AGREEMENT: &str = "agreement";
const FOCUS: &str = "focus";
const FOCUS_AT: &str = "focus_at";

/// The board of a space.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    /// Words of the agreement; empty if there is none.
    pub agreement: String,
    /// Question of the week, and when it was asked.
    pub focus: Option<(String, Millis)>,
    /// Meetings, in the order they were made.
    pub meetings: Vec<Meeting>,
    /// Resources, in the order they were made.
    pub resources: Vec<Resource>,
}

/// One change of a board.
#[derive(Clone, Debug, PartialEq)]
pub enum BoardEdit {
    /// Words of the agreement.
    Agreement(String),
    /// Asks the question of the week at a time.
    Focus(String, Millis),
    /// Adds or changes a meeting.
    PutMeeting(Meeting),
    /// Takes a meeting away.
    RemoveMeeting(Id),
    /// Adds or changes a resource.
    PutResource(Resource),
    /// Takes a resource away.
    RemoveResource(Id),
}

/// Makes one change of a board. Error: `not-found`.
pub fn write_board(edit: &mut Edit<'_>, change: &BoardEdit) -> Result<()> {
    let root = edit.root();
    match change {
        BoardEdit::Agreement(text) => edit.set(&root, AGREEMENT, text),
        BoardEdit::Focus(question, at) => {
            edit.set(&root, FOCUS, question)?;
            edit.set(&root, FOCUS_AT, at)
        }
        BoardEdit::PutMeeting(meeting) => write_meeting(edit, meeting),
        BoardEdit::RemoveMeeting(id) => remove(edit, MEETINGS, id),
        BoardEdit::PutResource(resource) => write_resource(edit, resource),
        BoardEdit::RemoveResource(id) => remove(edit, RESOURCES, id),
    }
}

fn write_meeting(edit: &mut Edit<'_>, meeting: &Meeting) -> Result<()> {
    let thing = put(edit, MEETINGS, &meeting.id)?;
    edit.set(&thing, "title", &meeting.title)?;
    edit.set(&thing, "date", &meeting.date)?;
    edit.set(&thing, "time", &meeting.time)?;
    edit.set(&thing, "place", &meeting.place)?;
    edit.set(&thing, "every_days", &meeting.every_days)?;
    edit.set(&thing, "every_month", &meeting.every_month)?;
    edit.set(&thing, "zone", &meeting.zone)?;
    edit.keep(&thing)
}

fn write_resource(edit: &mut Edit<'_>, resource: &Resource) -> Result<()> {
    let thing = put(edit, RESOURCES, &resource.id)?;
    edit.set(&thing, "title", &resource.title)?;
    edit.set(&thing, "detail", &resource.detail)?;
    edit.keep(&thing)
}

/// The thing of that id; a new one goes to the end.
fn put(edit: &mut Edit<'_>, collection: &str, id: &str) -> Result<Thing> {
    let root = edit.root();
    let thing = edit.find_or_make(&root, collection, id, &[])?;
    if thing.fresh() {
        order::append(edit, &root, collection, &thing)?;
    }
    Ok(thing)
}

fn remove(edit: &mut Edit<'_>, collection: &str, id: &str) -> Result<()> {
    let thing = edit.find(&edit.root(), collection, id)?;
    edit.remove(&thing)
}

/// The whole board.
pub fn read_board(doc: &Doc) -> Board {
    let root = doc.root();
    let question = root.get(FOCUS).filter(|question: &String| !question.is_empty());
    Board {
        agreement: root.or_default(AGREEMENT),
        focus: question.zip(root.get(FOCUS_AT)),
        meetings: order::sorted(&root, MEETINGS).into_iter().filter_map(meeting).collect(),
        resources: order::sorted(&root, RESOURCES).into_iter().map(resource).collect(),
    }
}

fn meeting((id, node): (Id, Node<'_>)) -> Option<Meeting> {
    Some(Meeting {
        id,
        title: node.or_default("title"),
        date: node.get("date")?,
        time: node.or_default("time"),
        place: node.or_default("place"),
        every_days: node.or_default("every_days"),
        every_month: node.get("every_month"),
        zone: node.or_default("zone"),
        at: None,
    })
}

fn resource((id, node): (Id, Node<'_>)) -> Resource {
    Resource { id, title: node.or_default("title"), detail: node.or_default("detail") }
}
