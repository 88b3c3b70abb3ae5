//! Help on a hard night: lines of every country, a call that reaches a locked app, and blocking somebody.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;
use trellis_tests::{Device, Look, Relay};

/// What is expected of a country: its number in danger, and one of its lines.
struct Country {
    code: &'static str,
    danger: &'static str,
    /// A part of the line's name that is the same in both languages.
    line: &'static str,
    /// Number of the line, as it is read.
    number: &'static str,
}

const US: Country = Country { code: "US", danger: "911", line: "988", number: "988" };
const MX: Country = Country { code: "MX", danger: "911", line: "Línea de la Vida", number: "800 911 2000" };
const GB: Country = Country { code: "GB", danger: "999", line: "Samaritans", number: "116123" };
const ES: Country = Country { code: "ES", danger: "112", line: "024", number: "024" };

/// How soon a locked app says that somebody waits, from when the relay has the call.
const SOON: Duration = Duration::from_secs(5);

/// The group in which two people are beside their pair.
const GROUP: &str = "Tuesday circle";

/// Waits for a row of these lines that says so and dials this number.
async fn dials(device: &Device, lines: &str, says: &str, number: &str) -> Result<()> {
    let script = "const rows = [...document.querySelectorAll(`[aria-labelledby='${arguments[0]}'] .line`)];
        const dials = (a) => named(a) === arguments[2] && a.getAttribute('href') === arguments[3];
        return rows.some((row) => shown(row) && plain(row.innerText).includes(arguments[1])
            && [...row.querySelectorAll('a')].some(dials));";
    let words = device.words().fill("lines.call", "number", number);
    let link = format!("tel:{}", number.replace(' ', ""));
    let what = format!("“{says}” that dials {number} in {lines}");
    device.page()?.until(&what, script, &[json!(lines), json!(says), json!(words), json!(link)]).await
}

/// The number for danger in a list of lines.
async fn dials_in_danger(device: &Device, lines: &str, number: &str) -> Result<()> {
    dials(device, lines, &device.words().say("lines.emergency_when"), number).await
}

/// What is read first on a page: these parts, each before the next.
async fn in_this_order(device: &Device, parts: &[&str]) -> Result<()> {
    let script = "const all = [...arguments].map((part) => [...document.querySelectorAll(part)].find(shown));
        return all.every((e, at) => e && (!at || all[at - 1].compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING));";
    let arguments: Vec<_> = parts.iter().map(|part| json!(part)).collect();
    device.page()?.until(&format!("{parts:?} in this order"), script, &arguments).await
}

/// Chooses another country beside the lines of Help.
async fn move_to(device: &Device, code: &str) -> Result<()> {
    device.visit("/help").await?;
    device.press("lines.change_country").await?;
    device.set("lines.which_country", code).await?;
    device.press("common.close").await
}

/// Help shows a country's lines, and when they were checked.
async fn helps_in(device: &Device, country: &Country) -> Result<()> {
    device.visit("/help").await?;
    dials_in_danger(device, "lines-help", country.danger).await?;
    dials(device, "lines-help", country.line, country.number).await?;
    device.see(&device.words().fill("lines.checked", "month", "")).await
}

/// Where no line is known, both numbers for danger are there, which to try first, and why there is no more.
async fn explains_both(device: &Device, lines: &str, why: &str) -> Result<()> {
    device.see("lines.elsewhere").await?;
    device.see(why).await?;
    dials_in_danger(device, lines, "112").await?;
    dials_in_danger(device, lines, "911").await
}

/// Help in a country that no line is known for.
async fn helps_anywhere(device: &Device) -> Result<()> {
    move_to(device, "ZZ").await?;
    explains_both(device, "lines-help", "lines.none").await?;
    device.see(&device.words().fill("lines.checked", "month", "")).await
}

/// The first screen, before anything is stored: the lines of the system's country are there, and of another one.
async fn helps_at_the_door(device: &Device, system: &Country, country: &Country) -> Result<()> {
    device.see("start.welcome").await?;
    device.press("lines.need_help").await?;
    dials(device, "lines-door", system.line, system.number).await?;
    device.set("lines.which_country", country.code).await?;
    dials_in_danger(device, "lines-door", country.danger).await?;
    dials(device, "lines-door", country.line, country.number).await
}

/// A check-in with a strong urge, and then one after use: lines, and what keeps a person safe.
async fn helps_in_a_check_in(device: &Device, country: &Country) -> Result<()> {
    device.visit("/checkin").await?;
    device.press("common.mood_low").await?;
    device.set("checkin.urge", "9").await?;
    device.see("checkin.strong_title").await?;
    dials(device, "lines-urge", country.line, country.number).await?;
    device.press("checkin.used").await?;
    dials_in_danger(device, "lines-after", country.danger).await?;
    dials(device, "lines-after", country.line, country.number).await?;
    cares(device, country).await?;
    device.press("checkin.save").await?;
    device.see("checkin.saved").await
}

/// The cards open to what is to be done, with the country's number for danger.
async fn cares(device: &Device, country: &Country) -> Result<()> {
    let cards = [
        ("care.opioids", "care.opioids_naloxone"),
        ("care.drinking", "care.drinking_danger"),
        ("care.stimulants", "care.stimulants_chest"),
    ];
    for (card, words) in cards {
        device.press(card).await?;
        device.see(&device.words().fill(words, "emergency", country.danger)).await?;
    }
    Ok(())
}

/// The lock screen shows two numbers of the country, also after the app was killed.
async fn helps_while_locked(device: &mut Device, country: &Country) -> Result<()> {
    device.restart().await?;
    device.see("lock.title").await?;
    device.see(&device.words().fill("lines.lock_danger", "number", country.danger)).await?;
    device.see(&device.words().fill("lines.lock_help", "number", country.number)).await
}

/// A person with nothing yet: no relay, an empty plan. Every country is chosen once, and `home` in the end.
async fn first_night_at(look: Look, system: &Country, home: &Country) -> Result<()> {
    let mut device = Device::start(look, None).await?;
    helps_at_the_door(&device, system, &GB).await?;
    device.settle_in("Sam").await?;
    helps_in(&device, &GB).await?;
    device.see("help.begin").await?;
    for country in [&US, &MX, &ES] {
        move_to(&device, country.code).await?;
        helps_in(&device, country).await?;
    }
    helps_anywhere(&device).await?;
    device.visit("/settings").await?;
    device.set("lines.which_country", home.code).await?;
    helps_in(&device, home).await?;
    helps_in_a_check_in(&device, home).await?;
    helps_while_locked(&mut device, home).await
}

/// Somebody's first night with Trellis: numbers to call are everywhere, whatever the country.
#[tokio::test(flavor = "multi_thread")]
async fn first_night() -> Result<()> {
    first_night_at(Look::PHONE, &US, &US).await
}

/// The same in Spanish.
#[tokio::test(flavor = "multi_thread")]
async fn first_night_in_spanish() -> Result<()> {
    first_night_at(Look::LAPTOP.spanish(), &ES, &MX).await
}

/// Adds a line of one's own beside those of the country; a check-in with a strong urge offers it too.
async fn adds_a_line(device: &Device) -> Result<()> {
    device.visit("/help").await?;
    device.press("lines.add_own").await?;
    device.write("help.name", "Casa Abierta").await?;
    device.write("help.phone", "2 555 0100").await?;
    device.press("common.save").await?;
    device.see("Casa Abierta").await?;
    device.visit("/checkin").await?;
    device.press("common.mood_low").await?;
    device.set("checkin.urge", "9").await?;
    device.see("Casa Abierta").await?;
    explains_both(device, "lines-urge", "lines.pick_country").await
}

/// A system that names no country, and a person who chooses none.
#[tokio::test(flavor = "multi_thread")]
async fn first_night_where_no_country_is_known() -> Result<()> {
    let mut device = Device::without_country(Look::PHONE.spanish()).await?;
    device.see("start.welcome").await?;
    device.press("lines.need_help").await?;
    explains_both(&device, "lines-door", "lines.pick_country").await?;
    device.settle_in("Sam").await?;
    device.visit("/help").await?;
    explains_both(&device, "lines-help", "lines.pick_country").await?;
    adds_a_line(&device).await?;
    device.visit("/need").await?;
    device.see("need.alone").await?;
    in_this_order(&device, &["#main h1", "#main .life", "[aria-labelledby=lines-urge]", "#safety-plan"])
        .await?;
    explains_both(&device, "lines-urge", "lines.pick_country").await?;
    device.restart().await?;
    device.see("lock.title").await?;
    device.see("lines.elsewhere").await
}

/// Ruth makes a pair, or a group of that name, and lets Sam in; answers its path.
async fn together(ruth: &Device, sam: &Device, group: Option<&str>) -> Result<String> {
    let (kind, role, who) = match group {
        None => ("people.kind_pair", "people.as_sponsor", None),
        Some(_) => ("people.kind_group", "people.in_facilitator", Some("invite.who_all")),
    };
    let space = ruth.make_space(kind, role, group, "Ruth").await?;
    ruth.invite(who).await?;
    let link = ruth.invite_link(&space).await?;
    let words = sam.ask_in(&link, "Sam").await?;
    ruth.let_in(&space, "Sam", &words).await?;
    sam.come_in().await?;
    Ok(space)
}

/// Sam writes something good into a space, and Ruth reads it there.
async fn writes(sam: &Device, ruth: &Device, space: &str, text: &str) -> Result<()> {
    sam.visit(space).await?;
    sam.press("space.victory_add").await?;
    sam.write("space.victory_ask", text).await?;
    sam.press("common.save").await?;
    sam.see("space.said_post").await?;
    ruth.visit(space).await?;
    ruth.see(text).await
}

/// Ruth's app is locked in the tray's own way. Sam's call has it say that somebody waits, within seconds.
async fn call_rings(sam: &Device, ruth: &Device, relay: &Relay) -> Result<()> {
    let desktop = ruth.desktop()?;
    desktop.choose(&ruth.words().say("tray.lock"))?;
    ruth.see("lock.title").await?;
    sam.press("space.need").await?;
    sam.see("Ruth").await?;
    in_this_order(sam, &["#main .life", "#send-help", "[aria-labelledby=lines-urge]"]).await?;
    let before = relay.stored()?;
    sam.press("need.send").await?;
    let there = relay.stores_more_than(before).await?;
    let notice = desktop.notice()?;
    ensure!(there.elapsed() < SOON, "it rang {:?} after the relay had the call", there.elapsed());
    sam.see("need.sent_to").await?;
    sam.visit("/").await?;
    sam.press("space.call_mine").await?;
    sam.see("need.your_people").await?;
    let waiting = ruth.words().say("tray.waiting");
    ensure!(waiting != ruth.words().say("tray.notice"), "a call sounds like the daily reminder");
    ensure!(notice == ("Trellis".to_owned(), waiting), "it says: {notice:?}");
    Ok(())
}

/// Ruth opens her app: the call is the first thing on Today, one tap away, and her answer reaches Sam.
async fn call_is_answered(sam: &Device, ruth: &Device) -> Result<()> {
    ruth.unlock_with_keychain().await?;
    ruth.visit("/").await?;
    let call = ruth.words().fill("today.call_of", "name", "Sam");
    let first = "const first = document.querySelector('#main :is(a[href], button)');
        return !!first && named(first).includes(arguments[0]);";
    ruth.page()?.until("the call first on Today", first, &[json!(call)]).await?;
    ruth.press(&call).await?;
    ruth.page()?
        .until(
            "the number for danger beside the call",
            "return !!document.querySelector('#call-danger[href]');",
            &[],
        )
        .await?;
    ruth.press("need.cannot").await?;
    let answered = ruth.words().fill("need.answered", "what", &ruth.words().say("need.cannot"));
    ruth.see(&answered).await?;
    sam.see("need.cannot_now").await
}

/// Somebody is asked while their app is open but locked: it says so at once, in words that tell a stranger nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_reaches_a_helper_whose_app_is_open_but_locked() -> Result<()> {
    let relay = Relay::start()?;
    let ruth = Device::on_desktop(Look::LAPTOP, Some(&relay.address)).await?;
    ruth.settle_in_with_keychain("Ruth").await?;
    let sam = Device::start(Look::PHONE.spanish(), Some(&relay.address)).await?;
    sam.settle_in("Sam").await?;
    let space = together(&ruth, &sam, None).await?;
    writes(&sam, &ruth, &space, "Diez días").await?;
    call_rings(&sam, &ruth, &relay).await?;
    call_is_answered(&sam, &ruth).await
}

/// Sam shares notes in a space.
async fn shares_notes(sam: &Device, space: &str) -> Result<()> {
    sam.visit(&format!("{space}/sharing")).await?;
    sam.share(&["sharing.note"], "sharing.sign").await
}

/// Sam blocks Ruth, and stops sharing in the group on the way: the sheet says what goes on and offers both ways out.
async fn blocks(sam: &Device, pair: &str) -> Result<()> {
    let words = sam.words();
    let of_group = |key: &str| words.fill(key, "group", GROUP).replace("{name}", "Ruth");
    sam.visit(&format!("{pair}/members")).await?;
    sam.press("Ruth").await?;
    sam.press(&words.fill("person.block", "name", "Ruth")).await?;
    sam.see(&words.fill("person.block_pair", "name", "Ruth")).await?;
    sam.see(&of_group("person.block_group_shares")).await?;
    ensure!(sam.page()?.offers(&of_group("person.block_leave")).await?, "the group cannot be left from here");
    sam.press(&of_group("person.block_stop")).await?;
    sam.see(&of_group("person.block_said_stopped")).await?;
    sam.see(&of_group("person.block_group")).await?;
    sam.press(&words.fill("person.yes_block", "name", "Ruth")).await?;
    sam.see(&words.fill("person.said_blocked", "name", "Ruth")).await
}

/// Ruth sees that Sam shares nothing with her in a space.
async fn sees_that_it_ended(ruth: &Device, space: &str) -> Result<()> {
    ruth.visit(&format!("{space}/sharing")).await?;
    ruth.see(&ruth.words().fill("sharing.nothing_me", "who", "Sam")).await
}

/// Who is blocked gets nothing more in a pair and is no helper; in a group the sheet warns of what goes on, and ends it too.
#[tokio::test(flavor = "multi_thread")]
async fn blocking_ends_sharing_in_a_pair_and_warns_in_a_group() -> Result<()> {
    let relay = Relay::start()?;
    let ruth = Device::start(Look::LAPTOP, Some(&relay.address)).await?;
    ruth.settle_in("Ruth").await?;
    let sam = Device::start(Look::PHONE.spanish(), Some(&relay.address)).await?;
    sam.settle_in("Sam").await?;
    let pair = together(&ruth, &sam, None).await?;
    let group = together(&ruth, &sam, Some(GROUP)).await?;
    shares_notes(&sam, &pair).await?;
    shares_notes(&sam, &group).await?;
    sam.check_in("common.mood_low", "Antes del bloqueo").await?;
    ruth.visit(&pair).await?;
    ruth.see("Antes del bloqueo").await?;
    sam.visit("/need").await?;
    sam.see("Ruth").await?;

    blocks(&sam, &pair).await?;
    sam.see("person.blocked").await?;
    sam.visit("/people").await?;
    let row = "return [...document.querySelectorAll('a.row')].some((e) => [...arguments].every((word) => named(e).includes(word)));";
    let said = [json!("Ruth"), json!(sam.words().say("person.blocked"))];
    sam.page()?.until("the pair as blocked in the list", row, &said).await?;
    sam.visit("/need").await?;
    sam.see("need.alone").await?;
    // Her name may still be in what was just said.
    ensure!(!sam.page()?.offers("Ruth").await?, "who is blocked can still be asked");
    sees_that_it_ended(&ruth, &pair).await?;
    sees_that_it_ended(&ruth, &group).await?;

    sam.check_in("common.mood_good", "Después del bloqueo").await?;
    // What is written later still comes to the group, so what was shared before it would be there.
    writes(&sam, &ruth, &group, "Para el grupo").await?;
    ensure!(!ruth.page()?.shows("Después del bloqueo").await?, "it is still shared in the group");
    ruth.visit(&pair).await?;
    ruth.see("Antes del bloqueo").await?;
    ensure!(!ruth.page()?.shows("Después del bloqueo").await?, "it is still shared in the pair");
    Ok(())
}
