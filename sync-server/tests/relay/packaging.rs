//! The board and the alerts that the packages bring name only metrics that a relay shows.

use std::collections::BTreeSet;

use crate::common::*;

const BOARD: &str = include_str!("../../../packaging/dashboard.json");
const ALERTS: &str = include_str!("../../../packaging/alerts.yaml");
const PREFIX: &str = "trellis_relay_";

/// Names of the relay's metrics in a text.
fn named(text: &str) -> BTreeSet<String> {
    let name = |rest: &str| rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
    text.split(PREFIX).skip(1).map(name).collect()
}

/// Names by which Prometheus knows a metric, from a line that tells its type.
fn shown(line: &str) -> Vec<String> {
    let Some((name, kind)) = line.strip_prefix("# TYPE ").and_then(|rest| rest.split_once(' ')) else {
        return vec![];
    };
    let name = name.strip_prefix(PREFIX).unwrap();
    let ends: &[&str] = match kind {
        "counter" => &["_total"],
        "histogram" => &["_bucket", "_sum", "_count"],
        "info" => &["_info"],
        _ => &[""],
    };
    ends.iter().map(|end| format!("{name}{end}")).collect()
}

#[tokio::test]
async fn the_board_and_the_alerts_name_only_metrics_that_exist() {
    let (running, device) = relay(|config| config.metrics_listen = Some(([127, 0, 0, 1], 0).into())).await;
    let token = device.made(1).await;
    device.append(&token, vec![vec![1; 600]]).await;
    let metrics = Device::new(format!("http://{}", running.metrics_addr().unwrap()));
    let text = metrics.get("/metrics").await.text().await.unwrap();
    let shown: BTreeSet<String> = text.lines().flat_map(shown).collect();
    for (file, text) in [("dashboard.json", BOARD), ("alerts.yaml", ALERTS)] {
        let missing: Vec<_> = named(text).difference(&shown).cloned().collect();
        assert!(missing.is_empty(), "packaging/{file} names {missing:?}; there are {shown:?}");
    }
}
