//! The second look at hard cuts: the pictures between the two that each was seen between.

use std::ops::ControlFlow;

use needledrop_media::{DensePass, Frame};
use needledrop_vision::{Picture, ShotCurve};

use crate::job::Job;

/// Moves the hard cuts of `shots` to their first pictures. `seen_s` are the times in seconds of the
/// pictures that were watched, ascending. Where no second look is possible the cuts stay.
pub(super) fn place_cuts(pass: &DensePass, shots: &mut ShotCurve, seen_s: &[f64], job: &Job<'_>) {
    let spans_s: Vec<(f64, f64)> = shots
        .hard_cuts_s()
        .into_iter()
        .filter_map(|cut_s| {
            let before = seen_s.partition_point(|&s| s < cut_s).checked_sub(1)?;
            Some((seen_s[before], cut_s))
        })
        .collect();
    let mut frames: Vec<Frame> = Vec::new();
    let looked = pass.between(&spans_s, job.cancel(), &mut |frame| {
        frames.push(frame);
        ControlFlow::Continue(())
    });
    if let Err(error) = looked {
        tracing::debug!(%error, "cuts stay at the pictures that were watched");
    }
    for (from_s, to_s) in spans_s {
        let from = frames.partition_point(|f| f.time_s < from_s);
        let to = frames.partition_point(|f| f.time_s <= to_s);
        let pictures: Vec<(f64, Picture<'_>)> = frames[from..to.max(from)]
            .iter()
            .map(|f| (f.time_s, picture(f)))
            .collect();
        if let Err(error) = shots.place(to_s, &pictures) {
            tracing::debug!(%error, to_s, "a cut stays");
        }
    }
}

pub(super) fn picture(frame: &Frame) -> Picture<'_> {
    Picture {
        width: frame.width,
        height: frame.height,
        rgb: &frame.rgb,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use needledrop_vision::PictureAnalyzer;
    use std::{path::Path, process::Command};
    use tokio_util::sync::CancellationToken;

    /// Frames of each shot: the cuts lie at every place of a group of pictures.
    const SHOTS: [i64; 7] = [37, 23, 31, 26, 29, 34, 20];
    const SOURCES: [&str; 7] = [
        "testsrc",
        "smptehdbars",
        "mandelbrot",
        "rgbtestsrc",
        "testsrc2",
        "pal100bars",
        "mandelbrot",
    ];

    fn ffmpeg(arguments: &str, path: &Path) {
        let done = Command::new("ffmpeg")
            .args("-v error -nostdin -y -threads 2".split(' '))
            .args(arguments.split_whitespace())
            .arg(path)
            .status();
        assert!(done.expect("ffmpeg is installed").success(), "{arguments}");
    }

    /// The shots one after another, without loss.
    fn write_shots(path: &Path, fps: usize) {
        let (mut inputs, mut filter) = (String::new(), String::new());
        for (at, (frames, source)) in SHOTS.iter().zip(SOURCES).enumerate() {
            inputs += &format!(" -f lavfi -i {source}=size=320x180:rate={fps}");
            filter += &format!("[{at}]trim=end_frame={frames},format=yuv420p[{at}v];");
        }
        let joined: String = (0..SHOTS.len()).map(|at| format!("[{at}v]")).collect();
        let filter = format!("{filter}{joined}concat=n={}", SHOTS.len());
        ffmpeg(
            &format!("{inputs} -filter_complex {filter} -c:v ffv1"),
            path,
        );
    }

    /// Frame numbers of the cuts, and the number of pictures watched.
    fn cuts(path: &Path, fps: usize) -> (Vec<i64>, usize) {
        let cancel = CancellationToken::new();
        let pass = DensePass::new(path, None, &cancel).unwrap();
        let (mut watch, mut seen_s) = (PictureAnalyzer::new(), Vec::new());
        pass.watch(&cancel, &mut |frame| {
            watch.push(frame.time_s, &picture(&frame)).unwrap();
            seen_s.push(frame.time_s);
            ControlFlow::Continue(())
        })
        .unwrap();
        let mut shots = watch.finish().shots;
        place_cuts(&pass, &mut shots, &seen_s, &Job::new(cancel, &|_| ()));
        let frame = |s: f64| (s * fps as f64).round() as i64;
        let cuts = shots.cuts(0.5);
        (cuts.iter().map(|c| frame(c.time_s)).collect(), seen_s.len())
    }

    #[test]
    fn cuts_are_exact_to_the_frame_in_every_coding() {
        let dir = tempfile::tempdir().unwrap();
        let truth: Vec<i64> = (1..SHOTS.len()).map(|n| SHOTS[..n].iter().sum()).collect();
        let hevc = "-c:v libx265 -preset ultrafast -x265-params \
                    log-level=error:bframes=4:b-adapt=0:scenecut=0:keyint=250";
        for (name, fps, coding) in [
            ("hevc.mp4", 25, hevc.to_owned()),
            ("deep.mkv", 24, format!("-pix_fmt yuv420p10le {hevc}")),
            (
                "mpeg2.ts",
                25,
                "-c:v mpeg2video -bf 2 -g 15 -sc_threshold 1000000000 -b:v 3M".to_owned(),
            ),
            (
                "eight.mp4",
                60,
                "-c:v libx264 -preset veryfast -bf 8 -g 250 -x264-params scenecut=0:b-adapt=0"
                    .to_owned(),
            ),
        ] {
            let (plain, path) = (dir.path().join("plain.mkv"), dir.path().join(name));
            write_shots(&plain, fps);
            ffmpeg(&format!("-i {} {coding}", plain.display()), &path);
            let (found, watched) = cuts(&path, fps);
            assert_eq!(found, truth, "{name}, {watched} pictures watched");
        }
    }

    #[test]
    fn cuts_of_a_part_of_an_open_group_stream_are_exact_to_the_frame() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name| dir.path().join(name);
        write_shots(&at("plain.mkv"), 60);
        for (name, coding) in [
            (
                "264.mkv",
                "-c:v libx264 -bf 3 -x264-params scenecut=0:open-gop=1:keyint=20",
            ),
            (
                "265.mkv",
                "-c:v libx265 -preset ultrafast -x265-params \
                 log-level=error:bframes=4:b-adapt=0:scenecut=0:open-gop=1:keyint=20",
            ),
        ] {
            let (whole, part) = (at(name), dir.path().join(format!("part-{name}")));
            ffmpeg(
                &format!("-i {} {coding}", at("plain.mkv").display()),
                &whole,
            );
            // From frame 48 on, which is no key picture.
            ffmpeg(&format!("-ss 0.8 -i {} -c copy", whole.display()), &part);
            let (found, watched) = cuts(&part, 60);
            let apart = |cuts: &[i64]| cuts.windows(2).map(|w| w[1] - w[0]).collect::<Vec<_>>();
            assert_eq!(
                apart(&found),
                SHOTS[2..6],
                "{name}, {watched} pictures watched"
            );
        }
    }
}
