//! What the window may call. Each command translates and delegates; names and arguments are those of `api-types`.

pub mod app;
pub mod checkin;
pub mod devices;
pub mod journey;
pub mod plan;
pub mod safety;
pub mod settings;
pub mod sync;
pub mod today;

/// Commands that the core answers at once: `name: Arguments`, the core's method having the same name.
macro_rules! delegate {
    ($($(#[doc = $doc:literal])+ $name:ident: $args:ty;)+) => {$(
        $(#[doc = $doc])+
        #[tauri::command(async)]
        pub fn $name(
            shell: tauri::State<'_, crate::shell::Shell>,
            args: $args,
        ) -> Result<<$args as trellis_api_types::Command>::Out, trellis_api_types::ApiError> {
            shell.ask(|core| core.$name(args))
        }
    )+};
}
pub(crate) use delegate;
