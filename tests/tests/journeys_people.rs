//! People with one another, in real windows over a real relay: a coach, participants and a sponsor.

use anyhow::Result;
use serde_json::json;
use trellis_tests::{Device, Look, Relay};

async fn start(look: Look, relay: &Relay, name: &str) -> Result<Device> {
    let device = Device::start(look, Some(&relay.address)).await?;
    device.settle_in(name).await?;
    Ok(device)
}

/// A coach follows somebody by their consent, which is narrowed and then revoked.
#[tokio::test(flavor = "multi_thread")]
async fn a_coach_sees_what_was_agreed_and_nothing_else() -> Result<()> {
    let relay = Relay::start()?;
    let coach = start(Look::LAPTOP, &relay, "Dele").await?;
    let sam = start(Look::PHONE.spanish(), &relay, "Sam").await?;

    let space = coach.make_space("people.kind_pair", "people.as_coach", None, "Dele").await?;
    coach.invite(None).await?;
    let link = coach.invite_link(&space).await?;
    let words = sam.ask_in(&link, "Sam").await?;
    coach.let_in(&space, "Sam", &words).await?;
    sam.come_in().await?;

    sam.press("join.in_share").await?;
    sam.share(&["sharing.mood", "sharing.note"], "sharing.sign").await?;
    sam.check_in("common.mood_low", "Llegué tarde y me sentí solo").await?;
    coach.visit("/coach").await?;
    coach.see("Sam").await?;
    coach.visit(&space.replace("people", "coach")).await?;
    coach.see("common.mood_low").await?;
    coach.see("Llegué tarde y me sentí solo").await?;

    sam.visit(&space).await?;
    sam.press("space.share").await?;
    sam.share(&["sharing.note"], "sharing.sign_change").await?;
    let paper = std::fs::read(sam.save_paper("sharing.pdf").await?)?;
    assert!(paper.starts_with(b"%PDF-"));
    sam.check_in("common.mood_good", "Esto no es para nadie").await?;
    coach.see("common.mood_good").await?;
    assert!(!coach.page()?.shows("Esto no es para nadie").await?);

    coach.press("coach.log_call").await?;
    coach.press("coach.message").await?;
    coach.write("coach.need", "A ride to the clinic").await?;
    coach.set_day("next-call", &coach.today().await?).await?;
    coach.press("common.save").await?;
    coach.see("coach.said_call").await?;
    coach.visit("/coach").await?;
    coach.see("coach.why_call_today").await?;

    sam.visit(&format!("{space}/sharing")).await?;
    sam.press("sharing.stop").await?;
    sam.press("sharing.retract").await?;
    sam.press("sharing.stop_do").await?;
    sam.see("sharing.said_stopped").await?;
    coach.visit(&space.replace("people", "coach")).await?;
    coach.see(&coach.words().fill("coach.nothing_title", "name", "Sam")).await?;
    coach.gone("Llegué tarde y me sentí solo").await
}

/// What was taken away by mistake in a group comes back with Undo, also for those who saw it go.
#[tokio::test(flavor = "multi_thread")]
async fn undo_in_a_group() -> Result<()> {
    let relay = Relay::start()?;
    let ana = start(Look::LAPTOP, &relay, "Ana").await?;
    let rosa = start(Look::PHONE.spanish(), &relay, "Rosa").await?;
    let space =
        ana.make_space("people.kind_group", "people.in_facilitator", Some("Tuesday circle"), "Ana").await?;
    ana.invite(Some("invite.who_all")).await?;
    let code = ana.invite_words().await?;
    let words = rosa.ask_in(&code, "Rosa").await?;
    ana.let_in(&space, "Rosa", &words).await?;
    rosa.come_in().await?;

    ana.visit(&space).await?;
    ana.press("space.victory_add").await?;
    ana.write("space.victory_ask", "Ten days").await?;
    ana.press("common.save").await?;
    ana.see("space.said_post").await?;
    rosa.visit(&space).await?;
    rosa.see("Ten days").await?;
    rosa.press("space.respond").await?;
    rosa.press("space.thanks").await?;
    ana.see("space.thanks").await?;

    ana.press("common.edit").await?;
    ana.press("space.post_remove").await?;
    ana.see("space.said_removed").await?;
    // Who is about to press it keeps it on the screen.
    ana.page()?.run("document.querySelector('#undo').focus(); return true;", &[]).await?;
    rosa.gone("Ten days").await?;
    ana.press("common.undo").await?;
    ana.see("Ten days").await?;
    rosa.see("Ten days").await?;
    ana.see("space.thanks").await
}

/// A check-in names who sees it; what is kept to oneself stays, and what was sent before is taken back.
#[tokio::test(flavor = "multi_thread")]
async fn a_check_in_says_who_sees_it_and_what_is_kept_stays() -> Result<()> {
    let relay = Relay::start()?;
    let ruth = start(Look::LAPTOP, &relay, "Ruth").await?;
    let sam = start(Look::PHONE.spanish(), &relay, "Sam").await?;
    let space = ruth.make_space("people.kind_pair", "people.as_sponsor", None, "Ruth").await?;
    ruth.invite(None).await?;
    let link = ruth.invite_link(&space).await?;
    let words = sam.ask_in(&link, "Sam").await?;
    ruth.let_in(&space, "Sam", &words).await?;
    sam.come_in().await?;

    sam.visit("/checkin").await?;
    sam.see("audience.only_you").await?;
    sam.press("checkin.used").await?;
    sam.see("audience.use_nobody").await?;
    sam.visit(&format!("{space}/sharing")).await?;
    sam.share(&["sharing.mood", "sharing.used", "sharing.note"], "sharing.sign").await?;

    sam.visit("/checkin").await?;
    sam.press("checkin.used").await?;
    sam.see(&sam.words().fill("audience.use_seen", "who", "Ruth")).await?;
    sam.press("common.mood_low").await?;
    sam.write("checkin.note", "KeptQanary").await?;
    sam.press("audience.keep_use").await?;
    sam.press("audience.keep_note").await?;
    sam.see("audience.use_nobody").await?;
    sam.press("checkin.save").await?;
    sam.see("checkin.saved").await?;
    sam.check_in("common.mood_great", "Para Ruth").await?;
    ruth.visit(&space).await?;
    ruth.see("Para Ruth").await?;
    ruth.see("common.mood_low").await?;
    ruth.gone("KeptQanary").await?;
    ruth.gone("day.used").await?;

    sam.visit(&format!("/day/{}", sam.today().await?)).await?;
    sam.press("common.mood_great").await?;
    sam.press("audience.keep_all").await?;
    sam.see(&sam.words().fill("audience.taken_back", "who", "Ruth")).await?;
    sam.press("checkin.save").await?;
    ruth.gone("Para Ruth").await?;
    let kept = std::fs::read(relay.folder().join("relay.db"))?;
    assert!(!kept.windows(10).any(|part| part == b"KeptQanary"), "it is at the relay in the clear");
    Ok(())
}

/// Whoever asked for help reads this beside the name of one of those who were asked.
async fn hears(asker: &Device, name: &str, word: &str) -> Result<()> {
    let script = "return [...document.querySelectorAll(`[aria-labelledby='asked'] .row`)].some((row) =>
        plain(row.querySelector('.name').textContent).includes(arguments[0])
            && plain(row.querySelector('.sub').textContent) === arguments[1]);";
    let words = asker.words().say(word);
    let what = format!("“{words}” beside {name}");
    asker.page()?.until(&what, script, &[json!(name), json!(words)]).await
}

/// A group's day between four people; one is put out while offline, one leaves.
#[tokio::test(flavor = "multi_thread")]
async fn four_people_keep_each_other_company() -> Result<()> {
    let relay = Relay::start()?;
    let ana = start(Look::PHONE, &relay, "Ana").await?;
    let mut rosa = start(Look::PHONE.spanish(), &relay, "Rosa").await?;
    let sam = start(Look::PHONE.spanish(), &relay, "Sam").await?;
    let coach = start(Look::LAPTOP, &relay, "Dele").await?;

    let space =
        ana.make_space("people.kind_group", "people.in_facilitator", Some("Tuesday circle"), "Ana").await?;
    ana.invite(Some("invite.who_all")).await?;
    let code = ana.invite_words().await?;
    for (device, name) in [(&rosa, "Rosa"), (&sam, "Sam"), (&coach, "Dele")] {
        let words = device.ask_in(&code, name).await?;
        ana.let_in(&space, name, &words).await?;
        device.come_in().await?;
    }

    sam.visit(&space).await?;
    sam.press("space.victory_add").await?;
    sam.write("space.victory_ask", "Diez días").await?;
    sam.press("common.save").await?;
    sam.see("space.said_post").await?;
    for device in [&ana, &rosa, &coach] {
        device.visit(&space).await?;
        device.see("Diez días").await?;
    }
    rosa.press("space.respond").await?;
    rosa.press("space.with_you").await?;
    sam.see("space.with_you").await?;
    rosa.press("space.respond").await?;
    rosa.press("space.reply").await?;
    rosa.write("space.reply", "Orgullosa de ti").await?;
    rosa.press("space.reply_send").await?;
    sam.see("Orgullosa de ti").await?;

    ana.press("together.add").await?;
    ana.write("together.commit_text", "walk to the noon meeting").await?;
    ana.choose("together.commit_witness", "Sam").await?;
    ana.press("common.save").await?;
    sam.see("walk to the noon meeting").await?;
    ana.press("together.done").await?;
    sam.see("together.done").await?;

    sam.press("space.need").await?;
    sam.press("Rosa").await?;
    sam.press("Ana").await?;
    sam.press("need.send").await?;
    hears(&sam, "Rosa", "need.not_seen").await?;
    rosa.visit(&space).await?;
    rosa.press(&rosa.words().fill("space.call_of", "name", "Sam")).await?;
    hears(&sam, "Rosa", "need.seen").await?;
    hears(&sam, "Ana", "need.not_seen").await?;
    rosa.press("need.im_coming").await?;
    hears(&sam, "Rosa", "need.coming").await?;
    sam.press("need.okay").await?;
    sam.see("need.said_okay").await?;

    rosa.kill();
    ana.visit(&format!("{space}/members")).await?;
    ana.press("Rosa").await?;
    ana.press(&ana.words().fill("person.remove", "name", "Rosa")).await?;
    ana.press("person.yes_remove").await?;
    ana.see("person.said_change").await?;
    ana.visit(&space).await?;
    ana.press("space.setback_add").await?;
    ana.write("space.setback_ask", "A hard goodbye").await?;
    ana.press("common.save").await?;
    ana.see("space.said_post").await?;
    sam.visit(&space).await?;
    sam.see("A hard goodbye").await?;
    rosa.open().await?;
    rosa.unlock().await?;
    rosa.visit(&space).await?;
    rosa.see("space.over").await?;
    assert!(!rosa.page()?.shows("A hard goodbye").await?);

    coach.visit(&format!("{space}/members")).await?;
    coach.press("members.leave").await?;
    coach.press("members.leave_yes").await?;
    coach.see("members.said_left").await?;
    ana.visit(&format!("{space}/members")).await?;
    ana.gone("Dele").await?;
    ana.see("Sam").await
}

/// A sponsee has a phone and a laptop: the spaces come along, and what is agreed or ended on one holds on the other.
#[tokio::test(flavor = "multi_thread")]
async fn a_sponsee_goes_on_from_phone_to_laptop() -> Result<()> {
    let relay = Relay::start()?;
    let rosa = start(Look::PHONE.spanish(), &relay, "Rosa").await?;
    let phone = start(Look::PHONE, &relay, "Sam").await?;
    let laptop = Device::start(Look::LAPTOP, None).await?;

    let space = rosa.make_space("people.kind_pair", "people.as_sponsor", None, "Rosa").await?;
    rosa.invite(None).await?;
    let code = rosa.invite_words().await?;
    let words = phone.ask_in(&code, "Sam").await?;
    rosa.let_in(&space, "Sam", &words).await?;
    phone.come_in().await?;
    phone.press("join.in_share").await?;
    phone.share(&["sharing.mood"], "sharing.sign").await?;
    phone.pair(&laptop).await?;

    laptop.visit(&space).await?;
    laptop.check_in("common.mood_low", "Only for me").await?;
    rosa.visit(&space).await?;
    rosa.see("common.mood_low").await?;
    laptop.visit("/plan/work").await?;
    laptop.press("work.add_sheet").await?;
    laptop.write("work.sheet_title", "Step 4").await?;
    laptop.press("common.save").await?;
    laptop.press("work.add_question").await?;
    laptop.write("work.question", "What am I afraid of?").await?;
    laptop.write("work.answer", "Being a burden").await?;
    laptop.press("common.save").await?;
    laptop.press("work.share_short").await?;
    laptop.press("Rosa").await?;
    laptop.see(&laptop.words().fill("work.said_shared", "who", "Rosa")).await?;
    rosa.see("Being a burden").await?;

    phone.visit(&format!("{space}/sharing")).await?;
    phone.press("sharing.stop").await?;
    phone.press("sharing.stop_do").await?;
    phone.see("sharing.said_stopped").await?;
    laptop.visit(&format!("{space}/sharing")).await?;
    laptop.see("sharing.stopped").await?;
    laptop.check_in("common.mood_great", "Not for anybody").await?;
    phone.visit(&format!("/day/{}", phone.today().await?)).await?;
    phone.see("Not for anybody").await?;
    assert!(!rosa.page()?.shows("common.mood_great").await?);

    phone.visit(&format!("{space}/members")).await?;
    phone.press("members.leave").await?;
    phone.press("members.leave_yes").await?;
    phone.see("members.said_left").await?;
    rosa.see("space.over").await?;
    phone.press("members.forget").await?;
    phone.press("members.forget_yes").await?;
    phone.see("members.said_forgotten").await?;
    laptop.visit("/people").await?;
    laptop.see("people.empty").await
}
