//! What a person does at a screen: press, write, read.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use fantoccini::Client;
use fantoccini::elements::Element;
use fantoccini::key::Key;
use serde_json::{Value, json};

/// How long a screen may take to show what is awaited.
const PATIENCE: Duration = Duration::from_secs(15);

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// The screen of one device.
#[derive(Clone)]
pub struct Page(Client);

impl Page {
    /// What this client drives.
    pub fn new(client: Client) -> Self {
        Self(client)
    }

    /// The driver's client, for what has no name here.
    pub fn client(&self) -> &Client {
        &self.0
    }

    /// Presses the button, link, tab or choice of this name.
    pub async fn press(&self, name: &str) -> Result<()> {
        let until = Instant::now() + PATIENCE;
        loop {
            // A redraw may take the element away between finding and pressing it.
            let pressed = self.element("press", name).await?.click().await;
            match pressed {
                Ok(()) => return Ok(()),
                Err(_) if Instant::now() < until => tokio::time::sleep(PAUSE).await,
                Err(error) => return Err(error).with_context(|| format!("pressing “{name}”")),
            }
        }
    }

    /// Writes into the field of this name, in place of what it held.
    pub async fn write(&self, name: &str, text: &str) -> Result<()> {
        let field = self.element("write", name).await?;
        field.clear().await.with_context(|| format!("emptying “{name}”"))?;
        field.send_keys(text).await.with_context(|| format!("writing into “{name}”"))
    }

    /// Puts a value into a field that is not typed into letter by letter: a date, a time, a choice, a slider.
    pub async fn set(&self, name: &str, value: &str) -> Result<()> {
        let script =
            "const e = find('slide', arguments[0]) || find('write', arguments[0]); if (!e) return false;
            const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(e), 'value');
            own.set.call(e, arguments[1]);
            for (const kind of ['input', 'change']) e.dispatchEvent(new Event(kind, { bubbles: true }));
            return true;";
        self.until(&format!("a field “{name}”"), script, &[json!(name), json!(value)]).await
    }

    /// Waits until this text is shown.
    pub async fn see(&self, text: &str) -> Result<()> {
        let script = "return plain(document.body.innerText).includes(arguments[0]) || [...document.querySelectorAll('input, textarea')].some((e) => shown(e) && e.value.includes(arguments[0]));";
        self.until(&format!("“{text}”"), script, &[json!(text)]).await
    }

    /// Waits until this text is shown no more.
    pub async fn gone(&self, text: &str) -> Result<()> {
        let script = "return !plain(document.body.innerText).includes(arguments[0]);";
        self.until(&format!("no “{text}”"), script, &[json!(text)]).await
    }

    /// Whether this text is shown now.
    pub async fn shows(&self, text: &str) -> Result<bool> {
        let script = "return plain(document.body.innerText).includes(arguments[0]);";
        Ok(self.run(script, &[json!(text)]).await? == json!(true))
    }

    /// Whether something to press has this name now.
    pub async fn offers(&self, name: &str) -> Result<bool> {
        Ok(self.run("return !!find('press', arguments[0]);", &[json!(name)]).await? == json!(true))
    }

    /// All that is written on the screen.
    pub async fn text(&self) -> Result<String> {
        let text = self.run("return document.body.innerText;", &[]).await?;
        Ok(text.as_str().unwrap_or_default().to_owned())
    }

    /// Goes to a path of the app, as pressing its links would.
    pub async fn visit(&self, path: &str) -> Result<()> {
        let script = "history.pushState(null, '', arguments[0]); dispatchEvent(new PopStateEvent('popstate')); return true;";
        self.run(script, &[json!(path)]).await?;
        self.settle().await
    }

    /// Presses a key wherever the focus is.
    pub async fn key(&self, key: Key) -> Result<()> {
        let focused = self.0.active_element().await?;
        Ok(focused.send_keys(&char::from(key).to_string()).await?)
    }

    /// Waits for two frames, so that what was changed is drawn.
    pub async fn settle(&self) -> Result<()> {
        let script = "const done = arguments[arguments.length - 1];
            requestAnimationFrame(() => requestAnimationFrame(() => done(true)));";
        self.0.execute_async(script, Vec::new()).await?;
        Ok(())
    }

    /// Keeps a picture of the screen.
    pub async fn picture(&self, path: &Path) -> Result<()> {
        self.settle().await?;
        let png =
            tokio::time::timeout(PATIENCE, self.0.screenshot()).await.context("no picture in time")??;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        Ok(std::fs::write(path, png)?)
    }

    /// Runs a script that may use the helpers of `page.js`.
    pub async fn run(&self, script: &str, arguments: &[Value]) -> Result<Value> {
        let script = format!("{}\n{script}", include_str!("page.js"));
        Ok(self.0.execute(&script, arguments.to_vec()).await?)
    }

    /// Waits until a script gives `true`.
    pub async fn until(&self, what: &str, script: &str, arguments: &[Value]) -> Result<()> {
        self.await_value(what, script, arguments, |value| (*value == json!(true)).then_some(())).await
    }

    /// Waits until a script gives words.
    pub async fn wait_for(&self, what: &str, script: &str, arguments: &[Value]) -> Result<String> {
        let words = |value: &Value| value.as_str().filter(|words| !words.is_empty()).map(str::to_owned);
        self.await_value(what, script, arguments, words).await
    }

    async fn element(&self, kind: &str, name: &str) -> Result<Element> {
        let arguments = [json!(kind), json!(name)];
        let script = "return still(find(arguments[0], arguments[1]));";
        let what = format!("“{name}” to {kind}");
        let client = self.0.clone();
        self.await_value(&what, script, &arguments, |value| element_of(&client, value)).await
    }

    async fn await_value<T>(
        &self,
        what: &str,
        script: &str,
        arguments: &[Value],
        take: impl Fn(&Value) -> Option<T>,
    ) -> Result<T> {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = take(&self.run(script, arguments).await?) {
                return Ok(found);
            }
            if Instant::now() > until {
                bail!("waited in vain for {what}; the screen says:\n{}", self.text().await?);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}

fn element_of(client: &Client, value: &Value) -> Option<Element> {
    let id = value.as_object()?.values().next()?.as_str()?;
    Some(Element::from_element_id(client.clone(), id.to_owned().into()))
}
