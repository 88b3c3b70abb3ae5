//! Words that do not come back on a screen: those that blame, those that a person in their first week does not know,
//! and second words for a thing that has one.

use super::catalogue::{key, texts};

/// `*` stands for any ending.
const ENGLISH: &[&str] = &[
    // Blame.
    "streak*",
    "relaps*",
    "addict*",
    "abus*",
    "junkie*",
    "alcoholic*",
    "clean",
    "dirty",
    "habit",
    "sober",
    "victim*",
    "noncompliant",
    // A server, and syncing.
    "relay*",
    "exchang*",
    "packet*",
    "token*",
    "mailbox*",
    // A group or a name; people are removed, things deleted, answers cleared.
    "space",
    "spaces",
    "place",
    "facilitator*",
    "put out",
    "erase*",
    "drop",
    "taken back",
    "wiped",
    // Someone, no one; who.
    "somebody",
    "anybody",
    "whom",
    "anew",
    "by itself",
    "need not",
    "of the moment",
    // Each set of words has its name.
    "spare key",
    "safety words",
    "24 words",
    "witness*",
    // British spelling.
    "organis*",
    "licence*",
    "programme*",
    "colour*",
    "favour*",
    "behaviour*",
    "centre*",
    "cancelled",
    "whilst",
];

const SPANISH: &[&str] = &[
    "racha*",
    "recaíd*",
    "adict*",
    "abus*",
    "limpio",
    "limpia",
    "tropiezo*",
    "víctima*",
    "relé*",
    "puente*",
    "intercambi*",
    "paquete*",
    "espacio",
    "espacios",
    "este lugar",
    "pareja*",
    "a solas",
    "todo el mundo",
    "últimas palabras",
    "a cargo",
    "usted",
    "vosotros",
    "vuestr*",
    "os",
    "añad*",
    "en ello",
    "un nuevo sí",
    "momentos del camino",
    "aspecto",
    // A device is one thing, and teams are not meant.
    "equipo",
    "equipos",
    "llavero*",
    "llave de repuesto",
];

/// Where such a word means what it says: a disk, a keyboard, a place one can go to.
const MEANT: &[(&str, &str)] = &[
    ("space", "broken."),
    ("space", "errors.disk_full"),
    ("space", "errors.file_io"),
    ("space", "start.code_hint"),
    ("spaces", "help.phone_bad"),
    ("spaces", "person.phone_bad"),
    ("spaces", "lock."),
    ("place", "help."),
    ("place", "plan.helps_empty"),
    ("24 words", "phrase.lead"),
    ("24 words", "settings.phrase_sub"),
    ("24 words", "today.phrase_text"),
    ("espacio", "broken."),
    ("espacio", "common.read_only_why"),
    ("espacio", "errors."),
    ("espacio", "start.code_hint"),
    ("espacios", "help.phone_bad"),
    ("espacios", "person.phone_bad"),
    ("espacios", "lock."),
];

/// Lower case, one space between words and at both ends.
fn plain(text: &str) -> String {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '’')).filter(|word| !word.is_empty());
    words.fold(" ".to_owned(), |all, word| all + &word.to_lowercase() + " ")
}

fn says(plain: &str, word: &str) -> bool {
    match word.strip_suffix('*') {
        Some(start) => plain.contains(&format!(" {start}")),
        None => plain.contains(&format!(" {word} ")),
    }
}

fn found(language: &str, words: &[&str]) -> Vec<String> {
    let meant = |word: &str, key: &str| MEANT.iter().any(|(w, start)| *w == word && key.starts_with(start));
    let all = texts(language);
    let hits = all.iter().flat_map(|(name, text)| {
        let said = plain(text);
        let hits = words.iter().filter(move |word| says(&said, word) && !meant(word, &key(name)));
        hits.map(move |word| format!("\n{name} says “{word}”: {text}"))
    });
    hits.collect()
}

#[test]
fn words_that_were_sent_away_stay_away() {
    let found = [found("en", ENGLISH), found("es", SPANISH)].concat();
    assert!(found.is_empty(), "{}", found.concat());
}

#[test]
fn quotes_are_the_same_everywhere() {
    let odd = |text: &String| text.contains(['«', '»', '"', '\'', '‘']);
    for language in ["en", "es"] {
        let found: Vec<_> = texts(language).into_iter().filter(|(_, text)| odd(text)).collect();
        assert!(found.is_empty(), "{found:?}");
    }
}

#[test]
fn a_word_is_found_whole_or_by_its_start() {
    let said = plain("Your STREAKS, kept in a workspace: “clean up”.");
    assert!(says(&said, "streak*") && says(&said, "clean"));
    assert!(!says(&said, "space") && !says(&said, "streak") && !says(&said, "work"));
}
