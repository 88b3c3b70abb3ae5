//! Snapshots that are not what they say: they do nothing, or nothing that is not put right.

use super::epochs::{minutes, sign_out};
use super::snapshots::{fold, grown, join, standing, trim, write_epoch};
use super::world::World;
use crate::space::open::Base;
use crate::space::snapshot::Snapshot;
use crate::space::{EpochId, EpochSecret, ItemId, Kind, Mark, WriterId};
use crate::sync::epochs::rotation::{Opening, write};
use crate::sync::space_state::Known;
use crate::sync::{keys, space_state};

/// A device opens an epoch that starts from a snapshot of its own making.
fn plant(world: &mut World, phone: usize, snapshot: &Snapshot, without: Option<usize>) -> [u8; 16] {
    let (ground, now) = (world.phones[phone].ground.clone(), world.now.get());
    let id = [9; 16];
    let planted = world.phones[phone].store().tx(|tx| {
        let tx = &keys::personal(tx)?;
        let log = space_state::own_log(tx)?;
        let opening = Opening {
            secret: EpochSecret::random(&ground),
            parents: Known::read(tx)?.epochs.leaves(&log),
            cuts: Vec::new(),
            base: Base::Snapshot(id),
        };
        opening.open(tx, &ground, &log, now)?;
        for (number, draft) in snapshot.drafts(id)?.into_iter().enumerate() {
            if Some(number) != without {
                write(tx, draft, now)?;
            }
        }
        Ok::<_, crate::error::Error>(keys::write_epoch(tx)?.unwrap())
    });
    planted.unwrap()
}

/// Claims to hold everything that a device has.
fn claims(world: &mut World, phone: usize) -> Snapshot {
    let heads = world.phones[phone].store().read(|tx| keys::personal(tx)?.writer_heads()).unwrap();
    let mark = |row: crate::store::spaces::ItemRow| Mark {
        writer: WriterId(row.writer),
        seq: row.seq,
        id: ItemId(row.id),
    };
    Snapshot { covers: heads.into_iter().map(mark).collect(), ..Snapshot::default() }
}

fn covered(world: &mut World, phone: usize) -> usize {
    let all = world.phones[phone].store().read(|tx| keys::personal(tx)?.all_items()).unwrap().len();
    let loose = |world: &mut World| {
        world.phones[phone].store().read(|tx| {
            let tx = &keys::personal(tx)?;
            let epochs = tx.epochs()?;
            let counts = epochs.iter().map(|row| Ok(tx.accepted_in(&row.id, false)?.len()));
            counts.sum::<crate::error::Result<usize>>()
        })
    };
    all - loose(world).unwrap()
}

#[test]
fn a_snapshot_that_claims_what_it_does_not_hold_lets_nothing_go() {
    let (mut world, old) = grown(90, 2, 20, u64::MAX);
    let (before, claims) = (world.relay.count(old), claims(&mut world, 1));
    let epoch = plant(&mut world, 1, &claims, None);
    world.settle(1);
    world.settle(0);
    assert_eq!(standing(&mut world, 0), Some(EpochId(epoch)));
    let changes = world.phones[0].store().read(|tx| {
        let tx = &keys::personal(tx)?;
        let of_old = tx.items_of_kind(Kind::Change.into())?;
        let loose = tx.accepted_in(&of_old[0].epoch, false)?;
        let loose = loose.iter().filter(|row| Kind::from(row.kind) == Kind::Change);
        Ok::<_, crate::error::Error>((of_old.len(), loose.count()))
    });
    let (all, loose) = changes.unwrap();
    assert_eq!(all, loose, "the claim was believed");
    assert!(world.relay.count(old) > before);
    // What is lacking is published by whoever holds it; only then the old mailbox is let go.
    minutes(&mut world, &[0, 1], 3);
    trim(&mut world, &[0, 1]);
    assert!(world.relay.count(old) < before);
    join(&mut world);
    world.assert_converged();
}

#[test]
fn an_incomplete_snapshot_is_none() {
    let (mut world, old) = grown(91, 2, 20, u64::MAX);
    let claims =
        Snapshot { documents: [(b"plan".to_vec(), vec![1; 100_000])].into(), ..claims(&mut world, 1) };
    plant(&mut world, 1, &claims, Some(1));
    minutes(&mut world, &[0, 1], 2);
    let before = world.relay.count(old);
    trim(&mut world, &[0, 1]);
    assert_eq!((standing(&mut world, 0), standing(&mut world, 1)), (None, None));
    assert!(world.relay.count(old) >= before);
    assert_eq!(covered(&mut world, 0), 0);
    world.phones[0].save("on", "goes on").unwrap();
    join(&mut world);
    world.assert_converged();
}

#[test]
fn a_snapshot_that_cannot_be_read_stops_nothing() {
    let (mut world, _) = grown(92, 2, 20, u64::MAX);
    let name = b"journal/2026".to_vec();
    let claims = Snapshot { documents: [(name, vec![7; 5_000])].into(), ..claims(&mut world, 1) };
    plant(&mut world, 1, &claims, None);
    minutes(&mut world, &[0, 1], 2);
    trim(&mut world, &[0, 1]);
    assert_eq!(standing(&mut world, 0), None);
    assert_eq!(covered(&mut world, 0), 0);
    world.phones[0].save("on", "goes on").unwrap();
    join(&mut world);
    world.assert_converged();
}

#[test]
fn a_snapshot_of_a_signed_out_device_is_none() {
    let (mut world, old) = grown(93, 3, 20, u64::MAX);
    sign_out(&mut world, 0, 2);
    world.settle(0);
    let claims = claims(&mut world, 2);
    plant(&mut world, 2, &claims, None);
    for _ in 0..6 {
        let (phone, relay) = (&mut world.phones[2], &mut world.relay);
        phone.step(relay, super::world::Line::Fine).unwrap();
    }
    minutes(&mut world, &[0, 1], 2);
    let (before, write) = (world.relay.count(old), write_epoch(&mut world, 0));
    trim(&mut world, &[0, 1]);
    assert_ne!(write, [0; 16]);
    assert_eq!((standing(&mut world, 0), standing(&mut world, 1)), (None, None));
    assert!(world.relay.count(old) >= before);
    assert_eq!(world.phones[0].holds(), world.phones[1].holds());
}

#[test]
fn a_lost_part_is_asked_for_and_the_snapshot_becomes_whole() {
    let (mut world, _) = grown(94, 2, 40, 60);
    for _ in 0..70 {
        world.settle(0);
        world.pass(10_000);
    }
    let epoch = standing(&mut world, 0).unwrap();
    let parts =
        world.phones[0].store().read(|tx| keys::personal(tx)?.items_of_kind(Kind::Snapshot.into())).unwrap();
    let mailbox = world.phones[0].store().read(|tx| keys::of_epoch(tx, &epoch.0)).unwrap().mailbox();
    world.relay.lose(mailbox, parts[1].envelope);
    world.settle(1);
    assert_eq!(standing(&mut world, 1), None);
    fold(&mut world, &[0, 1]);
    assert_eq!(standing(&mut world, 1), Some(epoch));
    world.assert_converged();
}
