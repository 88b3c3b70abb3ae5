//! How hard a passphrase is to guess, said honestly and without a score.

/// Fewest letters of a passphrase.
pub const SHORTEST: usize = 8;

/// How hard it is to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Fewer letters than [`SHORTEST`]: refused.
    Short,
    /// Found by anyone who tries for a while.
    Weak,
    /// Holds off most people.
    Fair,
    /// Holds off a computer that tries for years.
    Strong,
}

/// Judges by length, by different words, and by how much repeats or counts up.
pub fn strength(passphrase: &str) -> Strength {
    let letters: Vec<char> = passphrase.trim().to_lowercase().chars().collect();
    if letters.len() < SHORTEST {
        return Strength::Short;
    }
    if different(&letters) < 5 || mostly_runs(&letters) {
        return Strength::Weak;
    }
    let words = different_words(passphrase);
    let length = words.iter().map(|word| word.chars().count()).sum();
    by_words(&words).max(by_length(length, kinds(passphrase)))
}

fn different(letters: &[char]) -> usize {
    let mut sorted = letters.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    sorted.len()
}

/// `aaaa`, `1234`, `fedc`: more than half of the steps go nowhere or one further.
fn mostly_runs(letters: &[char]) -> bool {
    let steps = letters.iter().zip(letters.iter().skip(1));
    let runs = steps.filter(|(a, b)| u32::from(**a).abs_diff(u32::from(**b)) <= 1).count();
    runs * 2 > letters.len()
}

fn different_words(passphrase: &str) -> Vec<String> {
    let mut words: Vec<String> = passphrase.split_whitespace().map(str::to_lowercase).collect();
    words.sort_unstable();
    words.dedup();
    words
}

fn by_words(words: &[String]) -> Strength {
    match words.iter().filter(|word| word.chars().count() >= 3).count() {
        0..=2 => Strength::Weak,
        3 => Strength::Fair,
        _ => Strength::Strong,
    }
}

/// Small letters, capitals, digits, others.
fn kinds(passphrase: &str) -> usize {
    let kinds: [fn(char) -> bool; 4] = [char::is_lowercase, char::is_uppercase, char::is_numeric, |c| {
        !c.is_alphanumeric() && !c.is_whitespace()
    }];
    kinds.iter().filter(|kind| passphrase.chars().any(**kind)).count()
}

fn by_length(letters: usize, kinds: usize) -> Strength {
    match (letters, kinds) {
        (20.., 3..) => Strength::Strong,
        (14.., 3..) | (20.., _) => Strength::Fair,
        _ => Strength::Weak,
    }
}

#[cfg(test)]
mod tests {
    use super::{Strength, strength};

    #[test]
    fn words_that_repeat_do_not_count_twice() {
        assert_eq!(strength("river river river river"), Strength::Weak);
        assert_eq!(strength("river lemon quiet tiger"), Strength::Strong);
        assert_eq!(strength("river lemon quiet"), Strength::Fair);
        assert_eq!(strength("río limón águila ñandú"), Strength::Strong);
    }

    #[test]
    fn short_runs_and_one_word_are_named_as_they_are() {
        assert_eq!(strength("secrets"), Strength::Short);
        assert_eq!(strength("secrets!"), Strength::Weak);
        assert_eq!(strength("12345678901234567890"), Strength::Weak);
        assert_eq!(strength("aaaaaaaaaaaaaaaaaaaaaaaa"), Strength::Weak);
        assert_eq!(strength("watermelons"), Strength::Weak);
        assert_eq!(strength("k7#Vq2!mZp9$Lw4&Xt6*"), Strength::Strong);
    }
}
