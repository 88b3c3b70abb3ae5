//! Noticing the name of somebody who is followed, so that it is not written down.

/// The first of `names` that stands in `text`: whole, whatever its case, or a part of it where that is written as a name.
pub fn named<'n>(text: &str, names: &'n [String]) -> Option<&'n str> {
    let said: Vec<&str> = words(text).collect();
    names.iter().find(|name| stands(&said, name)).map(String::as_str)
}

fn stands(said: &[&str], name: &str) -> bool {
    let name: Vec<&str> = words(name).collect();
    let whole = |part: &[&str]| part.iter().zip(&name).all(|(one, other)| same(one, other));
    let whole = name.len() > 1 && said.windows(name.len()).any(whole);
    whole || name.iter().any(|word| said.iter().any(|said| is_name(said, word)))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// A single letter names nobody, and "hope" is not Hope.
fn is_name(said: &str, word: &str) -> bool {
    let written_as_name = said == word || said.chars().next().is_some_and(char::is_uppercase);
    word.chars().count() > 1 && same(said, word) && written_as_name
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_name_is_noticed_where_it_is_written_as_one() {
        let names = ["Hope", "Ana María", "J", ""].map(str::to_owned);
        assert_eq!(named("Talked about Hope’s ride.", &names), Some("Hope"));
        assert_eq!(named("How ana maría is doing", &names), Some("Ana María"));
        assert_eq!(named("About boundaries, with Ana", &names), Some("Ana María"));
        assert_eq!(named("I hope for the best, J.", &names), None);
        assert_eq!(named("", &names), None);
    }
}
