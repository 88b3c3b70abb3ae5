//! Pages that are reached from many places lead back to the one that was left.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

/// The page that this one was reached from, else `usual`.
pub fn way_back(usual: &str) -> String {
    let from = use_query_map().with_untracked(|query| query.get("from"));
    from.filter(|from| is_page(from)).unwrap_or_else(|| usual.to_owned())
}

/// A page, with the way back here.
pub fn from_here(page: &str) -> String {
    format!("{page}?from={}", use_location().pathname.get_untracked())
}

/// A link from elsewhere could name anything.
fn is_page(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.contains(':')
}

#[cfg(test)]
mod tests {
    use super::is_page;

    #[test]
    fn only_a_page_of_the_app_is_a_way_back() {
        assert!(is_page("/checkin") && is_page("/day/2026-03-02/add"));
        assert!(!is_page("//elsewhere") && !is_page("https://elsewhere") && !is_page("/x:y") && !is_page(""));
    }
}
