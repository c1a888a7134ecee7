//! Proxies of clips: each shows the picture of the clip at every time.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

#[path = "../common/mod.rs"]
mod common;
mod faults;
mod formats;
mod pictures;

use common::{Clip, STEPS, read_back};
use needledrop_media::{ProxyReport, ProxyRequest, proxy};
use std::{fs, path::Path};
use tokio_util::sync::CancellationToken;

const X264: &str =
    "x264enc key-int-max=25 bframes=2 speed-preset=ultrafast quantizer=18 pass=qual bitrate=100000";

fn make(path: &Path, request: &ProxyRequest) -> ProxyReport {
    let mut told = Vec::new();
    let stem = path.with_file_name("proxy");
    let report = proxy(
        path,
        &stem,
        request,
        &CancellationToken::new(),
        &mut |done, total| told.push((done, total)),
    )
    .unwrap();
    assert!(told.is_sorted(), "progress goes forward");
    assert_eq!(told.last(), Some(&(report.frames, report.frames)));
    let beside = fs::read_dir(path.parent().unwrap()).unwrap();
    assert_eq!(beside.count(), 2, "the clip and the proxy, nothing else");
    report
}

/// Checks that each frame of the proxy shows the picture of the clip at its time, within half a
/// frame.
fn assert_true_to(clip: &Clip<'_>, report: &ProxyReport, late_ms: u64, name: &str) {
    let frames = read_back(&report.path);
    assert_eq!(frames.len() as u64, report.frames, "{name}");
    let frame_s = f64::from(report.fps_den) / f64::from(report.fps_num);
    let start_s = |n: usize| (clip.start_ms)(n).saturating_sub(late_ms) as f64 / 1000.0;
    for (number, frame) in frames.iter().enumerate() {
        let time_s = number as f64 * frame_s;
        let off = (frame.time_s - time_s).abs();
        assert!(off < 0.001, "{name}: frame {number} at {} s", frame.time_s);
        let right = (0..clip.frames).any(|n| {
            let from = if n == 0 { f64::MIN } else { start_s(n) };
            let shows =
                from <= time_s + frame_s * 0.51 && start_s(n + 1) >= time_s + frame_s * 0.49;
            shows && n * 7 % STEPS == frame.step
        });
        assert!(
            right,
            "{name}: frame {number} ({time_s:.3} s) shows step {}",
            frame.step
        );
    }
    let (end_s, clip_s) = (frames.len() as f64 * frame_s, start_s(clip.frames));
    assert!(
        (end_s - clip_s).abs() <= frame_s * 1.01,
        "{name}: {end_s} of {clip_s} s"
    );
}
