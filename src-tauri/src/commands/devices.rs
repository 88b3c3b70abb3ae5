//! The recovery phrase, one's own devices, and adding one.

use trellis_api_types::devices::*;

use super::delegate;

delegate! {
    /// The 24 words.
    phrase_show: PhraseShow;
    /// Which words to type for the check.
    phrase_check: PhraseCheck;
    /// Types them.
    phrase_confirm: PhraseConfirm;
}
