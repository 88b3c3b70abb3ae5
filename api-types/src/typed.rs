//! Reading what people type, paste and pass on: words of a code, links inside a message, names.

/// The words in a text, in small letters. Numbers, marks and spaces between them are left out.
pub fn words(text: &str) -> Vec<String> {
    let text: String =
        text.chars().filter(|letter| !is_invisible(*letter)).map(narrow).collect::<String>().to_lowercase();
    let words =
        text.split(|letter: char| !is_of_word(letter)).filter(|word| word.contains(char::is_alphabetic));
    words.map(str::to_owned).collect()
}

/// A letter of the wide form that some keyboards send, as the usual one.
fn narrow(letter: char) -> char {
    let usual = matches!(letter, '\u{ff01}'..='\u{ff5e}').then(|| u32::from(letter) - 0xfee0);
    usual.and_then(char::from_u32).unwrap_or(letter)
}

/// A link to Trellis inside a text: the secret's digits, and the address behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What stands behind the `#`, up to an `@`.
    pub secret: String,
    /// The server, without what a message put around it.
    pub address: Option<String>,
}

/// Digits of a link's secret.
const SECRET: usize = 32;

/// The links that begin with `start`, as in `trellis:join#`, whatever a messenger put before, behind and inside them. What only
/// speaks of such links is among them.
pub fn links(text: &str, start: &str) -> Vec<Link> {
    let text: String = text.chars().filter(|letter| !is_invisible(*letter)).collect();
    let text = ESCAPES.iter().fold(text, |text, (from, to)| text.replace(from, to));
    let lower = text.to_ascii_lowercase();
    let begins: Vec<usize> = lower.match_indices(start).map(|(at, _)| at).collect();
    let ends = begins.iter().copied().skip(1).chain([text.len()]);
    let parts = begins.iter().zip(ends).filter_map(|(from, to)| text.get(from + start.len()..to));
    parts.map(read).collect()
}

fn read(text: &str) -> Link {
    let (secret, rest) = unwrapped(text).unwrap_or_else(|| {
        let (secret, rest) = run(text);
        (secret.to_owned(), rest)
    });
    Link { secret, address: rest.strip_prefix('@').map(address) }
}

/// A secret that mail broke into lines, perhaps quoted. What comes together has to be exactly a secret, so that no word behind
/// a link is taken for a part of it.
fn unwrapped(text: &str) -> Option<(String, &str)> {
    let (mut secret, mut rest) = (String::new(), text);
    while secret.len() < SECRET {
        let (digits, after) = run(rest);
        if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        secret.push_str(digits);
        rest = over_break(after);
    }
    (secret.len() == SECRET).then(|| (secret, if rest.starts_with('@') { rest } else { "" }))
}

fn run(text: &str) -> (&str, &str) {
    text.split_at(text.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(text.len()))
}

/// What follows the end of a line and the quoting of the next one; where none ends here, the text as it is.
fn over_break(text: &str) -> &str {
    let next = text.trim_start_matches([' ', '\t', '\r', '\n', '>']);
    let skipped = text.strip_suffix(next).unwrap_or_default();
    if skipped.contains(['\n', '>']) { next } else { text }
}

/// What some messengers write in place of the marks of a link.
const ESCAPES: [(&str, &str); 6] =
    [("%23", "#"), ("%40", "@"), ("%3A", ":"), ("%3a", ":"), ("%2F", "/"), ("%2f", "/")];

/// An address without the brackets and marks around it.
fn address(text: &str) -> String {
    let text = text.trim_start_matches(['<', '(', '[', '"', '\'', '*', '_']);
    let end = text.find(|letter: char| !is_of_address(letter)).unwrap_or(text.len());
    let text = text.get(..end).unwrap_or_default();
    // An address of numbers only may end in a bracket; any other ends in a letter, a digit or a slash.
    let closed = text.contains('[') && text.ends_with(']');
    let end = |letter: char| !letter.is_alphanumeric() && letter != '/' && !(closed && letter == ']');
    text.trim_end_matches(end).to_owned()
}

fn is_of_address(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '.' | ':' | '/' | '-' | '_' | '~' | '%' | '[' | ']')
}

fn is_of_word(letter: char) -> bool {
    (letter.is_alphabetic() && !matches!(letter, 'º' | 'ª')) || is_accent(letter)
}

/// A mark that belongs to the letter before it.
fn is_accent(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

/// Whether a text has anything to see: a letter, a number or a symbol.
pub fn has_something(text: &str) -> bool {
    text.chars().any(|letter| !letter.is_whitespace() && !is_invisible(letter) && !is_accent(letter))
}

/// A name as it is kept and shown: one line, without what cannot be seen or turns the line around. Empty where there is
/// nothing to see.
pub fn name(text: &str) -> String {
    if !has_something(text) {
        return String::new();
    }
    let kept: String = text.chars().filter(|letter| !is_invisible(*letter) || joins(*letter)).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Joins letters, or chooses their form: families, flags and Persian names need it.
fn joins(letter: char) -> bool {
    matches!(letter, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0020}'..='\u{e007f}')
}

/// Characters that take no place, or an empty one.
fn is_invisible(letter: char) -> bool {
    let control = letter.is_control() && !letter.is_whitespace();
    control
        || matches!(
            letter,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        )
        || matches!(letter, '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(letter, '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}')
        || matches!(letter, '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
        // Marks of musical and shorthand writing that only begin and end something, and an empty note.
        || matches!(letter, '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' | '\u{1bca0}'..='\u{1bca3}' | '\u{16fe4}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str = "trellis:join#";

    #[test]
    fn words_are_read_however_they_were_copied() {
        for text in [
            "1 abandon 2 ability 3 able",
            "1. Abandon,\n2. ABILITY,\n3. able.",
            "1abandon 2ability 3able",
            "abandon, ability; able!",
            "\u{feff}1)\tabandon\r\n2)\tability\u{200b}\r\n3) a\u{ad}ble",
            "• abandon • ability • able",
            "1º abandon 2º ability 3º able",
            "１．ａｂａｎｄｏｎ　２．ａｂｉｌｉｔｙ　３．ＡＢＬＥ",
        ] {
            assert_eq!(words(text), ["abandon", "ability", "able"], "{text}");
        }
        assert_eq!(words("1 ÁBACO 2 a\u{301}baco"), ["ábaco", "a\u{301}baco"]);
        assert!(words(" 1. 2. \u{301} ").is_empty());
    }

    #[test]
    fn a_link_is_found_in_a_message() {
        let clean = "trellis:join#0aF5@https://relay.example/";
        let expected = Link { secret: "0aF5".into(), address: Some("https://relay.example/".into()) };
        for (before, behind) in [
            ("", ")"),
            ("", ","),
            ("<", ">"),
            ("\"", "\""),
            ("", "!"),
            ("*", "*"),
            ("_", "_"),
            ("", "\u{200b}"),
            ("\u{feff}", "\u{2060}"),
            ("Hi Ana! Tap this: ", " . See you soon"),
            ("[Come in](", ")."),
            ("“", "”"),
            ("", "?fbclid=abc"),
            ("", "\nSent from my phone"),
        ] {
            let text = format!("{before}{clean}{behind}");
            assert_eq!(links(&text, START), std::slice::from_ref(&expected), "{text}");
        }
        let broken = "TRELLIS:Join%230aF5%40https%3A%2F%2Frelay.exam\u{200b}ple%2F";
        assert_eq!(links(broken, START), std::slice::from_ref(&expected));
        let linked = "trellis:join#0aF5@<https://relay.example/>";
        assert_eq!(links(linked, START), [expected]);
    }

    #[test]
    fn each_link_of_a_text_ends_where_the_next_begins() {
        let found = |text: &str| -> Vec<(String, Option<String>)> {
            links(text, START).into_iter().map(|link| (link.secret, link.address)).collect()
        };
        let one = |secret: &str, address: Option<&str>| (secret.to_owned(), address.map(str::to_owned));
        let (first, second) = (one("05", Some("https://a.example/")), one("06", Some("https://b.example/")));
        let glued = "trellis:join#05@https://a.example/TRELLIS:join#06@https://b.example/";
        assert_eq!(found(glued), [first, second]);
        assert_eq!(found("trellis:join#05trellis:join#06"), [one("05", None), one("06", None)]);
        let said = "It begins with \"trellis:join#\": trellis:join#05";
        assert_eq!(found(said), [one("", None), one("05", None)]);
    }

    #[test]
    fn a_secret_that_mail_broke_is_whole_again() {
        let secret = "0123456789abcdef0123456789ABCDEF";
        let address = Some("https://relay.example/".to_owned());
        for broken in ["\n", "\r\n", "\r\n> ", "\n> > ", "> ", "\n\t"] {
            for at in [1, 20, 32] {
                let (before, behind) = secret.split_at(at);
                let text = format!("> trellis:join#{before}{broken}{behind}@https://relay.example/\n> Bye");
                let expected = Link { secret: secret.into(), address: address.clone() };
                assert_eq!(links(&text, START), [expected], "{text}");
            }
        }
        for (text, kept) in [
            ("trellis:join#0123\nbed", "0123"),
            ("trellis:join#0123 0123456789abcdef0123456789ab", "0123"),
            ("trellis:join#0123456789abcdef0123456789abcdef\nadd me", secret),
        ] {
            let found = links(text, START).remove(0);
            assert_eq!((found.secret.eq_ignore_ascii_case(kept), found.address), (true, None), "{text}");
        }
    }

    #[test]
    fn a_link_keeps_what_belongs_to_it() {
        let address = |text: &str| links(text, START).remove(0).address;
        for fine in ["https://relay.example/a-b/", "http://[::1]:8080/", "http://[::1]", "https://1.2.3.4:9/"]
        {
            assert_eq!(address(&format!("trellis:join#05@{fine}")).as_deref(), Some(fine));
        }
        assert_eq!(address("trellis:join#05"), None);
        assert_eq!(links("trellis:pair#05", START), []);
        assert_eq!(links("nothing here", START), []);
    }

    #[test]
    fn a_name_has_something_to_see() {
        for nothing in [
            "",
            " \n",
            "\u{200b}\u{200d}",
            "\u{202e}",
            "\u{3164}",
            "\u{2800}",
            "\u{301}",
            "\u{e0041}",
            "\u{1d173}",
            "\u{1bca0}",
            "\u{fff0}",
        ] {
            assert!(!has_something(nothing), "{nothing:?}");
            assert_eq!(name(nothing), "");
        }
        for something in ["A", "7", "🌱", "愛", "—", "n\u{303}"] {
            assert_eq!(name(something), something);
        }
    }

    #[test]
    fn a_name_does_not_turn_the_line() {
        assert_eq!(name("\u{202e}\u{200b}Ana\u{202c} \n Ruiz\u{2066}\u{7}"), "Ana Ruiz");
        for whole in ["👨\u{200d}👩\u{200d}👧", "❤\u{fe0f}", "نازنین\u{200c}زهرا"] {
            assert_eq!(name(whole), whole);
        }
    }
}
