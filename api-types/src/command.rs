//! The one shape of a call through the door to the shell.

use serde::{Serialize, de::DeserializeOwned};

/// A call: its arguments are the fields, its answer is [`Command::Out`].
pub trait Command: Serialize + DeserializeOwned {
    /// Name of the command in the shell.
    const NAME: &'static str;
    /// What the shell answers.
    type Out: Serialize + DeserializeOwned;
}

/// Declares commands: `Name { fields } as "shell_name" -> Answer`.
macro_rules! commands {
    ($($(#[doc = $doc:literal])+ $name:ident { $($(#[doc = $fdoc:literal])* $field:ident : $ty:ty),* $(,)? } as $text:literal -> $out:ty;)+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
            pub struct $name { $($(#[doc = $fdoc])* pub $field: $ty),* }
            impl $crate::Command for $name {
                const NAME: &'static str = $text;
                type Out = $out;
            }
        )+
    };
}
pub(crate) use commands;

/// Answer of a change: how to take it back.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Saved {
    /// Pass to [`Undo`] to take the change back; absent where nothing changed.
    pub undo: Option<crate::Id>,
}

commands! {
    /// Takes a change back. Kept for the changes of this run of the app.
    Undo {
        /// From [`Saved`].
        id: crate::Id,
    } as "undo" -> ();
}
