//! A pack of one missing file, and a fetch of it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use needledrop_models::{FetchOptions, FetchReport, HttpTransport, ModelError, Pack, fetch};
use sha2::{Digest, Sha256};
use tokio_util::sync::CancellationToken;

use crate::host::Host;

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        })
}

/// Repeatable bytes, 300 kB.
pub fn model() -> Vec<u8> {
    (0u32..75_000)
        .flat_map(|i| i.wrapping_mul(2_654_435_761).to_le_bytes())
        .collect()
}

/// A pack whose only missing file is `model.onnx`; `entry` is added to its `[[files]]`.
pub fn pack(dir: &Path, entry: &str) -> Pack {
    let text = format!(
        r#"name = "test"
version = 1
title = "test"
licence = "MIT"
[visual]
kind = "clip"
file = "model.onnx"
input_size = 8
resize_short = 8
mean = [0, 0, 0]
std = [1, 1, 1]
dim = 4
space = "v"
[audio]
kind = "clap"
files = ["model.onnx"]
dim = 4
space = "a"
window_s = 10
sections_s = 10
[text]
kind = "sentence"
file = "model.onnx"
tokenizer = "model.onnx"
dim = 4
[projector]
file = "model.onnx"
[[files]]
path = "model.onnx"
{entry}
"#
    );
    fs::write(dir.join("pack.toml"), text).unwrap();
    Pack::open_with_cache(dir, None).unwrap()
}

pub fn options(host: &Host) -> FetchOptions {
    FetchOptions {
        source: Some(host.base.clone()),
        pause: Duration::from_millis(1),
        attempts: 3,
        ..FetchOptions::default()
    }
}

/// Fetches with a stall limit for a loaded machine.
pub fn run(pack: &Pack, host: &Host) -> Result<FetchReport, ModelError> {
    run_with_stall(pack, host, Duration::from_secs(60))
}

/// Fetches; a connection without data for `stall` is given up.
pub fn run_with_stall(
    pack: &Pack,
    host: &Host,
    stall: Duration,
) -> Result<FetchReport, ModelError> {
    let transport = HttpTransport::with_stall(stall).unwrap();
    let token = CancellationToken::new();
    let done = fetch(pack, &options(host), &transport, &mut |_| {}, &token)?;
    Ok(done.expect("nobody cancelled"))
}

pub fn known(bytes: &[u8]) -> String {
    format!("sha256 = \"{}\"\nbytes = {}", sha256(bytes), bytes.len())
}
