//! What is being written and not stored yet, by form.

use rusqlite::OptionalExtension;

use super::Tx;
use crate::error::Result;

impl Tx<'_> {
    /// What is kept of a form.
    pub fn draft(&self, form: &str) -> Result<Option<String>> {
        let mut query = self.conn.prepare_cached("SELECT text FROM draft WHERE form = ?1")?;
        Ok(query.query_row([form], |row| row.get(0)).optional()?)
    }

    /// Keeps what was typed in a form; of all forms, the `most` that were begun last.
    pub fn keep_draft(&self, form: &str, text: &str, most: u32) -> Result<()> {
        let sql = "INSERT INTO draft (form, text) VALUES (?1, ?2)
                   ON CONFLICT (form) DO UPDATE SET text = excluded.text";
        self.conn.prepare_cached(sql)?.execute((form, text))?;
        let sql =
            "DELETE FROM draft WHERE seq IN (SELECT seq FROM draft ORDER BY seq DESC LIMIT -1 OFFSET ?1)";
        self.conn.prepare_cached(sql)?.execute([most])?;
        Ok(())
    }

    /// Erases what is kept of a form.
    pub fn drop_draft(&self, form: &str) -> Result<()> {
        self.conn.prepare_cached("DELETE FROM draft WHERE form = ?1")?.execute([form])?;
        Ok(())
    }

    /// Erases what is kept of forms whose name ends in this.
    pub fn drop_drafts_of(&self, end: &str) -> Result<()> {
        let sql = "DELETE FROM draft WHERE substr(form, -length(?1)) = ?1";
        self.conn.prepare_cached(sql)?.execute([end])?;
        Ok(())
    }
}
