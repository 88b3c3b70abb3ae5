//! The settings file that the packages bring, and tasks that find their relay.

use std::process::Command;

use clap::CommandFactory;
use sync_server::config::Cli;
use tempfile::TempDir;

use crate::common::{owner_token, token};
use crate::process::{Process, refusal, task};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../packaging/trellis-relay.toml");
/// Settings of the packaged file that differ from the defaults of the program.
const PACKAGED: [&str; 6] =
    ["--creation", "token", "--database", "/var/lib/trellis-relay/relay.db", "--trusted-proxies", "1"];

#[test]
fn the_packaged_file_asks_for_creation_tokens_and_keeps_the_database_in_the_state_folder() {
    let printed = task(&["config", "--config", FILE]);
    assert_eq!(printed, task(&[&["config", "--config", "/dev/null"], &PACKAGED[..]].concat()));
}

#[test]
fn the_packaged_file_names_every_setting_and_shows_its_default() {
    let text = std::fs::read_to_string(FILE).unwrap();
    let setting = |line: &str| {
        line.strip_prefix('#').filter(|rest| rest.starts_with(char::is_lowercase)).map(str::to_owned)
    };
    let whole: String = text.lines().map(|line| setting(line).unwrap_or(line.to_owned()) + "\n").collect();
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("relay.toml");
    std::fs::write(&file, &whole).unwrap();
    let metrics = ["--metrics-listen", "127.0.0.1:9187"];
    let defaults = task(&[&["config", "--config", "/dev/null"], &PACKAGED[..], &metrics].concat());
    assert_eq!(task(&["config", "--config", file.to_str().unwrap()]), defaults);
    let named =
        |id: &str| whole.lines().any(|line| line.starts_with(&format!("{} = ", id.replace('_', "-"))));
    let command = Cli::command();
    let serve = command.find_subcommand("serve").unwrap();
    let missing: Vec<_> =
        serve.get_arguments().map(|arg| arg.get_id().as_str()).filter(|id| !named(id)).collect();
    assert!(missing.is_empty(), "packaging/trellis-relay.toml does not show {missing:?}");
}

#[test]
fn tasks_take_the_database_from_the_file_and_refuse_a_file_they_do_not_understand() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("relay.toml");
    let run = |text: &str| {
        std::fs::write(&file, text).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_trellis-relay"));
        command.arg("usage").arg("--config").arg(&file);
        refusal(command)
    };
    std::fs::write(folder.path().join("letter.db"), b"this is a letter, not a database, and long enough")
        .unwrap();
    let letter = folder.path().join("letter.db");
    assert!(run(&format!("database = {:?}\n", letter.to_str().unwrap())).contains("not a database"));
    assert!(run("data-base = \"relay.db\"\n").contains("no setting is called \"data-base\""));
}

#[tokio::test]
async fn it_says_whether_it_is_ready() {
    let folder = TempDir::new().unwrap();
    let relay = Process::serve(&folder, &[]);
    let listen = relay.device.url.strip_prefix("http://").unwrap().to_owned();
    let not_ready = |listen: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_trellis-relay"));
        command.args(["ready", "--listen", listen]);
        refusal(command)
    };
    assert_eq!(task(&["ready", "--listen", &listen]), "ready\n");
    drop(relay);
    assert!(not_ready(&listen).contains("nothing listens there"));
    // Where there is no room, that is known before anything is written, and a new mailbox is refused for what it is.
    let full = Process::serve(&folder, &["--max-database", "40000"]);
    let listen = full.device.url.strip_prefix("http://").unwrap();
    let said = not_ready(listen);
    assert!(said.contains("not ready: ") && said.contains("storage"), "{said}");
    let refused = full.device.create(&token(1), &owner_token(1), None).await;
    assert_eq!(refused.status(), 503);
}
