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
    /// Own devices.
    devices_get: DevicesGet;
    /// Signs another device out.
    device_sign_out: DeviceSignOut;
    /// Where pairing stands.
    pairing_get: PairingGet;
    /// Offers a pairing.
    pairing_offer: PairingOfferStart;
    /// Lets the asking device in.
    pairing_let_in: PairingLetIn;
    /// Cancels.
    pairing_cancel: PairingCancel;
    /// First start as a further device.
    pairing_join: PairingJoin;
}
