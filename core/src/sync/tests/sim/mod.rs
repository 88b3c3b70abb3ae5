//! Many devices of many people through months, from one seed: what they do and what goes wrong is drawn at random, and a
//! simple model says what has to come of it.
//!
//! `TRELLIS_SEEDS` is how many seeds are tried, `TRELLIS_FIRST_SEED` the first one. A failing seed says so; it is kept
//! by adding it to [`FOUND`]. `TRELLIS_HOSTILE_SEEDS` and `TRELLIS_FIRST_HOSTILE_SEED` are the same for those in which one
//! member is hostile, databases are put back to older copies, and the relay refuses.

mod acts;
mod compare;
mod hostile;
mod model;
mod random;
mod restored;
mod tricks;
mod trouble;

use super::world::{Template, World};
use crate::space::members::{Role, SpaceKind};
use acts::Sim;
use trouble::Hostile;

/// Seeds that once failed.
const FOUND: [u64; 1] = [352];
/// Seeds with a hostile member that once failed.
const FOUND_HOSTILE: [u64; 17] =
    [1068, 1229, 1266, 1407, 1418, 1548, 1958, 2025, 2191, 2522, 2628, 2733, 2822, 2838, 3619, 6523, 100_006];
/// How many seeds with a hostile member are tried by default.
const HOSTILE_SEEDS: u64 = 500;
/// Tests that share the seeds, so that they run side by side.
const SHARDS: u64 = 4;

/// Places of the devices of each person; the first one is the founder.
type Cast = Vec<Vec<usize>>;

/// People with so many devices each, all in one space.
fn cast(seed: u8, kind: SpaceKind, devices: &[usize]) -> (World, crate::space::SpaceId, Cast) {
    let mut world = World::new(seed);
    let space = world.found(0, kind, "Circle", Role::Facilitator);
    let mut cast: Cast = vec![vec![0]];
    for _ in 1..devices.len() {
        let guest = world.add_person();
        world.bring(0, guest, &space, Role::Peer);
        cast.push(vec![guest]);
    }
    for (person, count) in devices.iter().enumerate() {
        for _ in 1..*count {
            let new = world.add_phone();
            world.pair(cast[person][0], new);
            cast[person].push(new);
        }
    }
    (0..2).for_each(|_| world.settle_all());
    (world, space, cast)
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

fn shard(shard: u64) {
    let (first, seeds) = (number("TRELLIS_FIRST_SEED", 0), number("TRELLIS_SEEDS", 2000));
    let settings = [
        (SpaceKind::Pair, vec![1, 2]),
        (SpaceKind::Group, vec![2, 1, 1]),
        (SpaceKind::Group, vec![1, 1, 2, 1]),
    ];
    let made = settings.map(|(kind, devices)| {
        let (world, space, cast) = cast(1, kind, &devices);
        (Template::of(world), space, cast)
    });
    let own = (first..first + seeds).filter(|seed| seed % SHARDS == shard);
    let found = FOUND.iter().copied().filter(|seed| seed % SHARDS == shard);
    for seed in found.chain(own) {
        let (template, space, cast) = &made[(seed / SHARDS % 3) as usize];
        let told = Told(seed);
        Sim::new(template.world(seed), *space, cast.clone(), seed).run(24);
        std::mem::forget(told);
    }
}

/// Says which seed it was when a test fails.
struct Told(u64);

impl Drop for Told {
    fn drop(&mut self) {
        eprintln!("seed {}: run it alone with TRELLIS_FIRST_SEED={} TRELLIS_SEEDS=1", self.0, self.0);
    }
}

/// As many as a group may be. `TRELLIS_DEVICES` is how many of them have a phone and a laptop.
#[test]
fn thirty_people_agree() {
    let both = number("TRELLIS_DEVICES", 3) as usize;
    let devices: Vec<usize> = (0..30).map(|person| if person < both { 2 } else { 1 }).collect();
    let (world, space, cast) = cast(2, SpaceKind::Group, &devices);
    Sim::new(world, space, cast, 30).run(30);
}

#[test]
fn seeds_of_the_first_quarter_agree() {
    shard(0);
}

#[test]
fn seeds_of_the_second_quarter_agree() {
    shard(1);
}

#[test]
fn seeds_of_the_third_quarter_agree() {
    shard(2);
}

#[test]
fn seeds_of_the_last_quarter_agree() {
    shard(3);
}

/// Two or three honest people, most with two devices, and Mallory, who comes last.
fn hostile_shard(shard: u64) {
    let (first, seeds) =
        (number("TRELLIS_FIRST_HOSTILE_SEED", 0), number("TRELLIS_HOSTILE_SEEDS", HOSTILE_SEEDS));
    let made = [vec![2, 2, 1], vec![2, 1, 2, 1]].map(|devices| {
        let (world, space, cast) = cast(3, SpaceKind::Group, &devices);
        (Template::of(world), space, cast)
    });
    let found = FOUND_HOSTILE.into_iter().filter(|_| first == 0);
    for seed in found.chain(first..first + seeds).filter(|seed| seed % 2 == shard) {
        let (template, space, cast) = &made[(seed / 2 % 2) as usize];
        let told = ToldHostile(seed);
        Hostile::new(template.world(seed), *space, cast.clone(), seed).run(24);
        std::mem::forget(told);
    }
}

/// Says which seed it was when a test fails.
struct ToldHostile(u64);

impl Drop for ToldHostile {
    fn drop(&mut self) {
        let seed = self.0;
        eprintln!("seed {seed}: run it alone with TRELLIS_FIRST_HOSTILE_SEED={seed} TRELLIS_HOSTILE_SEEDS=1");
    }
}

#[test]
fn seeds_with_a_hostile_member_of_the_first_half_agree() {
    hostile_shard(0);
}

#[test]
fn seeds_with_a_hostile_member_of_the_second_half_agree() {
    hostile_shard(1);
}
