//! What a person does, step by step, on a device in either language. Names are those of the catalogue.

use anyhow::Result;

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
}
