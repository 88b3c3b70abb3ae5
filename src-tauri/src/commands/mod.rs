//! What the window may call. Each command translates and delegates; names and arguments are those of `api-types`.

pub mod app;
pub mod checkin;
pub mod circle;
pub mod coach;
pub mod devices;
pub mod draft;
pub mod joining;
pub mod journey;
pub mod need;
pub mod people;
pub mod plan;
pub mod safety;
pub mod settings;
pub mod sharing;
pub mod sync;
pub mod today;
pub mod work;

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

/// The same for changes that answer no undo: all screens hear of what changed.
macro_rules! delegate_changes {
    ($($(#[doc = $doc:literal])+ $name:ident: $args:ty;)+) => {$(
        $(#[doc = $doc])+
        #[tauri::command(async)]
        pub fn $name(
            shell: tauri::State<'_, crate::shell::Shell>,
            args: $args,
        ) -> Result<<$args as trellis_api_types::Command>::Out, trellis_api_types::ApiError> {
            let answer = shell.ask(|core| core.$name(args))?;
            shell.tell(trellis_api_types::app::Event::Data);
            Ok(answer)
        }
    )+};
}
pub(crate) use delegate_changes;
