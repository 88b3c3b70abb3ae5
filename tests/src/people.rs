//! What a person does with others, step by step, on a device in either language.

use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::json;

use crate::window::Device;

impl Device {
    /// Makes a pair or a group; ends where somebody is invited. Answers the path of the new space.
    pub async fn make_space(&self, kind: &str, role: &str, group: Option<&str>, me: &str) -> Result<String> {
        self.visit("/people/new").await?;
        self.press(kind).await?;
        self.press(role).await?;
        if let Some(name) = group {
            self.write("people.group_name", name).await?;
        }
        self.write("people.my_name", me).await?;
        self.press("people.make").await?;
        self.see("invite.title").await?;
        let path = self.page()?.wait_for("the new space", "return location.pathname;", &[]).await?;
        Ok(path.trim_end_matches("/invite").to_owned())
    }

    /// Makes an invitation, for one or for all, and waits until the relay has it.
    pub async fn invite(&self, who: Option<&str>) -> Result<()> {
        if let Some(who) = who {
            self.press(who).await?;
        }
        self.press("invite.make").await?;
        self.see("invite.stands").await
    }

    /// The twelve words of the invitation that is shown.
    pub async fn invite_words(&self) -> Result<String> {
        self.press("invite.or_words").await?;
        self.listed("invite.or_words").await
    }

    /// The link of the newest invitation into a space, as the copy button takes it.
    pub async fn invite_link(&self, space: &str) -> Result<String> {
        let id = space.rsplit('/').next().context("no space")?;
        let script = "const done = arguments[arguments.length - 1];
            window.__TAURI__.core.invoke('space_get', { args: { space: arguments[0] } })
                .then((space) => done(space.invites[0].link), (refused) => done(JSON.stringify(refused)));";
        let link = self.page()?.client().execute_async(script, vec![json!(id)]).await?;
        link.as_str().map(str::to_owned).context("no link")
    }

    /// Answers an invitation; ends where the eight words are shown, and answers their numbers.
    pub async fn ask_in(&self, code: &str, name: &str) -> Result<String> {
        self.visit("/people/join").await?;
        self.write("join.code", code).await?;
        self.press("join.look").await?;
        self.see("join.before").await?;
        self.write("join.your_name", name).await?;
        self.press("join.ask").await?;
        self.see("join.words_title").await?;
        self.compared("join.words_title").await
    }

    /// Lets somebody in whose screen shows eight words with these numbers.
    pub async fn let_in(&self, space: &str, name: &str, words: &str) -> Result<()> {
        self.visit(space).await?;
        self.see(&self.words().fill("space.ask_title", "name", name)).await?;
        let shown = self.compared("space.ask_words_label").await?;
        anyhow::ensure!(shown == words, "“{shown}” here, “{words}” there");
        self.press("space.ask_yes").await?;
        self.see(&self.words().fill("space.said_in", "name", name)).await
    }

    /// Opens what was just joined.
    pub async fn come_in(&self) -> Result<()> {
        self.see("join.in_title").await
    }

    /// Signs for these switches, from the page of what is shared.
    pub async fn share(&self, switches: &[&str], sign: &str) -> Result<()> {
        for switch in switches {
            self.press(switch).await?;
        }
        self.press(sign).await?;
        self.see("sharing.said_signed").await
    }

    /// Saves a paper by this button, and gives the file that the screen names.
    pub async fn save_paper(&self, button: &str) -> Result<PathBuf> {
        self.press(button).await?;
        let said = self.words().fill("sharing.saved_in", "path", "");
        self.see(&said).await?;
        let script = "const said = document.querySelector('[role=status] .toast span').textContent;
            return said.startsWith(arguments[0]) ? said.slice(arguments[0].length) : null;";
        let path = self.page()?.wait_for("the paper's place", script, &[json!(said)]).await?;
        Ok(PathBuf::from(path))
    }

    /// Chooses by its words from the list that the catalogue calls so.
    pub async fn choose(&self, list: &str, words: &str) -> Result<()> {
        let script = "const e = find('write', arguments[0]);
            const option = e && [...e.options].find((o) => plain(o.textContent) === arguments[1]);
            if (!option) return false;
            e.value = option.value;
            e.dispatchEvent(new Event('change', { bubbles: true }));
            return true;";
        let list = self.words().say(list);
        self.page()?.until(&format!("“{words}” in “{list}”"), script, &[json!(list), json!(words)]).await
    }
}
