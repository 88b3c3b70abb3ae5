//! The app's own commands, called from its page as its screens call them.

use anyhow::{Result, bail};
use serde_json::{Value, json};
use trellis_api_types::Command;

use crate::page::Page;

impl Page {
    /// Asks the shell.
    pub async fn ask<C: Command>(&self, command: &C) -> Result<C::Out> {
        let answer = self.ask_all(vec![(C::NAME, json!(command))]).await?.pop();
        Ok(serde_json::from_value(answer.unwrap_or_default())?)
    }

    /// Asks the shell many things, one after the other.
    pub async fn ask_all(&self, commands: Vec<(&str, Value)>) -> Result<Vec<Value>> {
        let script = "const done = arguments[arguments.length - 1];
            (async () => {
                const answers = [];
                for (const [name, args] of arguments[0]) answers.push(await window.__TAURI__.core.invoke(name, { args }));
                return answers;
            })().then(done, (refused) => done(JSON.stringify(refused)));";
        match self.client().execute_async(script, vec![json!(commands)]).await? {
            Value::Array(answers) => Ok(answers),
            refused => bail!("the shell refused: {refused}"),
        }
    }
}
