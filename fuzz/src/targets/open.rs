//! Openings of epochs, and grants that come later.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use trellis_core::crypto::{AgreeKey, DeviceId, Refusal, codec};
use trellis_core::space::epochs::{Choice, Epochs};
use trellis_core::space::open::{
    Base, LateGrant, MAX_AUTHORITY, MAX_CUTS, MAX_GRANTS, MAX_LIST, Open, OpenDraft,
};
use trellis_core::space::roster::Roster;
use trellis_core::space::{Draft, EpochId, EpochKey, EpochSecret, Kind, VerifiedItem};

use crate::pieces;
use crate::world::{EPOCH, Fixed, LOG, chain, device, home, phrase, refused, secret, sound, vectors};

const CODES: &[Refusal] = &[Refusal::Malformed, Refusal::NotCanonical, Refusal::Oversized];
const SECRET_CODES: &[Refusal] =
    &[Refusal::Malformed, Refusal::CannotOpen, Refusal::NotGranted, Refusal::WrongCommitment];

/// Device 1 and the paper, with what opens their grants.
static HOLDERS: LazyLock<[(DeviceId, AgreeKey); 2]> = LazyLock::new(|| {
    [(device(1).id(), device(1).agree_key()), (phrase(7).keys().root, phrase(7).seal_key())]
});

/// Bodies of openings and late grants; the first byte chooses which device signs each of them.
pub fn run(input: &[u8]) {
    let (choice, pieces) = pieces::choice(input);
    let mut items: Vec<VerifiedItem> = Vec::new();
    let mut chains = [chain(home(), 1), chain(home(), 2)];
    for (place, piece) in pieces.iter().enumerate() {
        late(piece);
        if let Some(open) = read(piece) {
            let draft = Draft { kind: Kind::Open, key: open.epoch.0.to_vec(), body: piece.to_vec() };
            let signer = chains.get_mut(usize::from(choice >> (place % 8) & 1));
            items.extend(signer.and_then(|signer| signer.next(EPOCH, draft).ok()));
        }
    }
    let epochs = epochs(items.iter());
    let backwards = self::epochs(items.iter().rev());
    assert_eq!(valid(&epochs), valid(&backwards), "depends on the order of openings");
    chosen(&epochs, &backwards);
}

pub fn seeds() -> Vec<Vec<u8>> {
    let opens: Vec<Vec<u8>> = vectors("open").into_iter().filter(|body| Open::read(body).is_ok()).collect();
    let line: Vec<Vec<u8>> = (1..5).map(|epoch| codec::encode(&open(epoch, &[epoch - 1]))).collect();
    let apart = [(1, &[][..]), (3, &[1]), (4, &[1]), (5, &[3, 4])];
    let apart: Vec<Vec<u8>> = apart.iter().map(|(epoch, over)| codec::encode(&open(*epoch, over))).collect();
    let key = EpochKey { opener: device(1).id(), secret: secret() };
    let grant = sound(LateGrant::build(home(), &key, &device(1).public(), &Fixed::new(4)));
    vec![
        pieces::chosen(0, &opens),
        pieces::chosen(0b0110, &line),
        pieces::chosen(0b0101, &apart),
        pieces::chosen(0, &[codec::encode(&grant)]),
    ]
}

/// An epoch over others; 0 is none.
fn open(epoch: u8, parents: &[u8]) -> Open {
    let parents = parents.iter().filter(|parent| **parent > 0).map(|parent| EpochId([*parent; 16]));
    let draft = OpenDraft {
        space: home(),
        epoch: EpochId([epoch; 16]),
        parents: parents.collect(),
        authority: LOG.heads(),
        relays: vec!["https://relay.example".into()],
        cuts: Vec::new(),
        base: if epoch == 4 { Base::Snapshot([6; 16]) } else { Base::Parent },
        recipients: LOG.state().recipients(),
    };
    sound(draft.build(&secret(), &Fixed::new(u64::from(epoch))))
}

fn read(body: &[u8]) -> Option<Open> {
    match Open::read(body) {
        Ok(open) => {
            assert_eq!(codec::encode(&open), body);
            assert!(open.grants.len() <= MAX_GRANTS && open.authority.len() <= MAX_AUTHORITY);
            assert!(open.cuts.len() <= MAX_CUTS && open.relays.len() <= MAX_LIST);
            assert!(open.parents.len() <= MAX_LIST && open.parents.is_sorted_by(|a, b| a < b));
            assert!(open.grants.is_sorted_by(|a, b| a.device < b.device));
            for (id, key) in &*HOLDERS {
                granted(open.secret_for(home(), id, key), &open.commitment);
            }
            Some(open)
        }
        Err(refusal) => {
            refused(refusal, CODES);
            None
        }
    }
}

fn late(body: &[u8]) {
    match LateGrant::read(body) {
        Ok(grant) => {
            assert_eq!(grant.draft(&home()).body, body);
            for (id, key) in &*HOLDERS {
                granted(grant.secret_for(home(), id, key), &grant.commitment);
            }
        }
        Err(refusal) => refused(refusal, CODES),
    }
}

/// Nobody takes another secret than the promised one.
fn granted(secret: Result<EpochSecret, Refusal>, commitment: &[u8; 32]) {
    match secret {
        Ok(secret) => assert_eq!(secret.commitment(&home()), *commitment),
        Err(refusal) => refused(refusal, SECRET_CODES),
    }
}

fn epochs<'a>(items: impl Iterator<Item = &'a VerifiedItem>) -> Epochs {
    // Ids of an earlier version, of one repeated byte, so that openings can name each other.
    let mut epochs = Epochs::with_older((0..=u8::MAX).map(|byte| EpochId([byte; 16])));
    for refusal in items.filter_map(|item| epochs.insert(item).err()) {
        refused(refusal, &[Refusal::ForeignEpoch]);
    }
    epochs
}

fn valid(epochs: &Epochs) -> Vec<(EpochId, Open)> {
    epochs.valid(&*LOG).into_iter().map(|(id, known)| (id, known.open.clone())).collect()
}

/// A valid epoch rests on valid ones and grants to nobody else; one writes to a live one that nothing live follows.
fn chosen(epochs: &Epochs, backwards: &Epochs) {
    let (valid, live) = (epochs.valid(&*LOG), epochs.live(&*LOG));
    let entitled = LOG.entitled();
    for known in valid.values() {
        assert!(known.open.parents.iter().all(|parent| valid.contains_key(parent)));
        assert!(known.open.grants.iter().all(|grant| entitled.contains_key(&grant.device)));
    }
    assert!(live.keys().all(|epoch| valid.contains_key(epoch)));
    let choice = epochs.choose(&*LOG);
    assert_eq!(choice, backwards.choose(&*LOG));
    match choice {
        Choice::Write(epoch) => assert!(live.contains_key(&epoch)),
        Choice::OpenOver(leaves) => {
            let leaves: BTreeSet<EpochId> = leaves.into_iter().collect();
            assert!(live.is_empty() && leaves.iter().all(|leaf| valid.contains_key(leaf)));
        }
    }
}
