//! Noticing the name of somebody who is followed, so that it is not written down.

/// The first of `names` that stands in `text` as a word, whatever its case.
pub fn named<'n>(text: &str, names: &'n [String]) -> Option<&'n str> {
    let words = words(text);
    let stands = |name: &&String| {
        let name = self::words(name);
        !name.is_empty() && words.windows(name.len()).any(|part| part == name)
    };
    names.iter().find(stands).map(String::as_str)
}

fn words(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_alphanumeric());
    parts.filter(|part| !part.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_name_is_noticed_as_a_word_only() {
        let names = ["Bo", "Ana María", ""].map(str::to_owned);
        assert_eq!(named("Talked about bo’s ride.", &names), Some("Bo"));
        assert_eq!(named("How ANA MARÍA is doing", &names), Some("Ana María"));
        assert_eq!(named("About boundaries, with Ana", &names), None);
        assert_eq!(named("", &names), None);
    }
}
