//! Noticing what may be the name of somebody who is followed, so that it is not written down by mistake.

use trellis_api_types::typed;

use crate::letters::{composed, is_accent, plain};

/// Words of many names that name nobody: "María de la Cruz" is not "de", nor "la".
const JOINING: [&str; 33] = [
    "a", "al", "ap", "bin", "bint", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du",
    "e", "el", "ibn", "la", "las", "le", "los", "mac", "of", "san", "santa", "st", "ter", "the", "van",
    "von", "y",
];

/// A word as it is written, and without what differs from writer to writer.
struct Word {
    written: String,
    plain: String,
}

/// The first of `names` that may stand in `text`: whole, whatever its case, or a part of it that is written as a name. Accents do
/// not count.
pub fn named<'n>(text: &str, names: &'n [String]) -> Option<&'n str> {
    let said = words(text);
    names.iter().find(|name| stands(&said, name)).map(String::as_str)
}

fn stands(said: &[Word], name: &str) -> bool {
    let name = words(name);
    if let [word] = name.as_slice() {
        return names(word, false) && said.iter().any(|said| is_said(said, word));
    }
    let whole = |part: &[Word]| part.iter().zip(&name).all(|(one, other)| one.plain == other.plain);
    let whole = !name.is_empty() && said.windows(name.len()).any(whole);
    let mut parts = name.iter().filter(|word| names(word, true));
    whole || parts.any(|word| said.iter().any(|said| is_written(said, word)))
}

fn words(text: &str) -> Vec<Word> {
    let text = composed(text);
    let words = text.split(|letter: char| !letter.is_alphanumeric() && !is_accent(letter));
    let words = words.filter(|word| word.contains(char::is_alphanumeric));
    words.map(|word| Word { written: word.to_owned(), plain: plain(word) }).collect()
}

/// A single letter names nobody; what only joins names neither, where it is a part of one.
fn names(word: &Word, part: bool) -> bool {
    typed::has_something(&word.written)
        && word.written.chars().count() > 1
        && !(part && JOINING.contains(&word.plain.as_str()))
}

/// Who is called Al and no more is meant by "Al", but not by "al", nor by "AL".
fn is_said(said: &Word, word: &Word) -> bool {
    let mut letters = word.written.chars();
    let capital: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    if JOINING.contains(&word.plain.as_str()) { said.written == capital } else { is_written(said, word) }
}

/// "hope" is not Hope, unless Hope writes it so.
fn is_written(said: &Word, word: &Word) -> bool {
    let capital = said.written.starts_with(char::is_uppercase);
    said.plain == word.plain && (capital || said.written == word.written)
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_name_is_noticed_where_it_is_written_as_one() {
        let names = ["Hope", "Ana María", "J", "sam", ""].map(str::to_owned);
        assert_eq!(named("Talked about Hope’s ride.", &names), Some("Hope"));
        assert_eq!(named("How ana maría is doing", &names), Some("Ana María"));
        assert_eq!(named("About boundaries, with Ana", &names), Some("Ana María"));
        assert_eq!(
            (named("Sam", &names), named("sam", &names), named("Samples", &names)),
            (Some("sam"), Some("sam"), None)
        );
        assert_eq!(named("I hope for the best, J.", &names), None);
        assert_eq!(named("", &names), None);
    }

    #[test]
    fn ordinary_words_are_no_names() {
        let names = ["María de la Cruz", "Anna van der Berg", "Kim of the Hills"].map(str::to_owned);
        for text in [
            "Hablamos de los límites y de la agenda.",
            "La agenda. De la familia. Los límites.",
            "La cruz roja, el hospital y una maría de agua",
            "The plan of the week, van hire, der Plan",
        ] {
            assert_eq!(named(text, &names), None, "{text}");
        }
        assert_eq!(named("Con María, sobre límites", &names), Some("María de la Cruz"));
        assert_eq!(named("con maría de la cruz", &names), Some("María de la Cruz"));
    }

    #[test]
    fn who_has_a_short_name_is_noticed_by_it() {
        let names = ["Al", "san"].map(str::to_owned);
        assert_eq!(named("Talked with Al about rent.", &names), Some("Al"));
        assert_eq!(named("Al’s rent", &names), Some("Al"));
        assert_eq!(named("What San said", &names), Some("san"));
        for text in ["Fuimos al parque", "Also, alas", "AL-Anon, san Juan"] {
            assert_eq!(named(text, &names), None, "{text}");
        }
        assert_eq!(
            named("Al parque", &["Al Smith".to_owned()]),
            None,
            "a part that is a joining word as well"
        );
    }

    #[test]
    fn accents_and_the_bytes_of_a_keyboard_hide_no_name() {
        let names = ["Mar\u{ed}a de la Cruz", "Jose\u{301}"].map(str::to_owned);
        for text in
            ["Talked about Maria.", "habl\u{e9} con maria de la cruz", "Con Mari\u{301}a", "CON MARÍA"]
        {
            assert_eq!(named(text, &names), Some(names[0].as_str()), "{text}");
        }
        assert_eq!(named("With Jose, and with Jos\u{e9}", &names), Some(names[1].as_str()));
        for text in ["la cruz y la casa", "una maria de agua", "jose", "de la cruz"] {
            assert_eq!(named(text, &names), None, "{text}");
        }
    }
}
