//! Step work: worksheets of one's own. They never leave the person's devices, except an answer that was shared.

use serde::{Deserialize, Serialize};

use crate::Id;
use crate::command::{Saved, commands};

/// A question with the person's answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Made by the screen.
    pub id: Id,
    /// Question, in the person's words.
    pub question: String,
    /// Answer; may be empty.
    pub text: String,
    /// Spaces that it is shared with.
    pub shared: Vec<Id>,
}

/// A worksheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Worksheet {
    /// Made by the screen.
    pub id: Id,
    /// What it is called, e.g. "Step 4".
    pub title: String,
    /// Questions in order.
    pub answers: Vec<Answer>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum WorkEdit {
    /// Adds or renames a worksheet.
    PutSheet {
        /// Made by the screen.
        id: Id,
        /// What it is called.
        title: String,
    },
    /// Takes a worksheet away; shared answers are taken back.
    RemoveSheet(Id),
    /// Adds or changes a question and its answer; shared ones follow.
    PutAnswer {
        /// Worksheet.
        sheet: Id,
        /// Made by the screen.
        id: Id,
        /// Question.
        question: String,
        /// Own words.
        text: String,
    },
    /// Takes a question away; it is taken back where it was shared.
    RemoveAnswer {
        /// Worksheet.
        sheet: Id,
        /// Made by the screen.
        id: Id,
    },
    /// Shares one answer with a space, or takes it back.
    Share {
        /// Worksheet.
        sheet: Id,
        /// Made by the screen.
        id: Id,
        /// Space.
        space: Id,
        /// On, or taken back.
        on: bool,
    },
}

commands! {
    /// All worksheets.
    WorkGet {} as "work_get" -> Vec<Worksheet>;
    /// One change. Errors: `not-found`, `empty-text`, `too-long`.
    WorkSave {
        /// What.
        edit: WorkEdit,
    } as "work_save" -> Saved;
}
