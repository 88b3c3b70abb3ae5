//! Whatever comes into a shared space: altered, cut short, or plain noise. Nothing panics, and nothing altered is taken.
use proptest::prelude::*;
use proptest::sample::Index;

use super::{Fixed, device, log_of};
use crate::crypto::codec;
use crate::crypto::invite::{Channel, JoinCode, JoinMessage};
use crate::space::consent::Consent;
use crate::space::join::{Asking, Offer};
use crate::space::members::{Entry, Members, Role, SpaceKind};
use crate::space::record::{Day, Record, tests::all};
use crate::space::{AccountId, SpaceId};

fn founded() -> (Members, Vec<u8>) {
    let (log, key) = (log_of(&device(1)), device(1).sign_key());
    let (members, entry) =
        Members::found(SpaceKind::Group, "Tuesday", Role::Peer, &log, &key, &Fixed::new(1)).unwrap();
    (members, entry.bytes().to_vec())
}

/// Reads bytes in every way there is.
fn read_all(bytes: &[u8]) {
    let (mut members, _) = founded();
    let _refused = members.insert(bytes);
    let _refused = members.insert_device(AccountId([1; 32]), bytes);
    let _refused = Entry::space_of(bytes);
    let _refused = Record::read(bytes);
    let _refused = Consent::read(bytes);
    let _refused = Offer::read(bytes, 0);
    let _refused = Asking::resume(bytes);
    let _refused = Channel::kept(bytes);
    let _refused = codec::decode::<JoinMessage>(bytes);
    let _refused = JoinCode::random(None, &Fixed::new(1)).open(bytes);
    let _refused = JoinCode::parse(&String::from_utf8_lossy(bytes));
    let _none = Day(i32::from_be_bytes(*bytes.first_chunk().unwrap_or(&[0; 4]))).date();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn noise_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        read_all(&bytes);
        prop_assert!(founded().0.insert(&bytes).is_err());
    }

    #[test]
    fn an_altered_or_shortened_entry_is_refused(at in any::<Index>(), bit in 0u8..8, cut in any::<Index>()) {
        let (_, entry) = founded();
        let mut altered = entry.clone();
        *at.get_mut(&mut altered) ^= 1 << bit;
        let space = Entry::space_of(&entry).unwrap();
        prop_assert!(Members::new(space).insert(&altered).is_err());
        let cut = &entry[..cut.index(entry.len())];
        prop_assert!(Members::new(space).insert(cut).is_err());
        prop_assert!(Members::new(SpaceId([0; 32])).insert(&entry).is_err());
    }

    #[test]
    fn an_altered_record_is_another_one_or_none(pick in any::<Index>(), at in any::<Index>(), bit in 0u8..8) {
        let contents = all();
        let record = Record::new(AccountId([9; 32]), pick.get(&contents).1.clone());
        let mut bytes = record.draft(vec![1]).unwrap().body;
        *at.get_mut(&mut bytes) ^= 1 << bit;
        read_all(&bytes);
        if let Ok(read) = Record::read(&bytes) {
            prop_assert_ne!(&read, &record);
            prop_assert_eq!(codec::encode(&read), bytes);
        }
    }
}
