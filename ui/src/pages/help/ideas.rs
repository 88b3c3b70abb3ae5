//! Words to begin a part with. Lines depend on the country: they are offered by name, never put in unasked.

use trellis_api_types::safety::SafetyPart;

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

/// Ideas for a part; people and places are one's own.
pub fn ideas(part: SafetyPart) -> Vec<Idea> {
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
        SafetyPart::Professionals => lines(),
    }
}

fn words(text: &'static str) -> Idea {
    Idea { chip: text, text, detail: "", phone: "", texts: false }
}

fn lines() -> Vec<Idea> {
    vec![
        Idea {
            chip: t::help::line_988(),
            text: t::help::line_988_name(),
            detail: t::help::line_988_detail(),
            phone: "988",
            texts: true,
        },
        Idea {
            chip: t::help::line_samhsa(),
            text: t::help::line_samhsa_name(),
            detail: t::help::line_samhsa_detail(),
            phone: "1-800-662-4357",
            texts: false,
        },
    ]
}
