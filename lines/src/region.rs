//! The country that a system's locale names.

/// Country of a locale such as `es-MX`, `zh-Hant-TW` or `en_US.UTF-8`: two capital letters. None where it names no country.
pub fn region(locale: &str) -> Option<String> {
    let name = locale.split(['.', '@']).next().unwrap_or_default();
    let parts = name.split(['-', '_']).skip(1).take_while(|part| part.len() > 1);
    let mut regions = parts.filter(|part| part.len() == 2 && part.chars().all(|c| c.is_ascii_alphabetic()));
    regions.next().map(str::to_ascii_uppercase)
}

#[cfg(test)]
mod tests {
    use super::region;

    #[test]
    fn a_locale_names_its_country_in_each_way_of_writing() {
        for (locale, country) in [
            ("es-MX", "MX"),
            ("es_MX.UTF-8", "MX"),
            ("en-us", "US"),
            ("zh-Hant-TW", "TW"),
            ("ca-ES@valencia", "ES"),
            ("en-GB-u-hc-h12", "GB"),
        ] {
            assert_eq!(region(locale).as_deref(), Some(country), "{locale}");
        }
    }

    #[test]
    fn a_locale_without_a_country_names_none() {
        for locale in ["", "C", "POSIX", "C.UTF-8", "es", "es-419", "en-u-hc", "en_"] {
            assert_eq!(region(locale), None, "{locale}");
        }
    }
}
