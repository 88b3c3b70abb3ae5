//! What went wrong, in kind words; the code is folded away under "Details".

use leptos::prelude::*;
use trellis_api_types::ApiError;

use super::{Icon, icon};
use crate::i18n::t;

/// Kind words for a problem.
pub fn problem_words(problem: &ApiError) -> String {
    code_words(&problem.code, problem.retry).to_owned()
}

/// Kind words for a code, the only place that knows them; `retry` chooses between the words for codes unknown here.
pub fn code_words(code: &str, retry: bool) -> &'static str {
    use t::errors as e;
    match code {
        "wrong-passphrase" => e::wrong_passphrase(),
        "keychain-refused" => e::keychain_refused(),
        "keychain-silent" => e::keychain_silent(),
        "keychain-cancelled" => e::keychain_cancelled(),
        "read-only" => e::read_only(),
        "folder-unusable" | "folder-open" => e::folder_unusable(),
        "key-missing" => e::key_missing(),
        "database-newer" => e::database_newer(),
        "database-damaged" | "document-damaged" | "lock-damaged" => e::database_damaged(),
        "database-missing" => e::database_missing(),
        "database-busy" => e::database_busy(),
        "wrong-key" => e::wrong_key(),
        "disk-full" => e::disk_full(),
        "not-allowed" => e::not_allowed(),
        "locked" => e::locked(),
        "not-found" => e::not_found(),
        "too-large" => e::too_large(),
        "too-long" => e::too_long(),
        "empty-text" => e::empty_text(),
        "bad-date" => e::bad_date(),
        "bad-urge" => e::bad_urge(),
        "bad-address" => e::bad_address(),
        "plain-http" => e::plain_http(),
        "bad-proxy" => e::bad_proxy(),
        "no-relay" => e::no_relay(),
        "relay-unreachable" => e::relay_unreachable(),
        "relay-certificate" => e::relay_certificate(),
        "not-a-relay" => e::not_a_relay(),
        "rate-limited" => e::rate_limited(),
        "exchange-broken" => e::exchange_broken(),
        "relay-closed" => e::relay_closed(),
        "relay-storage" => e::relay_storage(),
        "relay-error" => e::relay_error(),
        "clock-wrong" => e::clock_wrong(),
        "signed-out" => e::signed_out(),
        "not-signed-out" => e::not_signed_out(),
        "not-entitled" => e::not_entitled(),
        "space-ended" => e::space_ended(),
        "space-read-only" => e::space_read_only(),
        "consent-backdated" => e::consent_backdated(),
        "no-helpers" => e::no_helpers(),
        "no-epoch" => e::no_epoch(),
        "other-relay" => e::other_relay(),
        "still-member" => e::still_member(),
        "leave-not-sent" => e::leave_not_sent(),
        "bad-country" => e::bad_country(),
        "bad-number" => e::bad_number(),
        "autostart-failed" => e::autostart_failed(),
        "file-io" => e::file_io(),
        "copy-failed" => t::devices::copy_failed(),
        "letters-missing" => e::letters_missing(),
        "expired" => e::expired(),
        "invite-declined" => e::invite_declined(),
        "invite-withdrawn" => e::invite_withdrawn(),
        "invite-used" => e::invite_used(),
        "bad-code" => e::bad_code(),
        "pairing-expired" => e::pairing_expired(),
        "pairing-used" => e::pairing_used(),
        "pairing-wrong-words" => e::pairing_wrong_words(),
        "pairing-cancelled" => e::pairing_cancelled(),
        "weak-passphrase" => e::weak_passphrase(),
        "weak-code" => e::weak_code(),
        "try-later" => e::too_many_tries(),
        "pairing-none" => e::pairing_none(),
        "already-started" | "database-exists" => e::already_started(),
        "account-frozen" => e::account_frozen(),
        "phrase-wiped" => e::phrase_wiped(),
        "phrase-mismatch" => e::phrase_mismatch(),
        _ if retry => e::try_later(),
        _ => e::unknown(),
    }
}

/// Words, details, and "Try again" where that can help.
#[component]
pub fn Problem(
    /// What went wrong.
    problem: ApiError,
    /// Tries again.
    #[prop(into, optional)]
    again: Option<Callback<()>>,
) -> impl IntoView {
    view! {
        <div class="banner problem" role="alert">
            {icon(Icon::INFO)}
            <div class="body">
                <p><strong>{problem_words(&problem)}</strong></p>
                {details(&problem)}
                {again.map(|again| {
                    view! {
                        <button class="btn" type="button" on:click=move |_| again.run(())>
                            {t::common::try_again()}
                        </button>
                    }
                })}
            </div>
        </div>
    }
}

/// The code and the technical words, folded away.
pub fn details(problem: &ApiError) -> impl IntoView + use<> {
    let words = format!("{}: {}", problem.code, problem.detail);
    view! {
        <details>
            <summary>{t::common::details()}</summary>
            <p class="hint">{words}</p>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::{code_words, t};

    /// Codes in backticks after "Error", "Errors" or "code" in the contract's own words.
    fn promised() -> Vec<String> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../api-types/src");
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let lines: Vec<String> = files
            .flat_map(|f| std::fs::read_to_string(f).unwrap().lines().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        let lines = lines
            .iter()
            .filter(|l| l.contains("Error: `") || l.contains("Errors: `") || l.contains("code (`"));
        lines
            .flat_map(|l| l.split('`').skip(1).step_by(2))
            .filter(|c| c.contains('-'))
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn every_promised_code_has_words_of_its_own() {
        let codes = promised();
        assert!(codes.len() > 20, "{codes:?}");
        let without: Vec<_> = codes.iter().filter(|c| code_words(c, false) == t::errors::unknown()).collect();
        assert!(without.is_empty(), "{without:?}");
    }

    #[test]
    fn an_unknown_code_says_whether_to_try_again() {
        assert_eq!(code_words("new-code", true), t::errors::try_later());
        assert_eq!(code_words("new-code", false), t::errors::unknown());
    }
}
