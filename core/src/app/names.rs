//! Accounts and records as the screens name them: lower hex digits.

use crate::error::{Error, Result};
use crate::space::AccountId;

/// The account of that name. Error: `not-found`.
pub fn account(name: &str) -> Result<AccountId> {
    name.parse().map_err(|_| Error::new("not-found", "no such account"))
}

/// The key of the record of that name. Error: `not-found`.
pub fn key(name: &str) -> Result<Vec<u8>> {
    hex::decode(name).map_err(|_| Error::new("not-found", "no such record"))
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
        assert_eq!(made_key(&hex::encode(&key)).unwrap(), key);
        assert_eq!(super::key(&hex::encode(&key)).unwrap(), key);
        assert_eq!(made_key("post").unwrap_err().code, "bad-id");
        let name = hex::encode([7; 32]);
        assert_eq!(account(&name).unwrap().to_string(), name);
        for wrong in ["", "07", &name[1..], "zz"] {
            assert_eq!(account(wrong).unwrap_err().code, "not-found");
        }
    }
}
