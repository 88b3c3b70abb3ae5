//! Every target for a few seconds from a fixed seed, and all inputs that failed once.

use std::time::Duration;

use trellis_fuzz::driver::{Until, drive};
use trellis_fuzz::target;

/// How long each one runs.
const TIME: Duration = Duration::from_secs(5);

macro_rules! targets {
    ($($name:ident)+) => {
        $(#[test]
        fn $name() {
            survives(stringify!($name));
        })+

        #[test]
        fn every_target_has_its_test() {
            let names = [$(stringify!($name)),+];
            assert!(trellis_fuzz::TARGETS.iter().map(|target| target.name).eq(names));
        }
    };
}

targets! { answer change code consent device_log document envelope item open record repair roster snapshot wire }

fn survives(name: &str) {
    let target = target(name).unwrap_or_else(|| panic!("no target {name}"));
    if let Err(why) = drive(target, 1, Until::Time(TIME)) {
        panic!("{why}");
    }
}
