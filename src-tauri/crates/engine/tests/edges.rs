//! Proxies and filmstrips: each is made once, cached by content, and removed when its cache is full.

#![allow(clippy::unwrap_used, reason = "helpers of tests may fail loudly")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use gstreamer::{self as gst, prelude::*};
use needledrop_engine::clip::filmstrip::filmstrip;
use needledrop_engine::clip::proxies::{Proxy, clear, proxy_for, proxy_within, trim, used_bytes};
use needledrop_engine::job::{Job, Outcome, Progress};
use needledrop_engine::{ClipEncoder, Places, Provider};
use tokio_util::sync::CancellationToken;

fn places(dir: &Path) -> Places {
    Places {
        config: dir.join("config"),
        data: dir.join("data"),
        cache: dir.join("cache"),
        packs: Vec::new(),
        checkout: None,
        default_catalog: dir.join("catalog"),
    }
}

/// A clip of so many frames, 25 a second, in a container that needs a proxy.
fn clip(dir: &Path, name: &str, pattern: &str, frames: usize) -> PathBuf {
    gst::init().unwrap();
    let path = dir.join(name);
    let text = format!(
        "videotestsrc num-buffers={frames} pattern={pattern} ! \
         video/x-raw,width=320,height=240,framerate=25/1 ! \
         x264enc key-int-max=25 speed-preset=ultrafast ! matroskamux ! \
         filesink location=\"{}\"",
        path.display()
    );
    let pipeline = gst::parse::launch(&text).unwrap();
    pipeline.set_state(gst::State::Playing).unwrap();
    let kinds = [gst::MessageType::Eos, gst::MessageType::Error];
    let wait = gst::ClockTime::from_seconds(60);
    let end = pipeline.bus().unwrap().timed_pop_filtered(wait, &kinds);
    assert_eq!(end.unwrap().type_(), gst::MessageType::Eos, "{text}");
    pipeline.set_state(gst::State::Null).unwrap();
    path
}

fn done<T: std::fmt::Debug>(outcome: Outcome<T>) -> T {
    match outcome {
        Outcome::Completed(value) => value,
        cancelled => panic!("not cancelled, yet {cancelled:?}"),
    }
}

fn made(places: &Places, clip: &Path) -> Proxy {
    let job = Job::new(CancellationToken::new(), &|_| ());
    done(proxy_for(places, clip, &job).unwrap())
}

#[test]
fn a_renamed_clip_uses_the_same_proxy() {
    let dir = tempfile::tempdir().unwrap();
    let places = places(dir.path());
    let first = clip(dir.path(), "a b #1 100%.mkv", "ball", 100);
    let reported: Mutex<Vec<Progress>> = Mutex::default();
    let sink = |p: Progress| reported.lock().unwrap().push(p);
    let job = Job::new(CancellationToken::new(), &sink);
    let proxy = done(proxy_for(&places, &first, &job).unwrap());
    assert!(proxy.made && !proxy.corrupt, "{proxy:?}");
    let reported = reported.lock().unwrap();
    let last = reported.last().unwrap();
    assert_eq!(
        (last.phase.as_str(), last.done, last.total),
        ("making a proxy", 100, 100)
    );
    let again = made(&places, &first);
    assert_eq!((&again.path, again.made), (&proxy.path, false));
    let copy = dir.path().join("copy.mkv");
    fs::copy(&first, &copy).unwrap();
    let changed = fs::metadata(&first).unwrap().modified().unwrap();
    let changed_at = |time| {
        let file = File::options().write(true).open(&copy).unwrap();
        file.set_modified(time).unwrap();
    };
    changed_at(changed);
    assert_eq!(
        made(&places, &copy).path,
        proxy.path,
        "a copy is the same clip"
    );
    changed_at(changed + Duration::from_secs(1));
    assert_ne!(
        made(&places, &copy).path,
        proxy.path,
        "a file written later may differ in bytes that the key does not read"
    );
    let other = clip(dir.path(), "other.mkv", "smpte", 50);
    assert_ne!(made(&places, &other).path, proxy.path);
    assert!(used_bytes(&places) >= fs::metadata(&proxy.path).unwrap().len());
}

#[test]
fn the_least_recently_used_proxy_that_is_not_in_use_is_removed_first() {
    let dir = tempfile::tempdir().unwrap();
    let places = places(dir.path());
    let clips = ["ball", "smpte", "gradient"].map(|p| clip(dir.path(), &format!("{p}.mkv"), p, 25));
    let paths: Vec<PathBuf> = clips.iter().map(|clip| made(&places, clip).path).collect();
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    for (at, path) in paths.iter().enumerate() {
        let file = File::options().write(true).open(path).unwrap();
        file.set_modified(long_ago + Duration::from_secs(at as u64))
            .unwrap();
    }
    let held = made(&places, &clips[0]);
    let bytes = |path: &PathBuf| fs::metadata(path).unwrap().len();
    let two = bytes(&paths[0]) + bytes(&paths[2]);
    let freed = trim(&places, two).unwrap();
    assert!(freed > 0);
    let there: Vec<bool> = paths.iter().map(|path| path.exists()).collect();
    assert_eq!(
        there,
        [true, false, true],
        "asked for again, the oldest is the newest"
    );
    clear(&places).unwrap();
    assert!(held.path.exists(), "in use");
    assert!(!paths[2].exists());
    drop(held);
    clear(&places).unwrap();
    assert_eq!(used_bytes(&places), 0);
}

#[test]
fn a_new_proxy_replaces_old_ones_in_a_small_cache() {
    let dir = tempfile::tempdir().unwrap();
    let places = places(dir.path());
    let job = Job::new(CancellationToken::new(), &|_| ());
    let mut last = None;
    for pattern in ["ball", "smpte", "gradient"] {
        let clip = clip(dir.path(), &format!("{pattern}.mkv"), pattern, 25);
        last = Some(done(proxy_within(&places, &clip, 1, &job).unwrap()).path);
    }
    let last = last.unwrap();
    assert_eq!(
        used_bytes(&places),
        fs::metadata(last).unwrap().len(),
        "the newest alone"
    );
}

#[test]
fn a_cancelled_proxy_is_made_again_and_unfinished_files_are_removed() {
    let dir = tempfile::tempdir().unwrap();
    let places = places(dir.path());
    let clip = clip(dir.path(), "long.mkv", "snow", 400);
    let cancel = CancellationToken::new();
    let stop = |p: Progress| {
        if p.done > 5 {
            cancel.cancel();
        }
    };
    let job = Job::new(cancel.clone(), &stop);
    let outcome = proxy_for(&places, &clip, &job).unwrap();
    assert!(matches!(outcome, Outcome::Cancelled(None)), "{outcome:?}");
    assert_eq!(used_bytes(&places), 0, "no file is left");
    let folder = places.cache.join("proxies");
    let making = fs::read_dir(&folder)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let name = making.file_stem().unwrap().to_string_lossy().into_owned();
    let part = folder.join(format!("{name}.mp4.part-1"));
    let other = folder.join("0123.mp4.part-1.data");
    fs::write(&part, "half").unwrap();
    fs::write(&other, "half").unwrap();
    let proxy = made(&places, &clip);
    assert!(proxy.made && proxy.path.exists());
    assert!(
        !part.exists() && !other.exists(),
        "unfinished files of killed processes"
    );
}

#[test]
fn a_second_call_waits_for_a_proxy_that_is_being_made() {
    let dir = tempfile::tempdir().unwrap();
    let places = places(dir.path());
    let clip = clip(dir.path(), "clip.mkv", "ball", 200);
    let both: Vec<Proxy> = std::thread::scope(|scope| {
        let ask = || scope.spawn(|| made(&places, &clip));
        let both = [ask(), ask()];
        both.into_iter()
            .map(|asked| asked.join().unwrap())
            .collect()
    });
    assert_eq!(both[0].path, both[1].path);
    assert_eq!(
        both.iter().filter(|proxy| proxy.made).count(),
        1,
        "{both:?}"
    );
}

#[test]
fn the_proxy_of_a_truncated_clip_stays_marked_as_damaged() {
    let dir = tempfile::tempdir().unwrap();
    let places = places(dir.path());
    let path = clip(dir.path(), "torn.mkv", "ball", 200);
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let proxy = made(&places, &path);
    assert!(proxy.made && proxy.corrupt, "{proxy:?}");
    let kept = made(&places, &path);
    assert!(!kept.made && kept.corrupt, "{kept:?}");
}

#[test]
fn a_file_without_video_and_a_missing_file_have_no_proxy() {
    let dir = tempfile::tempdir().unwrap();
    let places = places(dir.path());
    let job = Job::new(CancellationToken::new(), &|_| ());
    let text = dir.path().join("text.mkv");
    fs::write(&text, "no clip").unwrap();
    let error = proxy_for(&places, &text, &job).unwrap_err();
    assert_eq!(error.code(), "not_a_video");
    let error = proxy_for(&places, &dir.path().join("none"), &job).unwrap_err();
    assert_eq!(error.code(), "not_found");
}

#[test]
fn a_filmstrip_is_made_once_and_then_read_from_the_cache() {
    let dir = tempfile::tempdir().unwrap();
    let places = places(dir.path());
    let clip = clip(dir.path(), "clip.mkv", "ball", 250);
    let draw = || {
        let job = Job::new(CancellationToken::new(), &|_| ());
        let mut pictures = std::collections::BTreeMap::new();
        let mut keep = |index, time_s, jpeg: &[u8]| {
            pictures.insert(index, (time_s, jpeg.to_vec()));
        };
        let drawn = filmstrip(&places, &clip, None, 12, 48, &job, &mut keep);
        (done(drawn.unwrap()), pictures)
    };
    let (report, first) = draw();
    assert_eq!(
        (report.found, report.kept, report.corrupt),
        (12, false, false)
    );
    assert!(first.keys().copied().eq(0..12));
    for (time_s, jpeg) in first.values() {
        let picture = image::load_from_memory(jpeg).unwrap();
        assert_eq!((picture.width(), picture.height()), (64, 48));
        assert!((0.0..10.0).contains(time_s));
    }
    let (report, again) = draw();
    assert!(report.kept);
    assert_eq!(again, first);
}

#[test]
fn an_encoder_is_ready_before_the_match_and_a_missing_pack_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let mut places = places(dir.path());
    let missing = ClipEncoder::new(&places, "no-such-pack", None)
        .err()
        .unwrap();
    assert_eq!(missing.code(), "pack_not_found");
    places.packs = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../models")];
    let mut encoder = ClipEncoder::new(&places, "embedded", Some(Provider::Cpu)).unwrap();
    encoder.warm().unwrap();
    assert!(!places.cache.exists(), "the pack brings its moods");
}
