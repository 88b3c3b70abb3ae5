//! Runs a target on damaged inputs, within limits of time and memory.

use std::any::Any;
use std::fs::File;
use std::io::{Seek, Write};
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::random::Random;
use crate::{MEMORY, Target, mutate};

/// Longest time that a thread works on one input.
pub const MAX_TIME: Duration = Duration::from_secs(1);
/// Most bytes in use at once for one input, beside what was in use before.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;
/// Inputs that failed once, as lines of a target's name and hex digits.
const REGRESSIONS: &str = include_str!("../regressions.txt");
/// How often a failing input is made smaller, at most.
const SHRINKS: usize = 2_000;

/// When to stop.
#[derive(Clone, Copy, Debug)]
pub enum Until {
    /// After so many inputs.
    Executions(u64),
    /// After so long.
    Time(Duration),
}

/// What a run took.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Inputs tried.
    pub executions: u64,
    /// How long all of them took.
    pub elapsed: Duration,
    /// Most bytes in use at once for one input.
    pub peak: usize,
    /// The slowest input, and how long the thread worked on it.
    pub slowest: (Duration, Vec<u8>),
}

/// Returns the figures of a run from a seed, or which input failed and how.
pub fn drive(target: &Target, seed: u64, until: Until) -> Result<Figures, String> {
    let _alone = Alone::new();
    let mut trial = Trial::new(target).map_err(|error| error.to_string())?;
    let (seeds, mut random) = ((target.seeds)(), Random::new(seed));
    for input in seeds.iter().chain(&regressions(target.name)) {
        trial.run(input)?;
    }
    let mut input = Vec::new();
    while !trial.is_over(until) {
        input.clear();
        input.extend_from_slice(random.pick(&seeds).map(Vec::as_slice).unwrap_or_default());
        let other = random.pick(&seeds).map(Vec::as_slice).unwrap_or_default();
        mutate::damage(&mut input, other, &mut random);
        trial.run(&input)?;
    }
    Ok(trial.end())
}

/// Returns the inputs of a target that failed once.
pub fn regressions(name: &str) -> Vec<Vec<u8>> {
    let lines = REGRESSIONS.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    lines.filter_map(|line| hex::decode(line.split('#').next().unwrap_or_default().trim()).ok()).collect()
}

/// A target at work.
struct Trial<'a> {
    target: &'a Target,
    figures: Figures,
    start: Instant,
    /// The input at work: should the process itself be killed by it, it can be read here.
    kept: (PathBuf, File),
}

impl<'a> Trial<'a> {
    fn new(target: &'a Target) -> std::io::Result<Self> {
        let name = format!("trellis-fuzz-{}-{}", target.name, std::process::id());
        let path = std::env::temp_dir().join(name);
        let kept = (path.clone(), File::create(path)?);
        eprintln!("{}: the input at work is kept in {}", target.name, kept.0.display());
        Ok(Self { target, figures: Figures::default(), start: Instant::now(), kept })
    }

    fn run(&mut self, input: &[u8]) -> Result<(), String> {
        self.keep(input).map_err(|error| error.to_string())?;
        let (took, bytes) = once(self.target, input).map_err(|why| report(self.target, input, &why))?;
        self.figures.executions += 1;
        self.figures.peak = self.figures.peak.max(bytes);
        if took > self.figures.slowest.0 {
            self.figures.slowest = (took, input.to_vec());
        }
        Ok(())
    }

    fn keep(&mut self, input: &[u8]) -> std::io::Result<()> {
        self.kept.1.rewind()?;
        self.kept.1.write_all(input)?;
        self.kept.1.set_len(input.len() as u64)
    }

    fn is_over(&self, until: Until) -> bool {
        match until {
            Until::Executions(most) => self.figures.executions >= most,
            Until::Time(most) => self.start.elapsed() >= most,
        }
    }

    fn end(self) -> Figures {
        // It is of no use any more, and no harm where it stays.
        let _ = std::fs::remove_file(&self.kept.0);
        Figures { elapsed: self.start.elapsed(), ..self.figures }
    }
}

/// Returns the time and memory that an input took, or what did not hold.
fn once(target: &Target, input: &[u8]) -> Result<(Duration, usize), String> {
    let (took, bytes) = measured(target, input)?;
    if took > MAX_TIME {
        return Err(format!("takes {took:?}, more than {MAX_TIME:?}"));
    }
    if bytes > MAX_BYTES {
        Err(format!("needs {bytes} bytes, more than {MAX_BYTES}"))
    } else {
        Ok((took, bytes))
    }
}

fn measured(target: &Target, input: &[u8]) -> Result<(Duration, usize), String> {
    MEMORY.reset_peak_usage();
    let (before, start) = (MEMORY.current_usage(), worked());
    let done = panic::catch_unwind(AssertUnwindSafe(|| (target.run)(input)));
    let took = (worked().saturating_sub(start), MEMORY.peak_usage().saturating_sub(before));
    done.map(|()| took).map_err(|_: Box<dyn Any + Send>| heard().clone())
}

/// How long this thread has worked: a machine that is busy with something else is no fault of the input.
#[cfg(unix)]
fn worked() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}

/// Time since some start, where the time of a thread is not known.
#[cfg(not(unix))]
fn worked() -> Duration {
    static START: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    START.elapsed()
}

/// Says which input failed and how, with the smallest input found that fails as well.
fn report(target: &Target, input: &[u8], why: &str) -> String {
    let small = shrunk(target, input);
    let again = once(target, &small).err().unwrap_or_default();
    format!(
        "{}: {why}\ninput: {}\nsmaller, {again}\nfor fuzz/regressions.txt:\n{} {}",
        target.name,
        hex::encode(input),
        target.name,
        hex::encode(&small)
    )
}

/// Takes parts out of an input as long as it fails.
fn shrunk(target: &Target, input: &[u8]) -> Vec<u8> {
    let (mut small, mut size, start) = (input.to_vec(), input.len() / 2, Instant::now());
    let mut tries = 0;
    while size > 0 && tries < SHRINKS && start.elapsed() < 20 * MAX_TIME {
        let mut at = 0;
        while at < small.len() && tries < SHRINKS {
            let mut shorter = small.clone();
            shorter.drain(at..(at + size).min(small.len()));
            tries += 1;
            if once(target, &shorter).is_err() { small = shorter } else { at += size }
        }
        size /= 2;
    }
    small
}

/// What the last panic said. Those of Automerge are caught by the core and nothing to speak of.
static HEARD: Mutex<String> = Mutex::new(String::new());
/// One run at a time: memory is counted for the whole process.
static RUNS: Mutex<()> = Mutex::new(());

type Hook = Box<dyn Fn(&PanicHookInfo<'_>) + Sync + Send>;

/// While it lives, no other run goes on, and panics are kept and not printed.
struct Alone {
    before: Option<Hook>,
    _turn: MutexGuard<'static, ()>,
}

impl Alone {
    fn new() -> Self {
        let turn = RUNS.lock().unwrap_or_else(PoisonError::into_inner);
        let before = Some(panic::take_hook());
        panic::set_hook(Box::new(|panic| *heard() = panic.to_string()));
        Self { before, _turn: turn }
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        self.before.take().into_iter().for_each(panic::set_hook);
    }
}

fn heard() -> MutexGuard<'static, String> {
    HEARD.lock().unwrap_or_else(PoisonError::into_inner)
}
