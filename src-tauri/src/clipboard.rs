//! A link that was copied leaves the clipboard again, if it is still there: after a minute, and when the app locks or ends.

use std::time::Duration;

#[cfg(target_os = "macos")]
use arboard::SetExtApple as _;
#[cfg(all(unix, not(target_os = "macos")))]
use arboard::SetExtLinux as _;
#[cfg(windows)]
use arboard::SetExtWindows as _;
use arboard::{Clipboard, Error};

/// How long a link stays.
pub const STAYS: Duration = Duration::from_secs(60);

/// The link that was copied last. On X11 who copied has to answer for it, so the clipboard stays open.
#[derive(Default)]
pub struct Copied {
    board: Option<Clipboard>,
    link: Option<String>,
    turn: u64,
}

impl Copied {
    /// Copies a link, marked so that what keeps a history of the clipboard leaves it out. Returns its turn.
    pub fn copy(&mut self, link: &str) -> Result<u64, Error> {
        let board = match &mut self.board {
            Some(board) => board,
            none => none.insert(Clipboard::new()?),
        };
        let set = board.set();
        #[cfg(windows)]
        let set = set.exclude_from_cloud();
        set.exclude_from_history().text(link)?;
        Ok(self.keep(link))
    }

    fn keep(&mut self, link: &str) -> u64 {
        self.link = Some(link.to_owned());
        self.turn += 1;
        self.turn
    }

    /// Takes the link of that turn, or of any, off. What somebody copied since is only compared, and left alone.
    pub fn clear(&mut self, turn: Option<u64>) -> Result<(), Error> {
        let Some((link, board)) = self.take(turn).zip(self.board.as_mut()) else { return Ok(()) };
        let there = board.get_text().is_ok_and(|text| text == link);
        if there { board.clear() } else { Ok(()) }
    }

    /// The link of that turn, or of any; it is given once.
    fn take(&mut self, turn: Option<u64>) -> Option<String> {
        if turn.is_none_or(|turn| turn == self.turn) { self.link.take() } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::Copied;

    #[test]
    fn only_the_link_that_was_copied_last_is_taken_off_and_only_once() {
        let mut copied = Copied::default();
        assert_eq!(copied.take(None), None);
        let first = copied.keep("one");
        let second = copied.keep("two");
        assert_eq!(copied.take(Some(first)), None, "the minute of the second has only begun");
        assert_eq!(copied.take(Some(second)).as_deref(), Some("two"));
        assert_eq!(copied.take(None), None);
        copied.keep("three");
        assert_eq!(copied.take(None).as_deref(), Some("three"), "the lock waits for no minute");
    }
}
