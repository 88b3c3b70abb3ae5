//! The derived index of check-ins: enough for calendar, charts and lists without loading a journal.

use chrono::{NaiveDate, NaiveTime};
use rusqlite::{OptionalExtension, Row};
use trellis_api_types::checkin::Mood;
use trellis_api_types::{Id, Millis};

use super::Tx;
use crate::error::Result;

/// What the index keeps of one check-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckInRow {
    /// Check-in.
    pub id: Id,
    /// Document that holds it.
    pub document: String,
    /// Day it is about.
    pub date: NaiveDate,
    /// Time it is about.
    pub time: NaiveTime,
    /// Mood, kept as 1 to 5.
    pub mood: Mood,
    /// 0 to 10.
    pub urge: Option<u8>,
    /// A return to use was logged.
    pub returned: bool,
    /// When it was last edited.
    pub edited_at: Millis,
}

const COLUMNS: &str = "id, document, date, time, mood, urge, returned, edited_at";

impl Tx<'_> {
    /// Adds or replaces a check-in in the index.
    pub fn index_checkin(&self, row: &CheckInRow) -> Result<()> {
        let sql =
            format!("INSERT OR REPLACE INTO checkin ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        let CheckInRow { id, document, date, time, mood, urge, returned, edited_at } = row;
        let (date, time) = (date.to_string(), time.format("%H:%M:%S").to_string());
        let values = (id, document, date, time, *mood as u8 + 1, urge, returned, edited_at);
        self.conn.prepare_cached(&sql)?.execute(values)?;
        Ok(())
    }

    /// Takes a check-in out of the index.
    pub fn unindex_checkin(&self, id: &str) -> Result<()> {
        self.conn.prepare_cached("DELETE FROM checkin WHERE id = ?1")?.execute([id])?;
        Ok(())
    }

    /// Takes all check-ins of a document out of the index.
    pub fn unindex_document(&self, document: &str) -> Result<()> {
        self.conn.prepare_cached("DELETE FROM checkin WHERE document = ?1")?.execute([document])?;
        Ok(())
    }

    /// Document that holds a check-in.
    pub fn checkin_document(&self, id: &str) -> Result<Option<String>> {
        let mut query = self.conn.prepare_cached("SELECT document FROM checkin WHERE id = ?1")?;
        Ok(query.query_row([id], |row| row.get(0)).optional()?)
    }

    /// Check-ins of these days, newest first.
    pub fn checkins(&self, from: NaiveDate, to: NaiveDate) -> Result<Vec<CheckInRow>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM checkin WHERE date BETWEEN ?1 AND ?2
             ORDER BY date DESC, time DESC, edited_at DESC, id DESC"
        );
        let mut query = self.conn.prepare_cached(&sql)?;
        let rows = query.query_map((from.to_string(), to.to_string()), checkin_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Every check-in.
    pub fn all_checkins(&self) -> Result<Vec<CheckInRow>> {
        let mut query = self.conn.prepare_cached(&format!("SELECT {COLUMNS} FROM checkin ORDER BY id"))?;
        Ok(query.query_map((), checkin_row)?.collect::<rusqlite::Result<_>>()?)
    }

    /// Days on which a return to use was logged, each once, oldest first.
    pub fn returns(&self) -> Result<Vec<NaiveDate>> {
        let sql = "SELECT DISTINCT date FROM checkin WHERE returned = 1 ORDER BY date";
        let mut query = self.conn.prepare_cached(sql)?;
        let rows = query.query_map((), |row| parsed(row, 0))?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }

    /// Day of the first check-in.
    pub fn first_checkin(&self) -> Result<Option<NaiveDate>> {
        let mut query = self.conn.prepare_cached("SELECT date FROM checkin ORDER BY date LIMIT 1")?;
        Ok(query.query_row((), |row| parsed(row, 0)).optional()?)
    }
}

fn checkin_row(row: &Row<'_>) -> rusqlite::Result<CheckInRow> {
    Ok(CheckInRow {
        id: row.get(0)?,
        document: row.get(1)?,
        date: parsed(row, 2)?,
        time: parsed(row, 3)?,
        mood: mood(row.get(4)?),
        urge: row.get(5)?,
        returned: row.get(6)?,
        edited_at: row.get(7)?,
    })
}

fn mood(number: u8) -> Mood {
    match number {
        1 => Mood::VeryLow,
        2 => Mood::Low,
        4 => Mood::Good,
        5 => Mood::Great,
        _ => Mood::Okay,
    }
}

fn parsed<T: std::str::FromStr>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    text.parse().map_err(|_| rusqlite::Error::InvalidColumnName(format!("{column}")))
}
