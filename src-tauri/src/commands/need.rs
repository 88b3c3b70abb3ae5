//! "I need someone now".

use trellis_api_types::need::*;

use super::{delegate, delegate_changes};

delegate! {
    /// Who can be asked, and the call that stands.
    need_get: NeedGet;
}

delegate_changes! {
    /// Keeps who is asked.
    need_keep: NeedKeep;
    /// Asks.
    need_ask: NeedAsk;
    /// Tells everyone that all is well.
    need_okay: NeedOkay;
}
