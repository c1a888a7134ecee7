//! Arguments, help, completions, pipes.

#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that fails is a test that fails"
)]

#[allow(dead_code, reason = "each test file uses its part")]
mod common;

use std::io::Read;
use std::process::Stdio;

use common::Sandbox;

#[test]
fn a_mistake_in_the_arguments_is_bad_usage() {
    let sandbox = Sandbox::new();
    for args in [
        &["match"][..],
        &["match", "clip.mp4", "--range", "20-10"],
        &["match", "clip.mp4", "--weights", "1,2,3"],
        &["match", "clip.mp4", "--bpm", "fast"],
        &["match", "clip.mp4", "--key", "H"],
        &["match", "clip.mp4", "--top", "0"],
        &["embed"],
        &["embed", "clip.mp4", "--text", "words"],
        &["dance"],
        &["tracks", "--no-such-option"],
    ] {
        let error = sandbox.error(args, 2);
        assert_eq!(error["code"], "usage", "{args:?}: {error}");
        let ran = sandbox.run(args);
        assert_eq!(ran.code, 2, "the exit code without --json");
        assert!(
            ran.stdout.is_empty() && ran.stderr.contains("error"),
            "the message is on stderr"
        );
    }
}

#[test]
fn a_missing_argument_is_named() {
    let error = Sandbox::new().error(&["frames", "clip.mp4"], 2);
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("--out"), "{message}");
}

#[test]
fn help_and_version_are_not_errors() {
    let sandbox = Sandbox::new();
    for args in [
        &["--help"][..],
        &["match", "--help"],
        &["--version"],
        &["--json", "--help"],
    ] {
        let ran = sandbox.run(args);
        assert_eq!(ran.code, 0, "{args:?}");
        assert!(!ran.stdout.is_empty(), "{args:?} prints to stdout");
    }
}

#[test]
fn every_shell_gets_completions() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let ran = sandbox.run(&["completions", shell]);
        assert_eq!(ran.code, 0, "{shell}");
        assert!(
            ran.stdout.contains("needledrop") && ran.stdout.contains("similar"),
            "{shell}"
        );
    }
}

#[test]
fn a_closed_pipe_is_not_an_error() {
    let sandbox = Sandbox::new();
    // The output is larger than a pipe's buffer, so the command writes after the reader has gone.
    let mut child = sandbox
        .command(&["completions", "zsh"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut told = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut told)
        .unwrap();
    assert_eq!(
        child.wait().unwrap().code(),
        Some(0),
        "a clean exit: {told}"
    );
    assert!(told.is_empty(), "no message: {told}");
}
