//! axe-core on the screen that is shown: whether everybody can use it.

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::page::Page;

/// The rules of WCAG 2.2, levels A and AA, and those before it.
const RULES: &str = r#"{ runOnly: { type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }, resultTypes: ["violations"] }"#;

/// What the theme decides.
const COLORS: &str = r#"{ runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] }, resultTypes: ["violations"] }"#;

/// Fails with every rule that the screen breaks.
pub async fn check(page: &Page, screen: &str) -> Result<()> {
    page.settle().await?;
    let broken = broken(page).await?;
    ensure!(broken.is_empty(), "{screen} breaks rules of WCAG 2.2 AA:\n{}", broken.join("\n"));
    Ok(())
}

/// Each broken rule with the elements that break it.
pub async fn broken(page: &Page) -> Result<Vec<String>> {
    run(page, RULES).await
}

/// The same, of the rules that another theme can break.
pub async fn hard_to_read(page: &Page) -> Result<Vec<String>> {
    run(page, COLORS).await
}

async fn run(page: &Page, rules: &str) -> Result<Vec<String>> {
    if page.client().execute("return !window.axe;", Vec::new()).await? == true {
        let axe = concat!(env!("CARGO_MANIFEST_DIR"), "/../node_modules/axe-core/axe.min.js");
        let axe =
            std::fs::read_to_string(axe).context("axe-core is not there: cargo xtask setup brings it")?;
        page.client().execute(&axe, Vec::new()).await?;
    }
    let script = format!(
        "const done = arguments[arguments.length - 1];
        axe.run(document, {rules}).then((found) => done(found.violations), (error) => done(String(error)));"
    );
    let found = page.client().execute_async(&script, Vec::new()).await?;
    let found = found.as_array().with_context(|| format!("axe failed: {found}"))?;
    Ok(found.iter().map(describe).collect())
}

fn describe(rule: &Value) -> String {
    let nodes = rule["nodes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let nodes: Vec<_> = nodes.iter().map(|node| format!("    {}", node["html"])).collect();
    format!("  {}: {}\n{}", rule["id"], rule["help"], nodes.join("\n"))
}
