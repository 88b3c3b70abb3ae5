//! The board of a space as an earlier version kept it: a document that all members changed. It is only read, to move it to
//! records.

use trellis_api_types::circle::{Meeting, Resource};

use super::node::Node;
use super::{Doc, order};
use crate::domain::board::Board;

/// The whole board.
pub fn read_board(doc: &Doc) -> Board {
    let root = doc.root();
    let question = root.get("focus").filter(|question: &String| !question.is_empty());
    Board {
        agreement: root.or_default("agreement"),
        focus: question.zip(root.get("focus_at")),
        meetings: order::sorted(&root, "meetings").into_iter().filter_map(meeting).collect(),
        resources: order::sorted(&root, "resources").into_iter().map(resource).collect(),
    }
}

fn meeting((id, node): (String, Node<'_>)) -> Option<Meeting> {
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

fn resource((id, node): (String, Node<'_>)) -> Resource {
    Resource { id, title: node.or_default("title"), detail: node.or_default("detail") }
}
