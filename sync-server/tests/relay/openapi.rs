//! The document that the relay serves is what it does.

use std::collections::BTreeSet;

use clap::CommandFactory;
use reqwest::{Method, StatusCode};
use sync_server::config::Cli;
use trellis_protocol::ErrorCode;

use crate::common::*;

const DOCUMENT: &str = include_str!("../../openapi.json");
const MANUAL: &str = include_str!("../../../docs/relay.md");
const METHODS: [Method; 7] =
    [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::HEAD];

fn document() -> serde_json::Value {
    serde_json::from_str(DOCUMENT).unwrap()
}

#[tokio::test]
async fn every_path_takes_exactly_the_methods_it_names() {
    let (_relay, device) = relay(|_| ()).await;
    let served: serde_json::Value =
        serde_json::from_str(&device.get("/openapi.json").await.text().await.unwrap()).unwrap();
    assert_eq!(served, document());
    let id = token(1).mailbox().to_hex();
    for (path, operations) in served["paths"].as_object().unwrap() {
        let mut taken = BTreeSet::new();
        for method in METHODS {
            let response = device.call(method.clone(), &path.replace("{id}", &id), vec![]).await;
            assert!(operations["get"].is_null() || response.status() != StatusCode::NOT_FOUND);
            if response.status() != StatusCode::METHOD_NOT_ALLOWED {
                taken.insert(method.as_str().to_lowercase());
            }
        }
        let named: BTreeSet<String> = operations.as_object().unwrap().keys().cloned().collect();
        assert_eq!(taken, named, "{path}");
    }
}

#[test]
fn it_lists_every_error_code() {
    let schema = &document()["components"]["schemas"]["Problem"]["properties"]["code"]["enum"];
    let named: Vec<&str> = schema.as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
    let known: Vec<&str> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(named, known);
}

#[test]
fn every_setting_has_one_name_everywhere_and_stands_in_the_manual() {
    let command = Cli::command();
    let serve = command.find_subcommand("serve").unwrap();
    let settings: Vec<_> = serve.get_arguments().filter(|arg| arg.get_id() != "help").collect();
    assert!(settings.len() > 15);
    for setting in settings {
        let id = setting.get_id().as_str();
        let variable = format!("TRELLIS_RELAY_{}", id.to_uppercase());
        assert_eq!(setting.get_env().unwrap().to_str(), Some(&*variable));
        let flag = id.replace('_', "-");
        assert_eq!(setting.get_long(), Some(&*flag));
        assert!(MANUAL.contains(&format!("`{flag}`")), "docs/relay.md does not explain {flag}");
        for default in setting.get_default_values() {
            assert!(
                MANUAL.contains(default.to_str().unwrap()),
                "docs/relay.md has another default for {flag}"
            );
        }
    }
}
