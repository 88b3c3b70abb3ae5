//! What closing the window does.

use trellis_api_types::app::{Phase, Status};

/// What closing the window does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Closing {
    /// It ends the app.
    #[default]
    Ends,
    /// The screens ask whether the app goes on without the window.
    Asks,
    /// The app goes on in the tray.
    Hides,
}

impl Closing {
    /// As the person chose. Without a tray nothing would lead back, and before the first start there is nothing to hear.
    pub fn of(tray: bool, status: &Status) -> Self {
        let in_use = matches!(status.phase, Phase::Locked { .. } | Phase::Ready { .. });
        match status.stays {
            _ if !tray => Self::Ends,
            Some(true) => Self::Hides,
            None if in_use => Self::Asks,
            _ => Self::Ends,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trellis_api_types::settings::{Language, Theme};

    fn closing(tray: bool, stays: Option<bool>, phase: Phase) -> Closing {
        let status = Status {
            phase,
            language: Language::En,
            country: None,
            theme: Theme::Auto,
            text_size: 100,
            reminder: None,
            keychain: true,
            tray: false,
            stays,
            link: None,
            read_only: false,
            folder: None,
        };
        Closing::of(tray, &status)
    }

    #[test]
    fn closing_asks_once_and_then_does_what_was_chosen() {
        let ready = || Phase::Ready { name: String::new() };
        assert_eq!(closing(true, None, ready()), Closing::Asks);
        assert_eq!(closing(true, Some(true), ready()), Closing::Hides);
        assert_eq!(closing(true, Some(false), ready()), Closing::Ends);
    }

    #[test]
    fn closing_asks_nothing_without_a_tray_or_before_the_first_start() {
        assert_eq!(closing(false, None, Phase::Ready { name: String::new() }), Closing::Ends);
        assert_eq!(closing(false, Some(true), Phase::Ready { name: String::new() }), Closing::Ends);
        assert_eq!(closing(true, None, Phase::First), Closing::Ends);
    }
}
