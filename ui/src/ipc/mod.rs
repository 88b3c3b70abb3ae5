//! The one door to the shell.

use serde::Serialize;
use trellis_api_types::{ApiError, Command, app::Event};
use wasm_bindgen::prelude::*;

#[cfg(feature = "fake")]
mod fake;
#[cfg(not(feature = "fake"))]
mod tauri;

#[cfg(feature = "fake")]
use fake as shell;
#[cfg(not(feature = "fake"))]
use tauri as shell;

/// Name under which the shell speaks up.
#[cfg(not(feature = "fake"))]
const EVENT: &str = "trellis";

/// Asks the shell.
pub async fn call<C: Command>(command: C) -> Result<C::Out, ApiError> {
    let args = to_js(&command)?;
    let answer = shell::invoke(C::NAME, args).await.map_err(refused)?;
    serde_wasm_bindgen::from_value(answer).map_err(|e| unreadable(&e))
}

/// Hears what the shell says without being asked, as long as the page lives.
pub fn listen(hear: impl Fn(Event) + 'static) {
    shell::listen(Box::new(move |payload| {
        if let Ok(event) = serde_wasm_bindgen::from_value(payload) {
            hear(event);
        }
    }));
}

/// A value as text that [`from_text`] reads.
pub fn to_text(value: &impl Serialize) -> Option<String> {
    js_sys::JSON::stringify(&to_js(value).ok()?).ok()?.as_string()
}

/// The value that [`to_text`] wrote, if it is one.
pub fn from_text<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    serde_wasm_bindgen::from_value(js_sys::JSON::parse(text).ok()?).ok()
}

/// Plain objects and `null`, as JSON has them.
fn to_js(value: &impl Serialize) -> Result<JsValue, ApiError> {
    value.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).map_err(|e| unreadable(&e))
}

/// A refusal of the shell, or of the door itself (then its words are kept out: they may hold content).
fn refused(answer: JsValue) -> ApiError {
    serde_wasm_bindgen::from_value(answer).unwrap_or_else(|_| problem("shell-refused", "no error object"))
}

fn unreadable(error: &serde_wasm_bindgen::Error) -> ApiError {
    problem("shell-unreadable", &error.to_string())
}

fn problem(code: &str, detail: &str) -> ApiError {
    ApiError { code: code.into(), detail: detail.into(), retry: false, retry_at: None }
}
