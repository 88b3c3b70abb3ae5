//! Rows of the table.

use serde_json::{Value, json};

/// A line of the table, said as soon as it is known.
pub(crate) fn row(what: String, figure: f64, unit: &str) -> Value {
    println!("{what:<52} {figure:>10.2} {unit}");
    json!({ "what": what, "figure": figure, "unit": unit })
}

/// Adds between which figures the middle half of the rounds lies, and all of them.
pub(crate) fn with_spread(mut row: Value, rounds: &[f64]) -> Value {
    row["middle_half"] = json!([at(rounds, 0.25), at(rounds, 0.75)]);
    row["rounds"] = json!(rounds);
    row
}

/// The figure below which that share of them lies.
pub(crate) fn at(figures: &[f64], share: f64) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[((sorted.len() - 1) as f64 * share).round() as usize]
}
