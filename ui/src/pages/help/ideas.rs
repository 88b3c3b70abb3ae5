//! Words to begin a part with. Lines depend on the country: they are offered by name, never put in unasked.

use trellis_api_types::safety::SafetyPart;
use trellis_lines::Line;

use crate::components::say;
use crate::i18n::t;

/// An idea: what its chip says, and what it fills in.
#[derive(Clone, Copy)]
pub struct Idea {
    /// Words of the chip.
    pub chip: &'static str,
    /// Name, or the words.
    pub text: &'static str,
    /// Second line.
    pub detail: &'static str,
    /// Number.
    pub phone: &'static str,
    /// Whether it takes texts.
    pub texts: bool,
}

/// Ideas for a part in a country; people and places are one's own.
pub fn ideas(part: SafetyPart, country: Option<&str>) -> Vec<Idea> {
    match part {
        SafetyPart::WarningSigns => vec![
            words(t::help::idea_signs_1()),
            words(t::help::idea_signs_2()),
            words(t::help::idea_signs_3()),
        ],
        SafetyPart::Alone => vec![
            words(t::help::idea_alone_1()),
            words(t::help::idea_alone_2()),
            words(t::help::idea_alone_3()),
        ],
        SafetyPart::Safer => vec![
            words(t::help::idea_safer_1()),
            words(t::help::idea_safer_2()),
            words(t::help::idea_safer_3()),
        ],
        SafetyPart::Distract | SafetyPart::People => vec![],
        SafetyPart::Professionals => lines(country),
    }
}

fn words(text: &'static str) -> Idea {
    Idea { chip: text, text, detail: "", phone: "", texts: false }
}

/// The lines of the country that can be called or written to.
fn lines(country: Option<&str>) -> Vec<Idea> {
    let lines = trellis_lines::country(country).lines.iter().filter(|line| !line.is_held_back());
    lines.filter_map(idea).collect()
}

fn idea(line: &'static Line) -> Option<Idea> {
    let text = line.text.as_ref().map(|text| text.number.as_str());
    let phone = line.call.as_deref().or(text)?;
    let name = say(&line.name);
    Some(Idea { chip: name, text: name, detail: say(&line.note), phone, texts: text == Some(phone) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_to_keep_are_those_of_the_country() {
        for (country, first) in [("US", "988"), ("MX", "8009112000"), ("GB", "116123"), ("ES", "024")] {
            let ideas = ideas(SafetyPart::Professionals, Some(country));
            assert_eq!(ideas.first().map(|idea| idea.phone), Some(first), "{country}");
            assert!(
                ideas
                    .iter()
                    .all(|idea| idea.text.chars().count() <= 300 && idea.detail.chars().count() <= 300)
            );
        }
        assert!(ideas(SafetyPart::Professionals, None).is_empty());
    }
}
