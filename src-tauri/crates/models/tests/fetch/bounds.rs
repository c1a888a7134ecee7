//! Bodies that are longer than the file or than the disk.

use std::fs;

use needledrop_models::{FetchOptions, HttpTransport, ModelError, fetch};
use tokio_util::sync::CancellationToken;

use crate::fixture::{known, model, options, pack, run};
use crate::host::{Answer, Host};

#[test]
fn endless_bodies_are_cut_off() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let known_pack = pack(dir.path(), &known(&model));
    let host = Host::new(Vec::new(), "\"v1\"", vec![Answer::Endless]);
    assert_eq!(
        run(&known_pack, &host).unwrap_err().code(),
        "too_large",
        "length known"
    );
    let unknown = tempfile::tempdir().unwrap();
    let pack = pack(unknown.path(), "");
    let options = FetchOptions {
        most_bytes: 1 << 20,
        ..options(&host)
    };
    let transport = HttpTransport::new().unwrap();
    let token = CancellationToken::new();
    let error = fetch(&pack, &options, &transport, &mut |_| {}, &token).unwrap_err();
    assert_eq!(error.code(), "too_large", "length unknown");
    let part = fs::metadata(unknown.path().join("model.onnx.part")).unwrap();
    assert_eq!(part.len(), 0, "what came is given back to the disk");
}

#[test]
fn a_wrong_announced_length_is_refused_before_the_body() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), &known(&model));
    let longer = Host::new(model.clone(), "\"v1\"", vec![Answer::Announce(1 << 40)]);
    assert_eq!(run(&pack, &longer).unwrap_err().code(), "too_large");
    let shorter = Host::new(model.clone(), "\"v1\"", vec![Answer::Announce(10)]);
    assert_eq!(run(&pack, &shorter).unwrap_err().code(), "model_corrupt");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_reported_with_the_missing_bytes() {
    let (dir, model) = (tempfile::tempdir().unwrap(), model());
    let pack = pack(dir.path(), &known(&model));
    // Writing to this device fails as on a full disk.
    std::os::unix::fs::symlink("/dev/full", dir.path().join("model.onnx.part")).unwrap();
    let host = Host::new(model.clone(), "\"v1\"", vec![Answer::Serve]);
    let error = run(&pack, &host).unwrap_err();
    assert!(
        matches!(error, ModelError::DiskFull { wanted, .. } if wanted == model.len() as u64),
        "{error}"
    );
}
