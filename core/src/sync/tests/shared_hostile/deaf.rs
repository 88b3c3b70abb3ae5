//! Nobody deafens another: a key that one device cannot open is asked for, and given by whoever has it.

use std::collections::BTreeSet;

use super::super::people::DAY;
use super::super::world::World;
use super::{HOUR, draft, opens};
use crate::crypto::codec::Extensible;
use crate::space::members::{Entry, Op};
use crate::space::open::{Base, LateGrant, Open};
use crate::space::{EpochKey, EpochSecret, Kind, SpaceId};
use crate::sync::{allowance, keys};

/// The opening with the grant of one device exchanged for that of another: nobody can open it.
fn spoiled(world: &mut World, mut open: Open, victim: usize) -> Open {
    let device = world.phones[victim].keys().id();
    let other = open.grants.iter().find(|grant| grant.device != device).unwrap().sealed.clone();
    open.grants
        .iter_mut()
        .filter(|grant| grant.device == device)
        .for_each(|grant| grant.sealed = other.clone());
    open
}

fn hears(world: &mut World, space: &SpaceId, who: usize, text: &str) -> bool {
    world.phones[who].posts(space).contains(&text.to_owned())
}

#[test]
fn who_was_handed_a_spoiled_key_asks_and_is_given_it() {
    let (mut world, space) = World::group(130, 4);
    let (key, open) = opens(&mut world.phones[2], &space, Base::Parent);
    let open = spoiled(&mut world, open, 1);
    world.make(&space, &key);
    world.plant(2, &space, open.draft());
    world.settle_some(&[0, 3]);
    world.phones[0].post(&space, "under the new key").unwrap();
    world.settle_some(&[0, 3, 1]);
    assert!(hears(&mut world, &space, 3, "under the new key"));
    assert!(!hears(&mut world, &space, 1, "under the new key"), "the grant is spoiled");
    for _ in 0..3 {
        world.pass(HOUR / 4);
        world.settle_some(&[1, 0, 3]);
    }
    assert!(hears(&mut world, &space, 1, "under the new key"));
    world.go_on(&space, &[0, 1, 3]);
}

/// Opens epochs over the current one whose keys only their maker has.
fn junk(world: &mut World, space: &SpaceId, maker: usize, count: usize) {
    let own = world.phones[maker].keys().id();
    for _ in 0..count {
        let (_, mut open) = opens(&mut world.phones[maker], space, Base::Parent);
        open.grants.retain(|grant| grant.device == own);
        world.plant(maker, space, open.draft());
    }
}

#[test]
fn epochs_whose_keys_nobody_has_take_no_turn_from_the_one_that_is_written_to() {
    let (mut world, space) = World::group(137, 4);
    junk(&mut world, &space, 2, 40);
    let (key, open) = opens(&mut world.phones[2], &space, Base::Parent);
    let open = spoiled(&mut world, open, 1);
    world.make(&space, &key);
    world.plant(2, &space, open.draft());
    world.settle_some(&[0, 3]);
    world.phones[0].post(&space, "under the new key").unwrap();
    for _ in 0..12 {
        world.settle_some(&[1, 0, 3]);
        world.pass(HOUR / 4);
    }
    assert!(hears(&mut world, &space, 1, "under the new key"));
    hear_each_other(&mut world, &space, &[0, 1, 3]);
}

/// Each of them is heard by the others; what is asked for in vain may go on for a while.
fn hear_each_other(world: &mut World, space: &SpaceId, who: &[usize]) {
    for phone in who {
        world.phones[*phone].post(space, &format!("heard {phone}")).unwrap();
    }
    world.settle_some(who);
    for (phone, other) in who.iter().flat_map(|phone| who.iter().map(move |other| (*phone, *other))) {
        assert!(hears(world, space, phone, &format!("heard {other}")), "{phone} hears {other}");
    }
}

#[test]
fn who_holds_only_an_old_epoch_learns_who_was_put_out_and_goes_on() {
    let (mut world, space) = World::group(136, 4);
    // More ends than an opening can name, and the victim can read none of them.
    for _ in 0..70 {
        let (key, open) = opens(&mut world.phones[2], &space, Base::Parent);
        let open = spoiled(&mut world, open, 1);
        world.make(&space, &key);
        world.plant(2, &space, open.draft());
    }
    world.settle_some(&[0, 3]);
    let hostile = world.phones[2].account();
    world.phones[0].act(&space, Op::Remove { account: hostile }).unwrap();
    world.phones[0].post(&space, "without them").unwrap();
    for _ in 0..20 {
        world.settle_some(&[1, 0, 3]);
        world.pass(HOUR / 4);
    }
    assert!(!world.phones[1].members(&space).contains(&hostile));
    assert!(hears(&mut world, &space, 1, "without them"));
    hear_each_other(&mut world, &space, &[0, 1, 3]);
}

#[test]
fn a_spoiled_grant_that_comes_later_does_not_count_as_given() {
    let (mut world, space) = World::group(131, 4);
    let (key, mut open) = opens(&mut world.phones[2], &space, Base::Parent);
    let victim = world.phones[1].keys();
    open.grants.retain(|grant| grant.device != victim.id());
    world.make(&space, &key);
    let ground = world.phones[2].ground.clone();
    // Sealed to somebody else, and said to be for the victim; again and again, so that it always comes first.
    let mut late = LateGrant::build(space, &key, &world.phones[0].keys().public(), &ground).unwrap();
    late.grant.device = victim.id();
    world.plant(2, &space, open.draft());
    world.plant(2, &space, late.draft(&space));
    world.phones[0].post(&space, "later").unwrap();
    for _ in 0..4 {
        world.settle_some(&[0, 3, 1]);
        let mut again = LateGrant::build(space, &key, &world.phones[0].keys().public(), &ground).unwrap();
        again.grant.device = victim.id();
        world.plant(2, &space, again.draft(&space));
        world.pass(HOUR / 4);
    }
    assert!(hears(&mut world, &space, 1, "later"));
    world.go_on(&space, &[0, 1, 3]);
}

#[test]
fn nobody_opens_an_epoch_under_the_id_of_another() {
    let (mut world, space) = World::group(132, 4);
    let (_, honest) = opens(&mut world.phones[0], &space, Base::Parent);
    let ground = world.phones[2].ground.clone();
    for n in 0..20 {
        let (_, open) = opens(&mut world.phones[2], &space, Base::Parent);
        let secret = EpochSecret::random(&ground);
        let commitment = if n % 2 == 0 { secret.commitment(&space) } else { honest.commitment };
        let rival = Open { epoch: honest.epoch, commitment, ..open };
        world.plant(2, &space, rival.draft());
    }
    world.settle_some(&[0, 1, 3]);
    let known =
        world.phones[1].within(&space, |_, _, known| Ok(known.epochs.opens_of(&honest.epoch).count()));
    assert_eq!(known.unwrap(), 0, "none of them is taken in");
    world.plant(0, &space, honest.draft());
    world.settle_some(&[0, 1, 3]);
    let known =
        world.phones[1].within(&space, |_, _, known| Ok(known.epochs.opens_of(&honest.epoch).count()));
    assert_eq!(known.unwrap(), 1);
}

#[test]
fn a_late_grant_of_a_key_with_another_id_is_not_believed() {
    let (mut world, space) = World::group(133, 3);
    let (key, open) = opens(&mut world.phones[2], &space, Base::Parent);
    let (victim, ground) = (world.phones[1].keys(), world.phones[2].ground.clone());
    let other = EpochKey { secret: EpochSecret::random(&ground), ..key };
    let mut late = LateGrant::build(space, &other, &victim.public(), &ground).unwrap();
    late.commitment = open.commitment;
    let named = crate::space::Draft { key: open.epoch.0.to_vec(), ..late.draft(&space) };
    world.plant(2, &space, named);
    world.settle_some(&[0, 1]);
    let held = world.phones[1].within(&space, |tx, _, _| Ok(tx.epoch(&open.epoch.0)?.is_some()));
    assert!(!held.unwrap());
    world.go_on(&space, &[0, 1]);
}

#[test]
fn who_asks_for_keys_without_end_is_answered_within_bounds() {
    let (mut world, space) = World::group(134, 3);
    let (key, open) = opens(&mut world.phones[0], &space, Base::Parent);
    world.make(&space, &key);
    world.plant(0, &space, open.draft());
    world.settle_some(&[0, 1]);
    let wrote = world.phones[0].within(&space, |tx, _, _| Ok(tx.items_of_kind(Kind::Grant.into())?.len()));
    let (before, mut most) = (wrote.unwrap(), 0);
    for n in 0..60u8 {
        world.plant(2, &space, draft(Kind::KeyRequest, &open.epoch.0, &[n]));
        world.settle(0);
        world.pass(61_000);
        world.settle(0);
        most = world.phones[0]
            .within(&space, |tx, _, _| Ok(tx.items_of_kind(Kind::Grant.into())?.len()))
            .unwrap();
    }
    assert!((2..=2 * 32).contains(&(most - before)), "{} grants", most - before);
    world.pass(DAY);
    world.go_on(&space, &[0, 1]);
}

#[test]
fn one_device_makes_nobody_read_epochs_without_end() {
    let (mut world, space) = World::group(135, 3);
    for _ in 0..600 {
        let (key, open) = opens(&mut world.phones[2], &space, Base::Parent);
        world.make(&space, &key);
        world.plant(2, &space, open.draft());
    }
    world.settle_some(&[0, 1]);
    let held = world.phones[0].within(&space, |tx, _, _| Ok(tx.epochs()?.len())).unwrap();
    assert!((512..520).contains(&held), "{held} epochs");
    let account = world.phones[2].account();
    world.phones[0].act(&space, crate::space::members::Op::Remove { account }).unwrap();
    world.settle_some(&[0, 1]);
    world.go_on(&space, &[0, 1]);
}

impl World {
    /// The relay has the mailbox of an epoch.
    fn make(&mut self, space: &SpaceId, key: &EpochKey) {
        let mailbox = key.secret.keys(*space, key.id(space)).mailbox();
        self.relay.boxes.insert(mailbox, crate::sync::tests::relay::Mailbox::empty());
    }
}

#[test]
fn grants_of_epochs_that_nobody_opened_are_not_read() {
    let (mut world, space) = World::group(97, 3);
    let (ground, device) = (world.phones[2].ground.clone(), world.phones[1].keys().public());
    for _ in 0..200 {
        let key = EpochKey::random(world.phones[2].keys().id(), &ground);
        let grant = LateGrant::build(space, &key, &device, &ground).unwrap();
        world.plant(2, &space, grant.draft(&space));
    }
    world.settle_some(&[0, 1]);
    let held = world.phones[1].within(&space, |tx, _, _| tx.epochs()).unwrap();
    assert!(held.len() < 5, "{} epochs", held.len());
    world.go_on(&space, &[0, 1]);
}

/// Each key takes room in a document of one's own: many of them are many changes.
#[test]
fn however_many_keys_there_are_they_come_to_ones_other_device() {
    let (mut world, space, laptop) = World::group_and_laptop(98, 2);
    let (ground, now) = (world.phones[0].ground.clone(), world.now.get());
    let opener = world.phones[1].keys().id();
    for _ in 0..900 {
        let key = EpochKey::random(opener, &ground);
        world.phones[0].within(&space, |tx, _, _| keys::learn_epoch(tx, &key, now)).unwrap();
    }
    world.phones[0].within(&space, |tx, docs, _| crate::sync::shared::keep_keys(tx, docs)).unwrap();
    world.phones[0].save("mine", "my own").unwrap();
    world.settle_some(&[0, laptop]);
    assert_eq!(world.phones[laptop].holds(), world.phones[0].holds());
    assert_eq!(world.phones[0].line().set_aside, 0);
    assert!(world.phones[laptop].within(&space, |tx, _, _| tx.epochs()).unwrap().len() > 900);
}

/// Right after somebody was removed, a member opens an epoch whose key it gives to nobody.
#[test]
fn an_epoch_whose_key_nobody_gets_silences_nobody() {
    let (mut world, space) = World::group(111, 4);
    let account = world.phones[3].account();
    // The founder says so and opens nothing, as if switched off right then.
    let heads = world.phones[0].within(&space, |_, _, known| Ok(known.roster().authority_heads())).unwrap();
    let (key, founder) = (world.phones[0].keys().sign_key(), world.phones[0].account());
    let remove = Extensible::Known(Op::Remove { account });
    let remove = Entry::sign(&space, founder, heads, remove, &key).unwrap();
    super::publish(&mut world, 0, &space, remove.bytes());
    world.settle(0);
    // Its own app would open one for everybody within a minute.
    world.settle(2);
    let (_, mut open) = opens(&mut world.phones[2], &space, Base::Parent);
    let own = world.phones[2].keys().id();
    open.grants.retain(|grant| grant.device == own);
    world.plant(2, &space, open.draft());
    world.settle(1);
    let stale =
        world.phones[1].within(&space, |tx, _, _| crate::sync::epochs::rotation::is_stale(tx)).unwrap();
    assert!(stale, "there is another epoch to write to");
    for _ in 0..3 {
        world.pass(10 * 60_000);
        world.phones[1].go_on(&mut world.relay);
    }
    let stale =
        world.phones[1].within(&space, |tx, _, _| crate::sync::epochs::rotation::is_stale(tx)).unwrap();
    assert!(!stale, "nothing is shared any more");
    (0..4).for_each(|_| world.settle_some(&[0, 1]));
    world.go_on(&space, &[0, 1]);
}

/// A device asks, in the epoch that it reads, for whatever is written to now; and these answer.
fn asks_behind(world: &mut World, space: &SpaceId, who: usize, n: u8, by: &[usize]) {
    let old = world.phones[who].epoch_keys(space).scope().epoch;
    world.plant(who, space, draft(Kind::KeyRequest, &old.0, &[n]));
    for phone in by {
        world.settle(*phone);
        world.pass(61_000);
        world.settle(*phone);
    }
}

/// How many grants one device has given another, and how many of them are in the epoch that the other one reads.
fn given(world: &mut World, space: &SpaceId, by: usize, to: usize) -> (usize, usize) {
    let (device, own) = (world.phones[to].keys().id(), world.phones[by].keys().id());
    let old = world.phones[to].epoch_keys(space).scope().epoch;
    let given = world.phones[by].within(space, |tx, _, known| {
        let grants =
            known.grants(tx)?.into_iter().map(|(n, grant)| (tx.item(n).unwrap().unwrap().epoch, grant));
        let mine = grants.filter(|(_, grant)| grant.by == own && grant.late.grant.device == device);
        Ok(mine
            .map(|(epoch, grant)| (epoch == old.0, grant.late.grant.sealed.clone()))
            .collect::<BTreeSet<_>>())
    });
    let (there, elsewhere): (BTreeSet<_>, BTreeSet<_>) = given.unwrap().into_iter().partition(|(is, _)| *is);
    let there: BTreeSet<_> = there.into_iter().map(|(_, sealed)| sealed).collect();
    let all = elsewhere.into_iter().map(|(_, sealed)| sealed).chain(there.clone()).collect::<BTreeSet<_>>();
    (all.len(), there.len())
}

fn puts_out(world: &mut World, space: &SpaceId, by: usize, whom: usize) {
    let account = world.phones[whom].account();
    world.phones[by].act(space, Op::Remove { account }).unwrap();
    world.settle(by);
}

#[test]
fn no_grant_is_spent_where_who_is_behind_cannot_read_it() {
    let (mut world, space) = World::group(141, 5);
    for gone in [4, 3] {
        puts_out(&mut world, &space, 0, gone);
        for n in 0..3 {
            asks_behind(&mut world, &space, 1, 10 * gone as u8 + n, &[0]);
        }
    }
    assert_eq!(given(&mut world, &space, 0, 1), (4, 4));
    world.pass(DAY);
    asks_behind(&mut world, &space, 1, 99, &[0]);
    assert_eq!(given(&mut world, &space, 0, 1), (5, 5));
    world.settle_some(&[1, 0, 2]);
    world.go_on(&space, &[0, 1, 2]);
}

#[test]
fn what_who_is_behind_is_told_is_taken_from_what_may_be_repeated() {
    let (mut world, space) = World::group(142, 4);
    let (account, now) = (world.phones[1].account(), world.now.get());
    puts_out(&mut world, &space, 0, 3);
    puts_out(&mut world, &space, 0, 2);
    let all = 8 << 20;
    let spent = world.phones[0]
        .within(&space, |tx, _, _| allowance::spend(tx, "space.repeated", &account.0, (&[all], all), now));
    assert_eq!(spent.unwrap(), 1);
    asks_behind(&mut world, &space, 1, 1, &[0]);
    assert_eq!(given(&mut world, &space, 0, 1), (0, 0));
    world.pass(DAY);
    asks_behind(&mut world, &space, 1, 2, &[0]);
    assert_eq!(given(&mut world, &space, 0, 1), (1, 1));
    world.settle_some(&[1, 0]);
    world.go_on(&space, &[0, 1]);
}

/// Another one's signature would make another epoch of it.
#[test]
fn who_is_behind_is_told_of_an_opening_by_its_maker() {
    let (mut world, space) = World::group(143, 5);
    let (account, old) = (world.phones[3].account(), world.phones[1].epoch_keys(&space).scope().epoch);
    world.phones[0].act(&space, Op::Promote { account }).unwrap();
    world.settle_some(&[0, 3]);
    puts_out(&mut world, &space, 0, 4);
    world.settle_some(&[0, 3]);
    puts_out(&mut world, &space, 3, 2);
    world.settle_some(&[0, 3]);
    asks_behind(&mut world, &space, 1, 1, &[0, 3]);
    let maker = world.phones[3].keys().id();
    let opened = world.phones[3].within(&space, |tx, _, _| tx.items_of_kind(Kind::Open.into())).unwrap();
    let here = opened.iter().filter(|row| row.epoch == old.0 && row.device == maker.0);
    assert_eq!(here.count(), 1);
    world.settle_some(&[1, 0, 3]);
    world.go_on(&space, &[0, 1, 3]);
}
