//! One target for libFuzzer, named by `TRELLIS_TARGET`.
//!
//! With cargo-fuzz and a nightly toolchain: `TRELLIS_TARGET=change cargo +nightly fuzz run --fuzz-dir fuzz/guided guided`.
//! With neither: `RUSTFLAGS="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4
//! -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table
//! -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1" cargo run --release --manifest-path
//! fuzz/guided/Cargo.toml --target x86_64-unknown-linux-gnu -- -timeout=5 -rss_limit_mb=1024 -max_len=16384`.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use trellis_fuzz::random::Random;
use trellis_fuzz::{Target, mutate, target};

static CHOSEN: LazyLock<&Target> = LazyLock::new(|| {
    // The core catches panics of Automerge; what reaches libFuzzer is still a crash.
    std::panic::set_hook(Box::new(|panic| {
        let file = panic.location().map_or("", |at| at.file());
        if !file.contains("automerge") && !file.contains("hexane") {
            eprintln!("{panic}");
        }
    }));
    let name = std::env::var("TRELLIS_TARGET").unwrap_or_default();
    target(&name).expect("TRELLIS_TARGET names a target")
});
static SEEDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| (CHOSEN.seeds)());

fuzz_target!(|input: &[u8]| (CHOSEN.run)(input));

// Half of the time what the driver does, which knows pieces and layouts; now and then from an honest input.
fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut random = Random::new(seed.into());
    if random.below(2) == 0 && size > 0 {
        return libfuzzer_sys::fuzzer_mutate(data, size, max_size);
    }
    let mut input = data[..size].to_vec();
    if size == 0 || random.below(16) == 0 {
        input = random.pick(&SEEDS).cloned().unwrap_or_default();
    }
    let other = random.pick(&SEEDS).cloned().unwrap_or_default();
    mutate::damage(&mut input, &other, &mut random);
    input.truncate(max_size);
    data[..input.len()].copy_from_slice(&input);
    input.len()
});
