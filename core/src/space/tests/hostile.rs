//! Whatever comes in: altered, cut short, foreign, forged, repeated or plain noise.
use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, ROOT};
use proptest::prelude::*;
use proptest::sample::Index;

use super::{Fixed, chain, device, log_of, open_draft, record};
use crate::crdt::chunk;
use crate::crypto::pairing::{Invite, Offer, PairCode};
use crate::crypto::{Phrase, Secret, Signature, codec, words, wrap};
use crate::space::authority::Ledger;
use crate::space::device_log::{DeviceLog, Entry};
use crate::space::open::{LateGrant, Open};
use crate::space::repair::{Heads, Need};
use crate::space::snapshot::{Snapshot, carry, contents};
use crate::space::welcome::Welcome;
use crate::space::*;

fn space() -> SpaceId {
    SpaceId::personal(&log_of(&device(1)).account())
}

fn keys(epoch: u8) -> EpochKeys {
    EpochSecret::new(Secret::new([1; 32])).keys(space(), EpochId([epoch; 16]))
}

fn item() -> VerifiedItem {
    chain(space(), &device(1), 5).next(EpochId([1; 16]), record("a", "body")).unwrap()
}

fn refused(carried: Carried) -> Refusal {
    carried.verify(space()).unwrap_err()
}

/// The item's bytes changed by a function and signed again by its own device.
fn resigned(change: impl Fn(&mut Item)) -> Carried {
    let good = item();
    let mut item = good.item().clone();
    change(&mut item);
    let bytes = codec::encode(&item);
    let scope = good.scope();
    let signature = device(1).sign_key().sign(&[b"trellis/v1/item", &scope.space.0, &scope.epoch.0, &bytes]);
    Carried { epoch: scope.epoch, item: bytes.into(), signature }
}

#[test]
fn an_item_belongs_to_one_space_and_one_epoch() {
    let carried = item().to_carried().clone();
    assert_eq!(carried.clone().verify(SpaceId([0; 32])).err(), Some(Refusal::Forged));
    assert_eq!(refused(Carried { epoch: EpochId([2; 16]), ..carried }), Refusal::Forged);
    assert_eq!(keys(2).seal(&item()).err(), Some(Refusal::ForeignEpoch));
    let foreign = EpochSecret::new(Secret::new([1; 32])).keys(SpaceId([0; 32]), EpochId([1; 16]));
    assert_eq!(foreign.seal(&item()).err(), Some(Refusal::ForeignSpace));
}

#[test]
fn nobody_writes_in_anothers_name() {
    let good = item().to_carried().clone();
    let mut item = item().item().clone();
    item.device = device(2).id();
    let renamed = Carried { item: codec::encode(&item).into(), ..good.clone() };
    assert_eq!(refused(renamed), Refusal::ForeignWriter);
    assert_eq!(refused(Carried { signature: Signature([0; 64]), ..good }), Refusal::Forged);
    let theirs = WriterId::fresh(&device(2).id(), &Fixed::new(1));
    assert_eq!(refused(resigned(|item| item.writer = theirs)), Refusal::ForeignWriter);
    let stolen = Chain::new(space(), theirs, &device(1), Position::default());
    assert_eq!(stolen.err(), Some(Refusal::ForeignWriter));
}

#[test]
fn chains_have_no_loose_ends() {
    assert!(resigned(|_| {}).verify(space()).is_ok());
    let nowhere = |item: &mut Item| (item.seq, item.prev) = (0, Some(ItemId([0; 32])));
    assert_eq!(refused(resigned(nowhere)), Refusal::BadChain);
    assert_eq!(refused(resigned(|item| item.seq = 0)), Refusal::BadChain);
    assert_eq!(refused(resigned(|item| item.seq = 2)), Refusal::BadChain);
    assert_eq!(refused(resigned(|item| item.prev = Some(ItemId([0; 32])))), Refusal::BadChain);
    assert_eq!(refused(resigned(|item| item.lamport = 0)), Refusal::BadChain);
    assert_eq!(refused(resigned(|item| item.key = vec![0; 129].into())), Refusal::Oversized);
}

#[test]
fn later_versions_are_told_from_nonsense() {
    assert_eq!(refused(resigned(|item| item.v = 2)), Refusal::UnknownVersion);
    let good = item().to_carried().clone();
    let longer = Carried { item: vec![0x8a, 0x02, 0x00].into(), ..good.clone() };
    assert_eq!(refused(longer), Refusal::UnknownVersion);
    assert_eq!(refused(Carried { item: vec![0xff].into(), ..good }), Refusal::Malformed);
}

#[test]
fn an_item_has_one_encoding() {
    let good = item().to_carried().clone();
    let mut trailing = good.item.to_vec();
    trailing.push(0);
    assert_eq!(refused(Carried { item: trailing.into(), ..good.clone() }), Refusal::NotCanonical);
    // The version as a two-byte number, which says the same.
    let mut long = good.item.to_vec();
    long.splice(1..2, [0x18, 0x01]);
    assert_eq!(refused(Carried { item: long.into(), ..good }), Refusal::NotCanonical);
}

#[test]
fn unknown_kinds_are_kept_and_forwarded() {
    let draft = Draft { kind: Kind::Unknown(999), key: vec![], body: vec![1, 2, 3] };
    let later = chain(space(), &device(1), 5).next(EpochId([1; 16]), draft).unwrap();
    let opened = keys(1).open(&keys(1).seal(&later).unwrap()).unwrap().verify().unwrap();
    assert_eq!(opened.item().kind, Kind::Unknown(999));
    assert!(Ledger::default().insert(&opened).unwrap().is_empty());
    assert_eq!(contents(opened.item()), Ok(vec![]));
}

#[test]
fn a_replayed_item_changes_nothing() {
    let mut ledger = Ledger::default();
    let good = item();
    ledger.insert(&good).unwrap();
    let again = keys(1).open(&keys(1).seal(&good).unwrap()).unwrap().verify().unwrap();
    assert!(ledger.insert(&again).unwrap().is_empty());
    assert_eq!(ledger.facts().len(), 1);
}

#[test]
fn a_container_with_one_bad_item_leaves_nothing_behind() {
    let good = item();
    let mut chain = chain(space(), &device(1), 6);
    let mut bad = good.to_carried().clone();
    bad.signature = Signature([0; 64]);
    let body = codec::encode(&vec![good.to_carried().clone(), bad]);
    let carrier = chain.next(EpochId([1; 16]), Draft { kind: Kind::Carry, key: vec![], body }).unwrap();
    let mut ledger = Ledger::default();
    assert_eq!(ledger.insert(&carrier), Err(Refusal::Forged));
    assert!(ledger.facts().is_empty());
}

#[test]
fn a_change_is_by_its_writer_and_raw() {
    let mut chain = chain(space(), &device(1), 5);
    let change = |actor: &[u8]| {
        let mut doc = AutoCommit::new().with_actor(ActorId::from(actor));
        doc.put(ROOT, "mood", 3).unwrap();
        doc.get_last_local_change().unwrap().raw_bytes().to_vec()
    };
    let own = change(&chain.writer().0);
    assert_eq!(chunk::facts(&own).map(|facts| facts.actor), Ok(chain.writer().0));
    let mut insert = |body: Vec<u8>| {
        let draft = Draft { kind: Kind::Change, key: b"plan".to_vec(), body };
        Ledger::default().insert(&chain.next(EpochId([1; 16]), draft).unwrap()).err()
    };
    let mut packed = own.clone();
    packed[8] = 2;
    assert_eq!(insert(own.clone()), None);
    assert_eq!(insert(change(&[7; 16])), Some(Refusal::ForeignWriter));
    assert_eq!(insert(packed), Some(Refusal::Malformed));
    assert_eq!(insert(own[..own.len() - 1].to_vec()), Some(Refusal::Malformed));
    assert_eq!(insert([own.clone(), own].concat()), Some(Refusal::Malformed));
}

#[test]
fn a_welcome_is_for_a_device_of_the_account() {
    let (one, two) = (device(1), device(2));
    let mut log = log_of(&one);
    log.add(two.public(), &one).unwrap();
    let welcome = Welcome {
        account: log.account(),
        entries: log.entries().map(|entry| entry.bytes().to_vec()).collect(),
        epochs: vec![EpochKey { opener: one.id(), secret: EpochSecret::new(Secret::new([1; 32])) }],
        relays: vec!["https://relay.example".into()],
        owner: Secret::new([2; 32]),
        beacon: Secret::new([3; 32]),
    };
    let read = Welcome::read(&welcome.encode(), &two.id()).ok().unwrap();
    assert_eq!(read.log().state(), log.state());
    assert_eq!(read.epochs[0].secret.secret().expose(), &[1; 32]);
    assert_eq!(Welcome::read(&welcome.encode(), &device(3).id()).err(), Some(Refusal::NotEntitled));
}

/// Feeds bytes to every reader; what matters is that each returns.
fn feed(bytes: &[u8], log: &DeviceLog) {
    let text = String::from_utf8_lossy(bytes);
    let _ = keys(1).open(bytes).map(UnverifiedItem::verify);
    let carried =
        Carried { epoch: EpochId([1; 16]), item: bytes.to_vec().into(), signature: Signature([1; 64]) };
    let _ = carried.verify(space());
    let _ = Entry::read(&log.account(), bytes);
    let _ = log.clone().insert(bytes);
    let _ = (Open::read(bytes), LateGrant::read(bytes), Heads::read(bytes), Need::read(bytes));
    let _ = (chunk::facts(bytes).err(), Welcome::read(bytes, &device(1).id()).err());
    let _ = (Offer::read(bytes, 0), PairCode::parse(&text).err(), Phrase::parse(&text).err());
    let _ =
        (words::nearest(&text, bip39::Language::Spanish), PairCode::random(None, &Fixed::new(1)).open(bytes));
    let _ = codec::decode::<Vec<Carried>>(bytes);
    if bytes.first() != Some(&1) {
        let _ = wrap::unwrap(bytes, "passphrase", None).err();
    }
    for kind in [Kind::Carry, Kind::Snapshot, Kind::Change, Kind::Open] {
        let draft = Draft { kind, key: vec![], body: bytes.to_vec() };
        if let Ok(item) = chain(space(), &device(1), 5).next(EpochId([1; 16]), draft) {
            let _ = Ledger::default().insert(&item).is_ok();
            let _ = epochs::Epochs::default().insert(&item);
            let _ = Snapshot::assemble([&item]);
        }
    }
}

/// Valid messages of every layout, to start damaging from.
fn samples() -> Vec<Vec<u8>> {
    let log = log_of(&device(1));
    let open =
        open_draft(&log, 2, &[1]).build(&EpochSecret::new(Secret::new([1; 32])), &Fixed::new(2)).unwrap();
    let snapshot = Snapshot { items: vec![item().to_carried().clone()], ..Snapshot::default() };
    vec![
        keys(1).seal(&item()).unwrap(),
        item().to_carried().item.to_vec(),
        log.entries().next().unwrap().bytes().to_vec(),
        codec::encode(&open),
        carry([&item()])[0].body.clone(),
        snapshot.drafts([1; 16]).unwrap()[1].body.clone(),
        Invite::new("Phone", 0, &Fixed::new(1)).unwrap().offer,
        PairCode::random(None, &Fixed::new(1)).to_link().into_bytes(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_bytes_make_any_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..700)) {
        feed(&bytes, &log_of(&device(1)));
    }

    #[test]
    fn no_damage_makes_any_reader_panic(
        which in any::<Index>(),
        places in prop::collection::vec((any::<Index>(), any::<u8>()), 1..4),
        cut in any::<Index>(),
    ) {
        let mut bytes = which.get(&samples()).clone();
        for (place, value) in places {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        feed(&bytes, &log_of(&device(1)));
        bytes.truncate(cut.index(bytes.len()));
        feed(&bytes, &log_of(&device(1)));
    }

    #[test]
    fn every_flipped_bit_of_an_envelope_is_refused(bit in any::<Index>()) {
        let mut sealed = keys(1).seal(&item()).unwrap();
        let bit = bit.index(sealed.len() * 8);
        sealed[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(keys(1).open(&sealed).is_err());
    }

    #[test]
    fn every_flipped_bit_of_an_item_is_refused(bit in any::<Index>()) {
        let mut carried = item().to_carried().clone();
        let bit = bit.index(carried.item.len() * 8);
        carried.item[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(carried.verify(space()).is_err());
    }

    #[test]
    fn a_claimed_length_reserves_no_memory(count in 1u64..u64::MAX) {
        let mut bytes = vec![0x9b];
        bytes.extend_from_slice(&count.to_be_bytes());
        prop_assert!(codec::decode::<Vec<Carried>>(&bytes).is_err());
        bytes[0] = 0x5b;
        prop_assert!(codec::decode::<minicbor::bytes::ByteVec>(&bytes).is_err());
    }
}
