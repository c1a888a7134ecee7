//! Bad input gets a clear error with a code.

#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that fails is a test that fails"
)]

#[allow(dead_code, reason = "each test file uses its part")]
mod common;

use std::fs;

use common::{Sandbox, clip, embedded_pack, pipeline};
use needledrop_catalog::{Catalog, NewTrack, SourceFile, TrackDetails, TrackFacts};

/// Makes a catalog with one track.
fn one_track(sandbox: &Sandbox, name: &str) {
    let mut catalog =
        Catalog::create(&sandbox.path(name), "embedded-audio-1", 384, "small").unwrap();
    let file = SourceFile {
        path: "rain.ogg".into(),
        bytes: 1,
        modified_ns: 0,
        sha256: [7; 32],
    };
    let facts = TrackFacts {
        title: "Rain".to_owned(),
        duration_s: 60.0,
        ..TrackFacts::default()
    };
    let mut vector = vec![0.0; 384];
    vector[0] = 1.0;
    let sections = Vec::new();
    catalog
        .put(&NewTrack {
            file,
            facts,
            vector,
            sections,
            details: TrackDetails::default(),
            analysis_version: 1,
            same_as: Vec::new(),
        })
        .unwrap();
}

fn match_error(sandbox: &Sandbox, clip: &str, more: &[&str], exit: i32) -> serde_json::Value {
    sandbox.error(
        &[&["match", clip, "--catalog", "catalog"], more].concat(),
        exit,
    )
}

#[test]
fn each_kind_of_unusable_clip_has_its_code() {
    let sandbox = Sandbox::with_pack();
    one_track(&sandbox, "catalog");
    let text = sandbox.write("notes.mp4", &b"shot list: one wide, two close\n".repeat(50));
    let empty = sandbox.write("empty.mp4", b"");
    fs::create_dir(sandbox.path("folder.mp4")).unwrap();
    clip(&sandbox.path("whole.mp4"), 3);
    let whole = fs::read(sandbox.path("whole.mp4")).unwrap();
    let half = sandbox.write("half.mp4", &whole[..whole.len() / 2]);
    pipeline(&format!(
        "audiotestsrc num-buffers=50 ! vorbisenc ! oggmux ! filesink location={}",
        sandbox.path("sound.ogg").display()
    ));
    for (clip, exit, code) in [
        (text.as_str(), 2, "not_a_video"),
        (&empty, 2, "empty_file"),
        (&half, 2, "truncated"),
        ("sound.ogg", 2, "no_video_stream"),
        ("folder.mp4", 2, "unreadable"),
        ("nowhere.mp4", 3, "not_found"),
    ] {
        let error = match_error(&sandbox, clip, &[], exit);
        assert_eq!(error["code"], code, "{clip}: {error}");
        let frames = sandbox.error(&["frames", clip, "--out", "out"], exit);
        assert_eq!(frames["code"], code, "frames of {clip}");
    }
}

#[test]
fn a_range_must_lie_in_the_clip_and_be_short_enough() {
    let sandbox = Sandbox::with_pack();
    pipeline(&format!(
        "videotestsrc num-buffers=130 ! video/x-raw,width=64,height=64,framerate=1/1 ! jpegenc \
         ! matroskamux ! filesink location={}",
        sandbox.path("long.mkv").display()
    ));
    let outside = sandbox.error(&["embed", "long.mkv", "--range", "500-560"], 2);
    assert_eq!(outside["code"], "range_outside", "{outside}");
    let long = sandbox.error(&["embed", "long.mkv"], 2);
    assert_eq!(long["code"], "clip_too_long", "{long}");
    assert!(
        long["message"].as_str().unwrap().contains("120"),
        "the message names the limit: {long}"
    );
    assert!(
        long["hint"].as_str().unwrap().contains("--range"),
        "the message names the next step: {long}"
    );
    let fits = sandbox.run(&["embed", "long.mkv", "--range", "1:00-1:30", "--json"]);
    assert_eq!(fits.code, 0, "{}", fits.stderr);
    assert_eq!(fits.json()["times_s"].as_array().unwrap().len(), 30);
}

#[test]
fn each_kind_of_unusable_catalog_has_its_code() {
    let sandbox = Sandbox::with_pack();
    clip(&sandbox.path("clip.mp4"), 2);
    Catalog::create(&sandbox.path("empty"), "embedded-audio-1", 384, "empty").unwrap();
    Catalog::create(&sandbox.path("foreign"), "clap-512", 512, "foreign").unwrap();
    fs::create_dir(sandbox.path("broken")).unwrap();
    fs::write(
        sandbox.path("broken/catalog.sqlite"),
        b"not a database".repeat(100),
    )
    .unwrap();
    for (catalog, exit, code) in [
        ("nowhere", 3, "catalog_missing"),
        ("empty", 3, "catalog_empty"),
        ("foreign", 4, "space_mismatch"),
        ("broken", 5, "catalog_damaged"),
    ] {
        let error = sandbox.error(&["match", "clip.mp4", "--catalog", catalog], exit);
        assert_eq!(error["code"], code, "{catalog}: {error}");
        let search = sandbox.error(&["search", "--text", "rain", "--catalog", catalog], exit);
        assert_eq!(search["code"], code, "search in {catalog}: {search}");
    }
}

#[test]
fn an_unknown_pack_is_not_found() {
    let sandbox = Sandbox::new();
    let error = sandbox.error(&["embed", "--text", "rain", "--pack", "nonesuch"], 3);
    assert_eq!(error["code"], "pack_not_found");
}

#[cfg(unix)]
#[test]
fn a_corrupt_model_is_refused_with_file_and_checksum() {
    let embedded = embedded_pack();
    let sandbox = Sandbox::new();
    let pack = sandbox.path("pack");
    fs::create_dir(&pack).unwrap();
    for entry in fs::read_dir(embedded).unwrap().flatten() {
        std::os::unix::fs::symlink(entry.path(), pack.join(entry.file_name())).unwrap();
    }
    let victim = pack.join("efficientnet_lite2.onnx");
    let mut bytes = fs::read(&victim).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::remove_file(&victim).unwrap();
    fs::write(&victim, bytes).unwrap();
    clip(&sandbox.path("clip.mp4"), 2);
    let error = sandbox.error(&["embed", "clip.mp4", "--pack", "./pack"], 4);
    assert_eq!(error["code"], "model_corrupt");
    let message = error["message"].as_str().unwrap();
    assert!(
        message.contains("efficientnet_lite2.onnx") && message.contains("sha256"),
        "{message}"
    );
    let verified = sandbox.run(&["models", "verify", "./pack", "--json"]);
    assert_eq!(verified.code, 4, "{}", verified.stdout);
    assert_eq!(verified.json()["packs"][0]["good"], false);

    fs::remove_file(&victim).unwrap();
    let error = sandbox.error(&["embed", "clip.mp4", "--pack", "./pack"], 3);
    assert_eq!(error["code"], "model_missing");
}

#[test]
fn indexing_a_folder_without_music_is_an_error() {
    let sandbox = Sandbox::with_pack();
    fs::create_dir(sandbox.path("empty")).unwrap();
    let error = sandbox.error(&["index", "empty", "--catalog", "c"], 2);
    assert_eq!(error["code"], "no_music");
    assert!(
        !sandbox.path("c").exists(),
        "no catalog is made without music"
    );
    let error = sandbox.error(&["index", "nowhere", "--catalog", "c"], 3);
    assert_eq!(error["code"], "folder_missing");
}
