//! Prints as JSON what one check-in costs on the wire.

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    println!("{}", serde_json::to_string_pretty(&trellis_tests::bytes::one_checkin().await?)?);
    Ok(())
}
