//! Which short codes are refused, the same before and after the call. Whoever tries codes at the screen has to wait between tries, so the
//! first few hundred guesses are those that matter.

/// Fewest characters of a code.
const SHORTEST: usize = 6;

/// Shorter than six letters and digits, or among what people try first: one or two characters again and again, steps of
/// the keyboard or the alphabet, the same half twice. White space around it does not count.
pub fn is_weak(code: &str) -> bool {
    let letters: Vec<char> = code.trim().chars().flat_map(char::to_lowercase).collect();
    let plain = letters.iter().filter(|c| c.is_alphanumeric()).count();
    plain < SHORTEST || different(&letters) < 3 || all_steps(&letters) || twice(&letters)
}

fn different(letters: &[char]) -> usize {
    let mut sorted = letters.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.len()
}

/// `123456`, `fedcba`, `112233`: each character is the one before or a neighbor of it.
fn all_steps(letters: &[char]) -> bool {
    let mut steps = letters.iter().zip(letters.iter().skip(1));
    steps.all(|(a, b)| u32::from(*a).abs_diff(u32::from(*b)) <= 1 || (*a, *b) == ('9', '0'))
}

/// `123123`, `abcabc`.
fn twice(letters: &[char]) -> bool {
    let (first, second) = letters.split_at(letters.len() / 2);
    first == second
}

#[cfg(test)]
mod tests {
    use super::is_weak;

    #[test]
    fn what_is_tried_first_is_no_code() {
        for code in [
            "", "48151", "      ", "4 8 1 5", "111111", "121212", "123456", "654321", "567890", "abcdef",
            "112233", "739739",
        ] {
            assert!(is_weak(code), "{code}");
        }
        for code in ["481516", "garden", "ñandú7", "river lamp"] {
            assert!(!is_weak(code), "{code}");
        }
    }
}
