//! Accounts and records as the screens name them: lower hex digits.

use crate::error::{Error, Result};
use crate::space::AccountId;

/// Lower hex digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads hex digits.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = (0..text.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

/// The account of that name. Error: `not-found`.
pub fn account(name: &str) -> Result<AccountId> {
    let missing = || Error::new("not-found", "no such account");
    AccountId::from_slice(&unhex(name).ok_or_else(missing)?).map_err(|_| missing())
}

/// The key of the record of that name. Error: `not-found`.
pub fn key(name: &str) -> Result<Vec<u8>> {
    unhex(name).ok_or_else(|| Error::new("not-found", "no such record"))
}

/// The key of a record that a screen made under an id, or names by its key. Error: `bad-id`.
pub fn made_key(id: &str) -> Result<Vec<u8>> {
    let made = uuid::Uuid::parse_str(id).map_err(|_| Error::new("bad-id", id.len()))?;
    Ok(made.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_found_under_its_key_and_under_the_id_it_was_made_with() {
        let id = "0198f3a2-0000-7000-8000-00000000abcd";
        let key = made_key(id).unwrap();
        assert_eq!(made_key(&hex(&key)).unwrap(), key);
        assert_eq!(super::key(&hex(&key)).unwrap(), key);
        assert_eq!(made_key("post").unwrap_err().code, "bad-id");
        let name = hex(&[7; 32]);
        assert_eq!(account(&name).unwrap().to_string(), name);
        for wrong in ["", "07", &name[1..], "zz"] {
            assert_eq!(account(wrong).unwrap_err().code, "not-found");
        }
    }
}
