//! Step work.

use trellis_api_types::work::*;
use trellis_api_types::{ApiError, Command, Id};
use wasm_bindgen::JsValue;

use super::sample::id;
use super::{change, put, read, refuse};

pub(super) fn answer(name: &str, args: &JsValue) -> Option<super::Answer> {
    Some(match name {
        WorkGet::NAME => read(|w| w.work.clone()),
        WorkSave::NAME => change::<WorkSave>(args, |w, save| edit(&mut w.work, save.edit)),
        _ => return None,
    })
}

fn edit(work: &mut Vec<Worksheet>, edit: WorkEdit) -> Result<(), ApiError> {
    match edit {
        WorkEdit::PutSheet { id, title } => match work.iter_mut().find(|sheet| sheet.id == id) {
            Some(sheet) => sheet.title = title,
            None => work.push(Worksheet { id, title, answers: vec![] }),
        },
        WorkEdit::RemoveSheet(id) => work.retain(|sheet| sheet.id != id),
        WorkEdit::PutAnswer { sheet, id, question, text } => {
            let answers = &mut find(work, &sheet)?.answers;
            let shared = answers.iter().find(|answer| answer.id == id).map(|answer| answer.shared.clone());
            let answer = Answer { id, question, text, shared: shared.unwrap_or_default() };
            let id = answer.id.clone();
            put(answers, answer, |answer| answer.id == id);
        }
        WorkEdit::RemoveAnswer { sheet, id } => find(work, &sheet)?.answers.retain(|answer| answer.id != id),
        WorkEdit::Share { sheet, id, space, on } => {
            let answers = &mut find(work, &sheet)?.answers;
            let answer =
                answers.iter_mut().find(|answer| answer.id == id).ok_or_else(|| refuse("not-found"))?;
            answer.shared.retain(|other| *other != space);
            answer.shared.extend(on.then_some(space));
        }
    }
    Ok(())
}

fn find<'w>(work: &'w mut [Worksheet], id: &Id) -> Result<&'w mut Worksheet, ApiError> {
    work.iter_mut().find(|sheet| sheet.id == *id).ok_or_else(|| refuse("not-found"))
}

pub(super) fn sample() -> Vec<Worksheet> {
    let answer = |n, question: &str, text: &str, shared: Vec<Id>| Answer {
        id: id(n),
        question: question.into(),
        text: text.into(),
        shared,
    };
    let four = vec![
        answer(
            721,
            "Who am I still angry at?",
            "My brother, for not calling. And me, for not calling him.",
            vec![id(804)],
        ),
        answer(722, "What was my part in it?", "I only rang when I needed money.", vec![]),
        answer(723, "What am I afraid of?", "", vec![]),
    ];
    let gratitude =
        vec![answer(724, "Three things from today", "Noor laughed. The bus came. I slept.", vec![])];
    vec![
        Worksheet { id: id(710), title: "Step 4".into(), answers: four },
        Worksheet { id: id(711), title: "Evening look back".into(), answers: gratitude },
    ]
}
