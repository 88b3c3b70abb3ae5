//! The log of supervision names no participant.

/// Whether a text names one of these people: by the whole name, or by one word of it as a name is written. "Will" is a
/// name, "will" is not.
pub fn names_somebody(text: &str, names: &[String]) -> bool {
    let said: Vec<&str> = words(text).collect();
    names.iter().any(|name| {
        let name: Vec<&str> = words(name).collect();
        let whole = name.len() > 1 && said.windows(name.len()).any(|part| same_all(part, &name));
        whole || name.iter().any(|word| said.iter().any(|said| is_name(said, word)))
    })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn same_all(one: &[&str], other: &[&str]) -> bool {
    one.iter().zip(other).all(|(one, other)| same(one, other))
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// A single letter names nobody.
fn is_name(said: &str, word: &str) -> bool {
    let written_as_name = said == word || said.chars().next().is_some_and(char::is_uppercase);
    word.chars().count() > 1 && same(said, word) && written_as_name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_as_it_is_written() {
        let names = ["Will Árbol", "sam", "J"].map(str::to_owned);
        for text in ["Talked about Will.", "árbol's and WILL ÁRBOL", "will árbol called", "Sam", "sam"] {
            assert!(names_somebody(text, &names), "{text}");
        }
        for text in ["I will listen more", "Samples", "J. is a letter", ""] {
            assert!(!names_somebody(text, &names), "{text}");
        }
    }
}
