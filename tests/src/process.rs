//! Programs that end with the test that started them.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// A child process, killed when dropped.
pub struct Running(Child);

impl Running {
    /// Starts it, silent unless `TRELLIS_TEST_LOG` names a folder for its words.
    pub fn start(command: &mut Command, name: &str) -> Result<Self> {
        command.stdin(Stdio::null()).stdout(words(name, "out")?).stderr(words(name, "err")?);
        Self::spawn(command)
    }

    /// Starts it with the pipes that the command names.
    pub fn spawn(command: &mut Command) -> Result<Self> {
        let program = command.get_program().to_string_lossy().into_owned();
        Ok(Self(command.spawn().with_context(|| format!("cannot start {program}"))?))
    }

    /// The child itself.
    pub fn child(&mut self) -> &mut Child {
        &mut self.0
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Whether it ends by itself within `limit`.
    pub fn ends_within(&mut self, limit: Duration) -> Result<bool> {
        let end = Instant::now() + limit;
        while self.0.try_wait()?.is_none() {
            if Instant::now() > end {
                return Ok(false);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(true)
    }

    /// Ends it at once, as a power cut would.
    pub fn kill(&mut self) {
        // It may have ended already, which is what is wanted.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

fn words(name: &str, end: &str) -> Result<Stdio> {
    let Some(folder) = std::env::var_os("TRELLIS_TEST_LOG") else { return Ok(Stdio::null()) };
    let path = PathBuf::from(folder).join(format!("{name}-{}.{end}", std::process::id()));
    Ok(std::fs::OpenOptions::new().create(true).append(true).open(path)?.into())
}

/// A program of this workspace, beside the tests that run it.
pub fn built(name: &str) -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let folders = here.ancestors().skip(1).take(2);
    let found = folders.map(|folder| folder.join(name)).find(|path| path.is_file());
    found.with_context(|| format!("{name} is not built: cargo xtask test builds it"))
}

/// A port that was free a moment ago.
pub fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// Waits until something listens there.
pub fn wait_for_port(port: u16, limit: Duration) -> Result<()> {
    let end = Instant::now() + limit;
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        if Instant::now() > end {
            bail!("nothing listens on port {port}");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// Ids of the processes that `parent` started, and of theirs.
pub fn descendants(parent: u32) -> Vec<u32> {
    let mut family = vec![parent];
    let all = processes();
    let mut at = 0;
    while let Some(&older) = family.get(at) {
        family.extend(all.iter().filter(|(_, its_parent)| *its_parent == older).map(|(id, _)| *id));
        at += 1;
    }
    family.split_off(1)
}

/// Every process with its parent, from /proc.
fn processes() -> Vec<(u32, u32)> {
    let folders = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    folders.filter_map(|folder| stat(&folder.path())).collect()
}

fn stat(folder: &Path) -> Option<(u32, u32)> {
    let id = folder.file_name()?.to_str()?.parse().ok()?;
    let text = std::fs::read_to_string(folder.join("stat")).ok()?;
    // The name stands in brackets and may hold anything; after it come the state and the parent.
    let parent = text.rsplit_once(')')?.1.split_whitespace().nth(1)?;
    Some((id, parent.parse().ok()?))
}
