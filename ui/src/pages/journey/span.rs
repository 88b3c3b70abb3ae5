//! Spans of the chart, and the points drawn for them.

use chrono::{Days, NaiveDate};
use trellis_api_types::checkin::Mood;
use trellis_api_types::today::DayMark;

/// How far back a chart looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Span {
    /// Thirty days, each by itself.
    Month,
    /// Eight weeks; mood is the mean of a day and its neighbours.
    #[default]
    Weeks,
    /// Fifty-two weeks, each one point.
    Year,
}

impl Span {
    /// All three, shortest first.
    pub const ALL: [Self; 3] = [Self::Month, Self::Weeks, Self::Year];

    /// How many days it covers.
    pub fn days(self) -> usize {
        match self {
            Self::Month => 30,
            Self::Weeks => 56,
            Self::Year => 364,
        }
    }

    /// The last days of `all` that it covers.
    pub fn of(self, all: &[DayMark]) -> &[DayMark] {
        all.get(all.len().saturating_sub(self.days())..).unwrap_or(all)
    }

    /// The points to draw, oldest first.
    pub fn points(self, all: &[DayMark]) -> Vec<Point> {
        let days = self.of(all);
        match self {
            Self::Month => days.chunks(1).filter_map(Point::of).collect(),
            Self::Weeks => smoothed(days),
            Self::Year => days.chunks(7).filter_map(Point::of).collect(),
        }
    }
}

/// One place on the time axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Mean mood, 1 to 5; absent without a check-in.
    pub mood: Option<f64>,
    /// Mean urge, 0 to 10; absent where it was not answered.
    pub urge: Option<f64>,
    /// Days with a check-in.
    pub checked: usize,
}

impl Point {
    /// One point for these days; none for no days.
    pub fn of(days: &[DayMark]) -> Option<Self> {
        Some(Self {
            from: days.first()?.date,
            to: days.last()?.date,
            mood: mean(days.iter().filter_map(|d| d.mood).map(mood_points)),
            urge: mean(days.iter().filter_map(|d| d.urge).map(f64::from)),
            checked: days.iter().filter(|d| d.count > 0).count(),
        })
    }
}

fn smoothed(days: &[DayMark]) -> Vec<Point> {
    let around = |n: usize| days.get(n.saturating_sub(1)..(n + 2).min(days.len())).and_then(Point::of);
    days.iter()
        .enumerate()
        .filter_map(|(n, day)| {
            let alone = Point::of(std::slice::from_ref(day))?;
            let mood = alone.mood.and_then(|_| around(n)?.mood);
            Some(Point { mood, ..alone })
        })
        .collect()
}

/// Mood as points, 1 very low to 5 great.
pub fn mood_points(mood: Mood) -> f64 {
    match mood {
        Mood::VeryLow => 1.0,
        Mood::Low => 2.0,
        Mood::Okay => 3.0,
        Mood::Good => 4.0,
        Mood::Great => 5.0,
    }
}

/// The mood nearest to these points.
pub fn nearest_mood(points: f64) -> Mood {
    match points {
        p if p < 1.5 => Mood::VeryLow,
        p if p < 2.5 => Mood::Low,
        p if p < 3.5 => Mood::Okay,
        p if p < 4.5 => Mood::Good,
        _ => Mood::Great,
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), v| (sum + v, count + 1.0));
    (count > 0.0).then(|| sum / count)
}

/// The day `count` days before, or the first day there is.
pub fn days_before(day: NaiveDate, count: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(count)).unwrap_or(NaiveDate::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: u64, mood: Option<Mood>, urge: Option<u8>) -> DayMark {
        let date = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap().checked_add_days(Days::new(n)).unwrap();
        DayMark { date, mood, urge, returned: false, count: u16::from(mood.is_some()) }
    }

    #[test]
    fn a_year_is_drawn_week_by_week() {
        let days: Vec<_> = (0..371).map(|n| day(n, Some(Mood::Good), Some(4))).collect();
        let points = Span::Year.points(&days);
        assert_eq!(points.len(), 52);
        assert_eq!((points[0].mood, points[0].urge, points[0].checked), (Some(4.0), Some(4.0), 7));
        assert_eq!(points.last().unwrap().to, days.last().unwrap().date);
    }

    #[test]
    fn a_day_without_a_check_in_stays_empty() {
        let days = [day(0, Some(Mood::Low), Some(0)), day(1, None, None), day(2, Some(Mood::Good), None)];
        let points = Span::Weeks.points(&days);
        assert_eq!(points.iter().map(|p| p.mood).collect::<Vec<_>>(), [Some(2.0), None, Some(4.0)]);
        assert_eq!(points.iter().map(|p| p.urge).collect::<Vec<_>>(), [Some(0.0), None, None]);
    }

    #[test]
    fn eight_weeks_take_neighbours_together() {
        let days = [
            day(0, Some(Mood::VeryLow), None),
            day(1, Some(Mood::Great), None),
            day(2, Some(Mood::Okay), None),
        ];
        assert_eq!(Span::Weeks.points(&days)[1].mood, Some(3.0));
        assert_eq!(Span::Month.points(&days)[1].mood, Some(5.0));
    }

    #[test]
    fn moods_round_to_the_nearest_word() {
        assert_eq!(nearest_mood(2.4), Mood::Low);
        assert_eq!(nearest_mood(2.5), Mood::Okay);
        for mood in [Mood::VeryLow, Mood::Low, Mood::Okay, Mood::Good, Mood::Great] {
            assert_eq!(nearest_mood(mood_points(mood)), mood);
        }
    }
}
