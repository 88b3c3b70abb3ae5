//! What a person does, step by step, on a device in either language. Names are those of the catalogue.

use anyhow::Result;
use serde_json::json;

use crate::window::Device;

/// Long enough for the lock screen to take it.
pub const PASSPHRASE: &str = "maple river copper lantern";

impl Device {
    /// Presses what the catalogue calls so.
    pub async fn press(&self, key: &str) -> Result<()> {
        self.page()?.press(&self.words().say(key)).await
    }

    /// Writes into the field that the catalogue calls so.
    pub async fn write(&self, key: &str, text: &str) -> Result<()> {
        self.page()?.write(&self.words().say(key), text).await
    }

    /// Sets the date, time, choice or slider that the catalogue calls so.
    pub async fn set(&self, key: &str, value: &str) -> Result<()> {
        self.page()?.set(&self.words().say(key), value).await
    }

    /// Waits until the catalogue's words, or these, are shown.
    pub async fn see(&self, key: &str) -> Result<()> {
        self.page()?.see(&self.words().say(key)).await
    }

    /// Waits until they are shown no more.
    pub async fn gone(&self, key: &str) -> Result<()> {
        self.page()?.gone(&self.words().say(key)).await
    }

    /// Goes to a path of the app.
    pub async fn visit(&self, path: &str) -> Result<()> {
        self.page()?.visit(path).await
    }

    /// The first start, from the first screen to the 24 words.
    pub async fn first_start(&self, name: &str) -> Result<()> {
        self.see("start.welcome").await?;
        self.press("start.next").await?;
        self.write("start.name", name).await?;
        self.press("start.next").await?;
        self.new_lock().await?;
        self.press("start.open").await?;
        self.see("phrase.title").await
    }

    /// Types a new passphrase twice.
    pub async fn new_lock(&self) -> Result<()> {
        self.write("lock.passphrase_new", PASSPHRASE).await?;
        self.write("lock.passphrase_again", PASSPHRASE).await
    }

    /// The first start, ended on the first screen; the words are put off.
    pub async fn settle_in(&self, name: &str) -> Result<()> {
        self.first_start(name).await?;
        self.press("phrase.later").await?;
        self.see("today.check_in").await
    }

    /// The same on a whole desktop, with the lock that it offers.
    pub async fn settle_in_with_keychain(&self, name: &str) -> Result<()> {
        self.see("start.welcome").await?;
        self.press("start.next").await?;
        self.write("start.name", name).await?;
        self.press("start.next").await?;
        self.see("lock.keychain_sub").await?;
        self.press("lock.others_no").await?;
        self.press("start.open").await?;
        self.see("phrase.title").await?;
        self.press("phrase.later").await?;
        self.see("today.check_in").await
    }

    /// Opens what the system's keychain locks.
    pub async fn unlock_with_keychain(&self) -> Result<()> {
        self.see("lock.title").await?;
        self.press("lock.open_keychain").await?;
        self.see("common.journey").await
    }

    /// Opens what is locked.
    pub async fn unlock(&self) -> Result<()> {
        self.see("lock.title").await?;
        self.write("lock.passphrase", PASSPHRASE).await?;
        self.press("lock.open").await?;
        self.see("common.journey").await
    }

    /// The least check-in: a mood, with words to know it by.
    pub async fn check_in(&self, mood: &str, note: &str) -> Result<()> {
        self.visit("/checkin").await?;
        self.press(mood).await?;
        self.write("checkin.note", note).await?;
        self.press("checkin.save").await?;
        self.see("checkin.saved").await
    }

    /// A goal in the first part of life, from the plan's own page; ends on the goal's page or the plan's.
    pub async fn add_goal(&self, title: &str, reason: &str) -> Result<()> {
        self.visit("/plan").await?;
        self.press("plan.add_goal").await?;
        self.write("plan.goal_title", title).await?;
        self.write("plan.goal_reason", reason).await?;
        self.press("common.save").await?;
        self.see(title).await
    }

    /// A step of the goal that is shown.
    pub async fn add_step(&self, text: &str) -> Result<()> {
        self.press("plan.add_step").await?;
        self.write("plan.step_text", text).await?;
        self.press("common.save").await?;
        self.gone("plan.step_new").await?;
        self.see(text).await
    }

    /// Lets `other`, a fresh device, join this one, by the words that a person would type.
    pub async fn pair(&self, other: &Self) -> Result<()> {
        self.visit("/settings/add-device").await?;
        self.write("devices.proof", PASSPHRASE).await?;
        self.press("devices.add_start").await?;
        let words = self.listed("devices.or_words").await?;
        let relay = self.page()?.run("return document.querySelector('.address').textContent;", &[]).await?;

        other.see("start.welcome").await?;
        other.press("start.used_before").await?;
        other.write("start.code", &words).await?;
        other.write("start.relay", relay.as_str().unwrap_or_default()).await?;
        other.press("start.next").await?;
        other.new_lock().await?;
        other.press("start.join").await?;

        let six = other.compared("start.words_label").await?;
        self.page()?.press(&six).await?;
        self.press("devices.let_in").await?;
        other.see("start.done_title").await?;
        other.press("start.open").await?;
        other.see("common.journey").await
    }

    /// Writes the 24 words down and passes the check; gives them in order.
    pub async fn write_words_down(&self) -> Result<String> {
        self.visit("/settings/phrase").await?;
        self.write("devices.proof", PASSPHRASE).await?;
        self.press("phrase.show").await?;
        let words = self.listed("phrase.title").await?;
        self.press("phrase.written").await?;
        let all_asked = "return document.querySelectorAll('form input').length === 3;";
        self.page()?.until("three words to type", all_asked, &[]).await?;
        let asked = "return [...document.querySelectorAll('form input')].map(named);";
        let asked: Vec<String> = serde_json::from_value(self.page()?.run(asked, &[]).await?)?;
        for (n, word) in words.split_whitespace().enumerate() {
            let field = self.words().fill("phrase.word_n", "n", &(n + 1).to_string());
            if asked.contains(&field) {
                self.page()?.write(&field, word).await?;
            }
        }
        self.press("phrase.confirm").await?;
        self.see("phrase.done").await?;
        Ok(words)
    }

    /// Signs out the other device of that name.
    pub async fn sign_out(&self, name: &str) -> Result<()> {
        self.visit("/settings/devices").await?;
        self.press(&self.words().fill("devices.sign_out_named", "name", name)).await?;
        self.write("devices.proof", PASSPHRASE).await?;
        self.press("devices.sign_out").await?;
        self.see(&self.words().fill("devices.out_done", "name", name)).await
    }

    /// The device's own day, as paths spell it.
    pub async fn today(&self) -> Result<String> {
        let script = "const now = new Date(); now.setMinutes(now.getMinutes() - now.getTimezoneOffset());
            return now.toISOString().slice(0, 10);";
        self.page()?.wait_for("the day", script, &[]).await
    }

    /// The words of the numbered list that the catalogue calls so.
    pub async fn listed(&self, key: &str) -> Result<String> {
        let script =
            "const list = [...document.querySelectorAll('ol')].find((e) => named(e) === arguments[0]);
            return list ? [...list.children].map((e) => e.textContent.replace(/^\\d+\\s*/, '')).join(' ') : '';";
        let label = json!(self.words().say(key));
        self.page()?.wait_for("the list of words", script, &[label]).await
    }

    /// Fills in the three boxes of a day, written as in `2026-03-09`.
    pub async fn set_day(&self, field: &str, day: &str) -> Result<()> {
        let script = "for (const [n, part] of ['year', 'month', 'day'].entries()) {
                const box = document.getElementById(`${arguments[0]}-${part}`);
                if (!box) return false;
                box.value = String(Number(arguments[1].split('-')[n]));
                for (const kind of ['input', 'change']) box.dispatchEvent(new Event(kind, { bubbles: true }));
            }
            return true;";
        self.page()?.until(&format!("the day “{field}”"), script, &[json!(field), json!(day)]).await
    }

    /// The numbers under words that two people compare: the same in every language.
    pub async fn compared(&self, key: &str) -> Result<String> {
        let script =
            "const list = [...document.querySelectorAll('ol')].find((e) => named(e) === arguments[0]);
            const numbers = list?.parentElement.nextElementSibling?.querySelector('.match-numbers');
            return numbers ? plain(numbers.textContent) : '';";
        let label = json!(self.words().say(key));
        self.page()?.wait_for("the numbers to compare", script, &[label]).await
    }
}
