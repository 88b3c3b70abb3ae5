//! The screens of Trellis. They know the shell through one door ([`ipc`]) and `api-types` only.

mod app;
mod components;
mod fmt;
mod i18n;
mod ipc;
mod letters;
mod pages;
mod region;
mod state;
mod zone;

/// Shows the app in the page.
pub fn start() {
    #[cfg(debug_assertions)]
    std::panic::set_hook(Box::new(|info| web_sys::console::error_1(&info.to_string().into())));
    leptos::mount::mount_to_body(app::App);
}
