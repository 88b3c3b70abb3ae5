//! The real shell, through the objects it puts on `window`.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = ["window", "__TAURI__", "core"], js_name = invoke, catch)]
    fn tauri_invoke(name: &str, args: &JsValue) -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["window", "__TAURI__", "event"], js_name = listen, catch)]
    fn tauri_listen(name: &str, hear: &Closure<dyn Fn(JsValue)>) -> Result<Promise, JsValue>;
}

/// Calls `name` with `{ args }`.
pub async fn invoke(name: &str, args: JsValue) -> Result<JsValue, JsValue> {
    let wrapped = Object::new();
    Reflect::set(&wrapped, &"args".into(), &args)?;
    JsFuture::from(tauri_invoke(name, &wrapped)?).await
}

/// Passes on the payload of each event.
pub fn listen(hear: Box<dyn Fn(JsValue)>) {
    let closure = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
        if let Ok(payload) = Reflect::get(&event, &"payload".into()) {
            hear(payload);
        }
    });
    if tauri_listen(super::EVENT, &closure).is_ok() {
        closure.forget();
    }
}
