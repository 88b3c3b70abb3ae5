//! The vine: a leaf for each month since the journey began. Leaves only ever grow.

use std::f64::consts::TAU;

use chrono::{Datelike, NaiveDate};

/// Width of the drawing, in its own units.
pub const WIDTH: f64 = 344.0;
/// Height of one row of the vine.
pub const ROW: f64 = 84.0;
/// Rows after the first lie closer together.
const NEXT_ROW: f64 = 56.0;
/// Leaves in a full row: three years.
const PER_ROW: usize = 36;
const LEFT: f64 = 14.0;
const RIGHT: f64 = 332.0;

/// Whole months from `start` to `today`.
pub fn months(start: NaiveDate, today: NaiveDate) -> usize {
    let months = (today.year() - start.year()) * 12 + today.month() as i32 - start.month() as i32;
    let begun = today.day() < start.day() && !last_of_month(today);
    usize::try_from(months - i32::from(begun)).unwrap_or(0)
}

fn last_of_month(day: NaiveDate) -> bool {
    day.succ_opt().is_none_or(|next| next.day() == 1)
}

/// A leaf: where it grows from, which way it points, how large it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leaf {
    /// Across.
    pub x: f64,
    /// Down.
    pub y: f64,
    /// Degrees.
    pub turn: f64,
    /// 1 is the drawn size.
    pub scale: f64,
}

/// What to draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Vine {
    /// Leaves, oldest first.
    pub leaves: Vec<Leaf>,
    /// Paths of the wire, one a row.
    pub wires: Vec<String>,
    /// Where it grows now.
    pub tip: (f64, f64),
    /// Height of the drawing.
    pub height: f64,
}

impl Vine {
    /// The vine with this many leaves.
    pub fn new(count: usize) -> Self {
        let rows = count / PER_ROW + 1;
        let gap = if rows > 1 { 8.83 } else { (318.0 / (count + 1) as f64).clamp(8.83, 22.0) };
        let leaf = |n: usize| leaf(n, LEFT + gap * (n % PER_ROW) as f64);
        let x = LEFT + gap * (count % PER_ROW) as f64;
        Self {
            leaves: (0..count).map(leaf).collect(),
            wires: (0..rows).map(wire).collect(),
            tip: (x.min(RIGHT), wave(rows - 1, x.min(RIGHT))),
            height: ROW + NEXT_ROW * (rows - 1) as f64,
        }
    }
}

fn leaf(n: usize, x: f64) -> Leaf {
    let unlike = (n * 7 + 3) % 19;
    let side = if n.is_multiple_of(2) { 1.0 } else { -1.0 };
    Leaf {
        x,
        y: wave(n / PER_ROW, x),
        turn: side * (43.0 + unlike as f64),
        scale: 0.46 + 0.017 * ((n * 11) % 20) as f64,
    }
}

fn wave(row: usize, x: f64) -> f64 {
    42.0 + NEXT_ROW * row as f64 + 6.0 * (x / 190.0 * TAU).sin()
}

fn wire(row: usize) -> String {
    let point = |n: u32| {
        let x = f64::from(n) * 6.0;
        format!("{}{x:.0} {:.1}", if n == 0 { 'M' } else { 'L' }, wave(row, x))
    };
    (0..=57).map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn only_whole_months_count() {
        assert_eq!(months(day(2024, 3, 3), day(2026, 11, 22)), 32);
        assert_eq!(months(day(2024, 3, 3), day(2024, 4, 2)), 0);
        assert_eq!(months(day(2024, 3, 3), day(2024, 4, 3)), 1);
        assert_eq!(months(day(2026, 1, 31), day(2026, 2, 28)), 1);
        assert_eq!(months(day(2026, 12, 1), day(2026, 11, 22)), 0);
    }

    #[test]
    fn a_leaf_stays_where_it_is_when_rows_are_full() {
        let (three_years, later) = (Vine::new(40), Vine::new(52));
        assert_eq!(three_years.leaves[..], later.leaves[..40]);
        assert_eq!(later.leaves.len(), 52);
    }

    #[test]
    fn everything_lies_inside_the_drawing() {
        for count in [0, 1, 12, 35, 36, 37, 120, 400] {
            let vine = Vine::new(count);
            assert!(vine.leaves.iter().all(|l| l.x < WIDTH && l.y < vine.height));
            assert!(vine.tip.0 < WIDTH - 8.0 && vine.tip.1 < vine.height - 8.0);
        }
    }
}
