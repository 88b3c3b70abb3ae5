//! What a person types in the real window is readable in no file of either device, and in none of the relay.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, ensure};
use trellis_tests::person::PASSPHRASE;
use trellis_tests::{Device, Look, Relay};

const NAME: &str = "Zyxwvname";
const NOTE: &str = "Zyxwvnote";
const LEARNED: &str = "Zyxwvlearned";
const GOAL: &str = "Zyxwvgoal";
const REASON: &str = "Zyxwvreason";
const STEP: &str = "Zyxwvstep";

/// Every file below a folder.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()? {
            kind if kind.is_dir() => all.extend(files(&entry.path())?),
            kind if kind.is_file() => all.push(entry.path()),
            _ => {}
        }
    }
    Ok(all)
}

/// The words as text and as the web view's wide characters.
fn forms(word: &str) -> [Vec<u8>; 2] {
    [word.as_bytes().to_vec(), word.encode_utf16().flat_map(u16::to_le_bytes).collect()]
}

fn holds_none_of(folder: &Path, words: &[&str]) -> Result<usize> {
    let files = files(folder)?;
    for file in &files {
        let bytes = fs::read(file)?;
        for word in words {
            let found =
                forms(word).iter().any(|form| bytes.windows(form.len()).any(|part| part == form.as_slice()));
            ensure!(!found, "{word} is readable in {}", file.display());
        }
    }
    Ok(files.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_typed_is_readable_at_rest() -> Result<()> {
    let relay = Relay::start()?;
    let mut first = Device::start(Look::PHONE, Some(&relay.address)).await?;
    let mut second = Device::start(Look::LAPTOP, Some(&relay.address)).await?;
    first.settle_in(NAME).await?;
    first.visit("/checkin").await?;
    first.press("common.mood_low").await?;
    first.press("checkin.used").await?;
    first.press("checkin.i_am_safe").await?;
    first.write("checkin.learned", LEARNED).await?;
    first.write("checkin.note", NOTE).await?;
    first.press("checkin.save").await?;
    first.see("checkin.saved").await?;
    first.add_goal(GOAL, REASON).await?;
    first.add_step(STEP).await?;
    first.pair(&second).await?;
    second.visit(&format!("/day/{}", second.today().await?)).await?;
    second.see(NOTE).await?;

    let words = [NAME, NOTE, LEARNED, GOAL, REASON, STEP, PASSPHRASE];
    for device in [&first, &second] {
        ensure!(holds_none_of(&device.data(), &words)? > 2, "no files were looked at");
    }
    ensure!(holds_none_of(relay.folder(), &words)? > 0, "no files were looked at");
    for device in [&mut first, &mut second] {
        device.kill();
        holds_none_of(&device.data(), &words)?;
        holds_none_of(device.home(), &words)?;
    }
    Ok(())
}

/// What people say to each other, and what a coach writes for herself, is readable in no file of either, nor of the relay.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_said_to_others_is_readable_at_rest() -> Result<()> {
    let relay = Relay::start()?;
    let mut coach = Device::start(Look::LAPTOP, Some(&relay.address)).await?;
    let mut sam = Device::start(Look::PHONE, Some(&relay.address)).await?;
    coach.settle_in("Dele").await?;
    sam.settle_in("Sam").await?;
    let space = coach.make_space("people.kind_pair", "people.as_coach", None, NAME).await?;
    coach.invite(None).await?;
    let code = coach.invite_words().await?;
    let words = sam.ask_in(&code, LEARNED).await?;
    coach.let_in(&space, LEARNED, &words).await?;
    sam.come_in().await?;
    sam.press("join.in_share").await?;
    sam.share(&["sharing.note"], "sharing.sign").await?;
    sam.check_in("common.mood_low", NOTE).await?;
    coach.visit(&space.replace("people", "coach")).await?;
    coach.see(NOTE).await?;
    coach.press("coach.add_note").await?;
    coach.write("coach.note_words", REASON).await?;
    coach.press("common.save").await?;
    coach.see("coach.said_note").await?;
    coach.visit(&space).await?;
    coach.press("space.victory_add").await?;
    coach.write("space.victory_ask", GOAL).await?;
    coach.press("common.save").await?;
    coach.see("space.said_post").await?;
    sam.visit(&space).await?;
    sam.see(GOAL).await?;

    let words = [NAME, LEARNED, NOTE, REASON, GOAL];
    ensure!(holds_none_of(relay.folder(), &words)? > 0, "no files were looked at");
    for device in [&mut coach, &mut sam] {
        device.kill();
        ensure!(holds_none_of(device.home(), &words)? > 2, "no files were looked at");
    }
    Ok(())
}
