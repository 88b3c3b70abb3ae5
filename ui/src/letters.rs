//! Letters in one form: the same ones come as different bytes from different keyboards.

/// In the composed form: n and tilde are ñ.
pub fn composed(text: &str) -> String {
    in_form(text, "NFC")
}

/// In small letters and without accents.
pub fn plain(text: &str) -> String {
    in_form(text, "NFD").chars().filter(|letter| !is_accent(*letter)).collect::<String>().to_lowercase()
}

/// Whether it is a mark on the letter before it.
pub fn is_accent(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

/// The browser has the tables already.
#[cfg(target_arch = "wasm32")]
fn in_form(text: &str, form: &str) -> String {
    js_sys::JsString::from(text).normalize(form).into()
}

#[cfg(not(target_arch = "wasm32"))]
fn in_form(text: &str, form: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    if form == "NFC" { text.nfc().collect() } else { text.nfd().collect() }
}

#[cfg(test)]
mod tests {
    use super::{composed, plain};

    #[test]
    fn letters_are_the_same_from_any_keyboard() {
        assert_eq!(composed("man\u{303}ana"), "ma\u{f1}ana");
        for typed in ["Mar\u{ed}a", "Mari\u{301}a", "MARIA"] {
            assert_eq!(plain(typed), "maria");
        }
    }
}
