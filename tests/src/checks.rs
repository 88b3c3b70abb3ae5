//! Looks at a screen as it is drawn: room, targets, keyboard. Each check gives what is wrong, in sentences.

use anyhow::{Result, bail};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::page::Page;

/// More stops than any screen has: who is still tabbing is trapped.
const STOPS: usize = 150;

/// What runs over an edge or lies on other words.
pub async fn room(page: &Page) -> Result<Vec<String>> {
    sentences(look(page, "return [...new Set([...cut(), ...overlaps()])];").await?)
}

/// What is too small for a finger.
pub async fn targets(page: &Page) -> Result<Vec<String>> {
    sentences(look(page, "return small();").await?)
}

/// What the Tab key does not reach, and where one does not see the focus.
pub async fn keyboard(page: &Page) -> Result<Vec<String>> {
    let from_start = "window.tabbed = []; document.body.tabIndex = -1; document.body.focus();
        document.body.removeAttribute('tabindex');";
    look(page, from_start).await?;
    let mut wrong = Vec::new();
    for _ in 0..STOPS {
        press(page, &[Key::Tab.into()]).await?;
        let seen = look(page, "return stepped();").await?;
        if seen.is_null() {
            wrong.extend(sentences(look(page, "return reached(window.tabbed);").await?)?);
            return Ok(wrong);
        }
        if seen != json!([]) {
            // The page may still be scrolling there.
            page.settle().await?;
            wrong.extend(sentences(look(page, "return focused();").await?)?);
        }
    }
    wrong.push(format!("the Tab key does not come round in {STOPS} steps"));
    Ok(wrong)
}

/// Whether Escape closes the sheet that is open, and gives the focus back to what opened it.
pub async fn escape(page: &Page) -> Result<Vec<String>> {
    if look(page, "return !document.querySelector('dialog[open]');").await? == true {
        return Ok(Vec::new());
    }
    press(page, &[Key::Escape.into()]).await?;
    page.settle().await?;
    let script = "const e = document.activeElement;
        if (document.querySelector('dialog[open]')) return ['Escape does not close the sheet'];
        return e === window.opener ? [] : [`the focus went to ${brief(e)}`];";
    sentences(look(page, script).await?)
}

/// Presses Tab until the focus is on this.
pub async fn tab_to(page: &Page, selector: &str) -> Result<()> {
    for _ in 0..STOPS {
        let there = format!("return document.activeElement.matches('{selector}');");
        if look(page, &there).await? == true {
            return Ok(());
        }
        press(page, &[Key::Tab.into()]).await?;
    }
    bail!("the Tab key does not reach {selector}")
}

/// Presses these keys together, wherever the focus is.
pub async fn press(page: &Page, keys: &[char]) -> Result<()> {
    let down = keys.iter().map(|key| KeyAction::Down { value: *key });
    let up = keys.iter().rev().map(|key| KeyAction::Up { value: *key });
    let actions = down.chain(up).fold(KeyActions::new("keys".to_owned()), KeyActions::then);
    Ok(page.client().perform_actions(actions).await?)
}

/// Runs a script that may use what is in `checks.js`.
pub async fn look(page: &Page, script: &str) -> Result<Value> {
    page.run(&format!("{}\n{script}", include_str!("checks.js")), &[]).await
}

fn sentences(found: Value) -> Result<Vec<String>> {
    Ok(serde_json::from_value(found)?)
}
