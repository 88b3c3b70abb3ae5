//! Turns the words in `locales/` into functions and the icons' names into constants, so that a
//! missing key, a missing language or a misspelt icon does not compile.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::{env, fs, path::Path};

use serde_json::Value;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
type Words = BTreeMap<String, Value>;

const LANGUAGES: [&str; 2] = ["en", "es"];

fn main() -> Result<()> {
    println!("cargo::rerun-if-changed=locales");
    println!("cargo::rerun-if-changed=icons");
    let out = env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("catalogue.rs"), catalogue()?)?;
    fs::write(Path::new(&out).join("icons.rs"), icons()?)?;
    Ok(())
}

fn catalogue() -> Result<String> {
    let mut out = String::new();
    for file in fs::read_dir("locales/en")? {
        let path = file?.path();
        let namespace = path.file_stem().and_then(|s| s.to_str()).ok_or("file name")?.to_owned();
        let [en, es] = LANGUAGES.map(|dir| read(&format!("locales/{dir}/{namespace}.json")));
        let (en, es) = (en?, es?);
        writeln!(
            out,
            "pub mod {namespace} {{\nuse super::language;\nuse trellis_api_types::settings::Language;"
        )?;
        for key in en.keys().chain(es.keys()).collect::<BTreeSet<_>>() {
            let place = format!("{namespace}.{key}");
            let texts = en.get(key).zip(es.get(key)).ok_or(format!("{place} is missing in one language"))?;
            out += &function(&place, key, texts)?;
        }
        out += "}\n";
    }
    Ok(out)
}

fn read(path: &str) -> Result<Words> {
    let text = fs::read_to_string(path).map_err(|e| format!("{path}: {e}"))?;
    serde_json::from_str(&text).map_err(|e| format!("{path}: {e}").into())
}

/// One function: plain words, words with `{names}`, or `{"one": .., "other": ..}` counted by `n`.
fn function(place: &str, key: &str, (en, es): (&Value, &Value)) -> Result<String> {
    let args = names(en)?;
    if args != names(es)? {
        return Err(format!("{place}: the languages differ in their {{names}}").into());
    }
    let (en, es) = (arm(place, en, !args.is_empty())?, arm(place, es, !args.is_empty())?);
    let count = args.contains("n").then(|| "n: usize".to_owned());
    let others = args.iter().filter(|n| *n != "n").map(|n| format!("{n}: impl std::fmt::Display"));
    let kind = if args.is_empty() { "&'static str" } else { "String" };
    Ok(format!(
        "pub fn {key}({}) -> {kind} {{ match language() {{ Language::En => {en}, Language::Es => {es} }} }}\n",
        count.into_iter().chain(others).collect::<Vec<_>>().join(", ")
    ))
}

/// The `{names}` of a text, of both forms of a counted one; counting itself is a name.
fn names(text: &Value) -> Result<BTreeSet<String>> {
    let forms: Vec<_> = match text {
        Value::String(s) => vec![s.as_str()],
        Value::Object(o) => o.values().filter_map(Value::as_str).chain(["{n}"]).collect(),
        _ => return Err("a text is a string or {one, other}".into()),
    };
    let found = forms.iter().flat_map(|f| f.split('{').skip(1)).filter_map(|part| part.split_once('}'));
    Ok(found.map(|(name, _)| name.to_owned()).collect())
}

fn arm(place: &str, text: &Value, filled: bool) -> Result<String> {
    let form = |s: &str| match (filled, s.contains('{')) {
        (true, true) => format!("format!({s:?})"),
        (true, false) => format!("{s:?}.to_owned()"),
        (false, _) => format!("{s:?}"),
    };
    match text {
        Value::String(s) => Ok(form(s)),
        Value::Object(o) => {
            match (o.get("one").and_then(Value::as_str), o.get("other").and_then(Value::as_str)) {
                // One language may need one form where the other needs two.
                (Some(one), Some(other)) if one == other => Ok(form(one)),
                (Some(one), Some(other)) => {
                    Ok(format!("if n == 1 {{ {} }} else {{ {} }}", form(one), form(other)))
                }
                _ => Err(format!("{place}: needs `one` and `other`").into()),
            }
        }
        _ => Err(format!("{place}: not a text").into()),
    }
}

fn icons() -> Result<String> {
    let mut out = String::from("impl Icon {\n");
    for name in fs::read_to_string("icons/names.txt")?.lines().filter(|l| !l.is_empty()) {
        let constant = name.replace('-', "_").to_uppercase();
        writeln!(out, "pub const {constant}: Self = Self(\"#i-{name}\");")?;
    }
    Ok(out + "}\n")
}
