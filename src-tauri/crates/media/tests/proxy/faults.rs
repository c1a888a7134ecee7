//! Truncated clips, files that are not clips, a cancel, a path that cannot be written.

use crate::common::{Clip, read_back};
use crate::{X264, make};
use needledrop_media::{MediaError, ProxyRequest, proxy};
use std::fs;
use tokio_util::sync::CancellationToken;

#[test]
fn a_truncated_clip_gives_a_proxy_of_its_part_and_is_reported() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("torn.mkv");
    let clip = Clip {
        frames: 250,
        encode: X264,
        mux: "matroskamux",
        ..Clip::default()
    };
    clip.write(&path);
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() * 6 / 10]).unwrap();
    let report = make(&path, &ProxyRequest::default());
    assert!(report.corrupt, "{report:?}");
    assert!(
        (100..200).contains(&report.frames),
        "{} frames",
        report.frames
    );
    assert_eq!(read_back(&report.path).len() as u64, report.frames);
}

#[test]
fn a_cancel_leaves_no_file_and_a_text_file_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clip.mkv");
    let clip = Clip {
        width: 640,
        height: 480,
        frames: 300,
        encode: X264,
        mux: "matroskamux",
        ..Clip::default()
    };
    clip.write(&path);
    let cancel = CancellationToken::new();
    let stem = dir.path().join("proxy");
    let request = ProxyRequest::default();
    let error = proxy(&path, &stem, &request, &cancel, &mut |done, _| {
        if done > 20 {
            cancel.cancel();
        }
    });
    assert!(matches!(error, Err(MediaError::Cancelled)), "{error:?}");
    assert_eq!(
        fs::read_dir(dir.path()).unwrap().count(),
        1,
        "the clip alone"
    );
    let text = dir.path().join("text.mov");
    fs::write(&text, "no clip").unwrap();
    let error = proxy(
        &text,
        &stem,
        &request,
        &CancellationToken::new(),
        &mut |_, _| (),
    );
    assert_eq!(error.unwrap_err().code(), "not_a_video");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
}

#[test]
fn a_place_that_cannot_be_written_gives_write_failed() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("clip.mkv");
    Clip {
        mux: "matroskamux",
        ..Clip::default()
    }
    .write(&path);
    // A file where a folder is needed.
    let stem = path.join("proxy");
    let request = ProxyRequest::default();
    let error = proxy(
        &path,
        &stem,
        &request,
        &CancellationToken::new(),
        &mut |_, _| (),
    );
    assert_eq!(error.unwrap_err().code(), "write_failed");
}
