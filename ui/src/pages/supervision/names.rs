//! Noticing what may be the name of somebody who is followed, so that it is not written down by mistake.

use trellis_api_types::typed;

/// Words of many names that name nobody: "María de la Cruz" is not "de", nor "la".
const JOINING: [&str; 33] = [
    "a", "al", "ap", "bin", "bint", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du",
    "e", "el", "ibn", "la", "las", "le", "los", "mac", "of", "san", "santa", "st", "ter", "the", "van",
    "von", "y",
];

/// The first of `names` that may stand in `text`: whole, whatever its case, or a part of it that is written as a name.
pub fn named<'n>(text: &str, names: &'n [String]) -> Option<&'n str> {
    let said: Vec<&str> = words(text).collect();
    names.iter().find(|name| stands(&said, name)).map(String::as_str)
}

fn stands(said: &[&str], name: &str) -> bool {
    let name: Vec<&str> = words(name).collect();
    let whole = |part: &[&str]| part.iter().zip(&name).all(|(one, other)| same(one, other));
    let whole = name.len() > 1 && said.windows(name.len()).any(whole);
    whole || name.iter().filter(|word| names(word)).any(|word| said.iter().any(|said| is_written(said, word)))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// A single letter names nobody, and what only joins names neither.
fn names(word: &str) -> bool {
    typed::has_something(word) && word.chars().count() > 1 && !JOINING.contains(&word.to_lowercase().as_str())
}

/// "hope" is not Hope, unless Hope writes it so.
fn is_written(said: &str, word: &str) -> bool {
    let written_as_name = said == word || said.chars().next().is_some_and(char::is_uppercase);
    same(said, word) && written_as_name
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
}
