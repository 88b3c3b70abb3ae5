//! What is being written and not stored yet. It stays in the encrypted database of this device until it is stored or dropped.

use trellis_api_types::draft::{DraftDrop, DraftGet, DraftSave, FORMS, NAME, SIZE};

use super::App;
use crate::error::{Error, Result};
use crate::platform::Host;

impl<H: Host> App<H> {
    /// Keeps what was typed in a form. Errors: `bad-id`, `too-long`.
    pub fn draft_save(&mut self, DraftSave { form, text }: DraftSave) -> Result<()> {
        check(&form)?;
        if text.len() > SIZE {
            return Err(Error::new("too-long", format!("more than {SIZE} bytes")));
        }
        self.session()?.store.tx(|tx| tx.keep_draft(&form, &text, FORMS))
    }

    /// What was typed in a form and not stored.
    pub fn draft_get(&mut self, DraftGet { form }: DraftGet) -> Result<Option<String>> {
        self.session()?.store.read(|tx| tx.draft(&form))
    }

    /// Erases what is kept of a form.
    pub fn draft_drop(&mut self, DraftDrop { form }: DraftDrop) -> Result<()> {
        self.session()?.store.tx(|tx| tx.drop_draft(&form))
    }
}

fn check(form: &str) -> Result<()> {
    let fits = !form.is_empty() && form.len() <= NAME;
    if fits { Ok(()) } else { Err(Error::new("bad-id", "name of a form")) }
}
