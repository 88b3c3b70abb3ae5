//! Pictures of every screen in the real window, filled with a person's weeks.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use trellis_tests::tour::tour;
use trellis_tests::{Device, Look, Page};

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().context("usage: pictures FOLDER [PART OF A NAME]...")?);
    let parts: Vec<_> = arguments.collect();
    for (size, look) in [("phone", Look::PHONE), ("laptop", Look::LAPTOP)] {
        for look in [look, look.dark(), look.spanish(), look.spanish().dark()] {
            let name = format!("{size}-{}-{}", if look.dark { "dark" } else { "light" }, look.language);
            if could_be_wanted(&parts, &name) {
                every_screen(&folder, &parts, &name, look).await?;
            }
        }
    }
    Ok(())
}

/// Whether any screen of this look can be: parts that speak of a look must fit it.
fn could_be_wanted(parts: &[String], look: &str) -> bool {
    const LOOKS: [&str; 6] = ["phone", "laptop", "light", "dark", "en", "es"];
    let words = parts.iter().flat_map(|part| part.split('-'));
    words.filter(|word| LOOKS.contains(word)).all(|word| look.split('-').any(|mine| mine == word))
}

async fn every_screen(folder: &Path, parts: &[String], look_name: &str, look: Look) -> Result<()> {
    tour(look, &mut async |device: &Device, screen: &str| {
        let name = format!("{screen}-{look_name}");
        if !parts.iter().all(|part| name.contains(part.as_str())) {
            return Ok(());
        }
        eprintln!("{name}");
        picture(device, look, &folder.join(format!("{name}.png"))).await
    })
    .await
}

/// The whole page: the window grows to what it holds, and shrinks back.
async fn picture(device: &Device, look: Look, path: &Path) -> Result<()> {
    let page = device.page()?;
    let (width, height) = look.size;
    let mut shown = height;
    // A taller window may make a page a little taller still.
    for _ in 0..3 {
        let tall = whole(&page).await?.clamp(height, TALLEST);
        if tall <= shown {
            break;
        }
        page.client().set_window_size(width, tall).await?;
        page.settle().await?;
        shown = tall;
    }
    page.picture(path).await?;
    if shown > height {
        page.client().set_window_size(width, height).await?;
        page.settle().await?;
    }
    Ok(())
}

/// Height of all that the page holds; a sheet is seen as it lies over what is on the screen.
async fn whole(page: &Page) -> Result<u32> {
    let script = "scrollTo(0, 0); return document.querySelector('dialog[open]') ? 0 : document.documentElement.scrollHeight;";
    let whole = page.run(script, &[]).await?.as_u64().context("no height")?;
    Ok(u32::try_from(whole)?)
}

/// Longer pages are cut there.
const TALLEST: u32 = 6000;
