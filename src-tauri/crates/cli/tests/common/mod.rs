//! Running the command, and media for it to run on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use gstreamer as gst;
use gstreamer::prelude::*;
use serde_json::Value;

/// The command with a home of its own, so that tests neither read nor write the user's.
pub struct Sandbox {
    pub dir: tempfile::TempDir,
}

/// What a run of the command gave.
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Sandbox {
    pub fn new() -> Self {
        Self {
            dir: tempfile::tempdir().unwrap(),
        }
    }

    /// A sandbox for tests that run models.
    pub fn with_pack() -> Self {
        embedded_pack();
        Self::new()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_needledrop"));
        command
            .args(args)
            .current_dir(self.dir.path())
            .env("HOME", self.dir.path());
        for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"] {
            command.env_remove(name);
        }
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        Ran::from(self.command(args).output().unwrap())
    }

    /// The code of the error that a `--json` run ends with, after checking its form and exit.
    pub fn error(&self, args: &[&str], exit: i32) -> Value {
        let ran = self.run(&[args, &["--json"]].concat());
        assert_eq!(
            ran.code, exit,
            "exit of {args:?}: {}{}",
            ran.stdout, ran.stderr
        );
        let error = ran.json()["error"].clone();
        assert!(
            error["message"].as_str().is_some_and(|m| !m.is_empty()),
            "{error}"
        );
        assert!(
            error.get("hint").is_some(),
            "hint is there, if null: {error}"
        );
        error
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> String {
        fs::write(self.path(name), bytes).unwrap();
        name.to_owned()
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// The one JSON document on stdout.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|e| panic!("one JSON document: {e}\n{}\n{}", self.stdout, self.stderr))
    }
}

/// Folder of the embedded pack, which is committed: a checkout without it is broken.
pub fn embedded_pack() -> PathBuf {
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../models/embedded");
    for file in ["pack.toml", "projector.safetensors"] {
        assert!(
            pack.join(file).is_file(),
            "models/embedded/{file} is missing in this checkout"
        );
    }
    pack.canonicalize().unwrap()
}

/// Runs a GStreamer pipeline to its end.
pub fn pipeline(text: &str) {
    gst::init().unwrap();
    let pipeline = gst::parse::launch(text).unwrap();
    pipeline.set_state(gst::State::Playing).unwrap();
    let bus = pipeline.bus().unwrap();
    let ended = [gst::MessageType::Eos, gst::MessageType::Error];
    let message = bus
        .timed_pop_filtered(gst::ClockTime::from_seconds(120), &ended)
        .unwrap();
    if let gst::MessageView::Error(error) = message.view() {
        panic!("{text}: {error:?}");
    }
    pipeline.set_state(gst::State::Null).unwrap();
}

/// A clip of moving test pictures with key frames every second.
pub fn clip(path: &Path, seconds: u32) {
    let frames = seconds * 10;
    pipeline(&format!(
        "videotestsrc num-buffers={frames} pattern=smpte ! video/x-raw,width=320,height=180,framerate=10/1 \
         ! timeoverlay ! x264enc key-int-max=10 speed-preset=ultrafast ! h264parse ! mp4mux \
         ! filesink location={}",
        path.display()
    ));
}

/// A piece of music: chords of a tonic at a tempo, as WAV, mono, 22,050 Hz, 16 bits.
pub fn music(path: &Path, seconds: f64, bpm: f64, tonic_hz: f64, minor: bool) {
    const RATE: f64 = 22_050.0;
    let third = if minor { 1.2 } else { 1.25 };
    let count = (seconds * RATE) as usize;
    let mut bytes = Vec::with_capacity(44 + count * 2);
    let data = u32::try_from(count * 2).unwrap();
    bytes.extend(b"RIFF");
    bytes.extend((36 + data).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(16_u32.to_le_bytes());
    bytes.extend([1, 0, 1, 0]);
    bytes.extend(22_050_u32.to_le_bytes());
    bytes.extend(44_100_u32.to_le_bytes());
    bytes.extend([2, 0, 16, 0]);
    bytes.extend(b"data");
    bytes.extend(data.to_le_bytes());
    for at in 0..count {
        let t = at as f64 / RATE;
        let beat = t * bpm / 60.0;
        let decay = (-6.0 * beat.fract()).exp();
        let step = [1.0, 4.0 / 3.0, 1.5, 1.0][beat as usize / 4 % 4];
        let chord: f64 = [1.0, third, 1.5]
            .iter()
            .map(|ratio| (std::f64::consts::TAU * tonic_hz * step * ratio * t).sin())
            .sum();
        let sample = (6000.0 * chord * (0.3 + 0.7 * decay)) as i16;
        bytes.extend(sample.to_le_bytes());
    }
    fs::write(path, bytes).unwrap();
}
