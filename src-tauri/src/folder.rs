//! The data folder that was asked for.

use std::ffi::OsString;
use std::path::PathBuf;

/// The data folder that `TRELLIS_HOME` names, if it does.
pub fn asked() -> Option<PathBuf> {
    named(std::env::var_os("TRELLIS_HOME"))
}

/// An empty variable is how scripts unset one; as a folder it would be wherever the app was started.
fn named(folder: Option<OsString>) -> Option<PathBuf> {
    folder.filter(|folder| !folder.is_empty()).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn an_empty_name_asks_for_no_folder() {
        assert_eq!((named(None), named(Some("".into()))), (None, None));
        assert_eq!(named(Some("/tmp/ana".into())), Some("/tmp/ana".into()));
    }
}
