//! What is being written.

use std::cell::RefCell;
use std::collections::BTreeMap;

use trellis_api_types::Command;
use trellis_api_types::draft::*;
use wasm_bindgen::JsValue;

use super::{Answer, on};

thread_local! {
    static KEPT: RefCell<BTreeMap<String, String>> = const { RefCell::new(BTreeMap::new()) };
}

pub(super) fn answer(name: &str, args: &JsValue) -> Option<Answer> {
    Some(match name {
        DraftSave::NAME => on::<DraftSave>(args, |_, DraftSave { form, text }| {
            KEPT.with_borrow_mut(|kept| kept.insert(form, text));
            Ok(())
        }),
        DraftGet::NAME => {
            on::<DraftGet>(args, |_, DraftGet { form }| Ok(KEPT.with_borrow(|kept| kept.get(&form).cloned())))
        }
        DraftDrop::NAME => on::<DraftDrop>(args, |_, DraftDrop { form }| {
            KEPT.with_borrow_mut(|kept| kept.remove(&form));
            Ok(())
        }),
        _ => return None,
    })
}
