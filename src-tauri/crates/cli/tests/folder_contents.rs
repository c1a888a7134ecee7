//! A folder as people have them: music under other endings, resource forks, trash, pipes, broken files.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    reason = "a helper of a test that fails is a test that fails"
)]

#[allow(dead_code, reason = "each test file uses its part")]
mod common;

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;

use common::{Sandbox, music, pipeline};

#[test]
fn everything_in_a_folder_is_indexed_or_failed_or_passed_over_by_its_reason() {
    let sandbox = Sandbox::with_pack();
    for folder in ["music/.Trash-1000/files", "music/@eaDir", "music/dir.mp3"] {
        fs::create_dir_all(sandbox.path(folder)).unwrap();
    }
    // Music is told by its content.
    music(&sandbox.path("music/no ending"), 4.0, 96.0, 220.0, true);
    music(
        &sandbox.path("music/dir.mp3/inside.bwf"),
        4.0,
        120.0,
        247.0,
        true,
    );
    music(&sandbox.path("music/wrong.txt"), 4.0, 100.0, 262.0, true);
    // The case of a name makes another file.
    fs::copy(
        sandbox.path("music/wrong.txt"),
        sandbox.path("music/WRONG.TXT"),
    )
    .unwrap();
    // These fail, each by its name.
    sandbox.write("music/empty.wav", b"");
    sandbox.write("music/noise.mp3", &[0x55; 3000]);
    let mut wavpack = b"wvpk".to_vec();
    wavpack.extend([0; 2000]);
    sandbox.write("music/a.wv", &wavpack);
    symlink("/nowhere/gone.mp3", sandbox.path("music/gone.mp3")).unwrap();
    // These are passed over.
    let mut fork = vec![0x00, 0x05, 0x16, 0x07, 0, 2, 0, 0];
    fork.extend([0; 100]);
    sandbox.write("music/._wrong.txt", &fork);
    music(
        &sandbox.path("music/.Trash-1000/files/old.wav"),
        4.0,
        90.0,
        330.0,
        true,
    );
    music(
        &sandbox.path("music/@eaDir/thumb.wav"),
        4.0,
        90.0,
        330.0,
        true,
    );
    sandbox.write("music/cover.jpg", b"\xff\xd8\xff\xe0 picture");
    sandbox.write("music/readme.txt", b"hello");
    sandbox.write("music/song.mp3.part", b"half");
    let _socket = UnixListener::bind(sandbox.path("music/socket.mp3")).unwrap();
    let film = sandbox.path("music/film.mp4");
    pipeline(&format!(
        "videotestsrc num-buffers=5 ! video/x-raw,width=64,height=64 ! x264enc ! mp4mux ! filesink location={}",
        film.display()
    ));
    symlink(sandbox.path("music"), sandbox.path("music/again")).unwrap();

    let report = sandbox
        .run(&["index", "music", "--catalog", "catalog", "--json"])
        .json();
    assert_eq!(report["added"], 3, "{report}");
    assert_eq!(report["known"], 1, "{report}");
    let failed: Vec<_> = report["failed"].as_array().unwrap().iter().collect();
    let codes: Vec<(&str, &str)> = failed
        .iter()
        .map(|row| {
            let path = row["path"].as_str().unwrap();
            (
                path.rsplit('/').next().unwrap(),
                row["code"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        codes,
        [
            ("a.wv", "unsupported_codec"),
            ("empty.wav", "empty_file"),
            ("gone.mp3", "unreadable"),
            ("noise.mp3", "not_audio"),
        ],
        "{failed:?}"
    );
    let counts: Vec<(&str, u64)> = report["passed_over"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["reason"].as_str().unwrap(),
                row["count"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        counts,
        [
            ("trash", 1),
            ("system_folder", 1),
            ("same_folder", 1),
            ("resource_fork", 1),
            ("special_file", 1),
            ("unfinished", 1),
            ("film", 1),
            ("no_sound", 2),
        ]
    );
    let again = sandbox.run(&["index", "music", "--catalog", "catalog"]);
    assert!(
        again.stdout.contains("passed over: 1 trash folders"),
        "{}",
        again.stdout
    );
    assert!(again.stdout.contains("4 unchanged"), "{}", again.stdout);
}

#[test]
fn a_folder_without_music_is_an_error_and_makes_no_catalog() {
    let sandbox = Sandbox::with_pack();
    fs::create_dir(sandbox.path("music")).unwrap();
    sandbox.write("music/readme.txt", b"hello");
    let error = sandbox.error(&["index", "music", "--catalog", "catalog"], 2);
    assert_eq!(error["code"], "no_music");
    assert!(!sandbox.path("catalog").exists());
}
