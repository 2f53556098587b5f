//! What is locked can be built by the oldest supported Rust.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

use serde_json::Value;

/// The first two numbers of a version.
fn version(text: &str) -> (u32, u32) {
    let mut numbers = text.split('.').map(|number| number.parse().unwrap());
    (numbers.next().unwrap(), numbers.next().unwrap_or(0))
}

#[test]
fn every_crate_that_is_locked_builds_with_the_oldest_supported_rust() {
    let oldest = version(env!("CARGO_PKG_RUST_VERSION"));
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--locked",
            "--format-version",
            "1",
            "--filter-platform",
            "x86_64-unknown-linux-gnu",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let used: Vec<&str> = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|node| node["id"].as_str())
        .collect();
    let packages = metadata["packages"].as_array().unwrap();
    let used = packages.iter().filter(|package| used.contains(&package["id"].as_str().unwrap()));
    let newer: Vec<String> = used
        .filter(|package| package["rust_version"].as_str().is_some_and(|text| version(text) > oldest))
        .map(|package| {
            format!("{} {} needs Rust {}", package["name"], package["version"], package["rust_version"])
        })
        .collect();
    assert!(newer.is_empty(), "{newer:#?}");
}
