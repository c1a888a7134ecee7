//! Tracks that have never been read: time from selecting one until its first sound, in the middle of the file.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use needledrop_player::{Cue, Event, Recording};
use tokio_util::sync::CancellationToken;

use crate::measure::print;
use crate::recorder::Recorder;
use crate::rig;

/// Where in each track the range begins, seconds.
const START_S: f64 = 45.0;
/// Softer than this is not heard.
const HEARD: f32 = 0.002;

/// A music file, read by the decoder of the application.
pub struct File(pub PathBuf);

impl Recording for File {
    fn read(
        &self,
        range_s: (f64, f64),
        stop: &CancellationToken,
        on_samples: &mut dyn FnMut(&[f32]) -> ControlFlow<()>,
    ) -> Result<(), String> {
        let read = needledrop_audio::decode::stereo(&self.0, range_s, stop, on_samples);
        read.map_err(|error| error.to_string())
    }
}

/// One file after the other, each offered and chosen in the same moment.
pub fn cold(files: &[String]) {
    let (audition, events) = rig();
    audition.load_clip(None, 600.0);
    audition.play();
    let recorder = Recorder::start();
    std::thread::sleep(Duration::from_secs(2));
    let (mut asked_s, mut read) = (Vec::new(), Vec::new());
    for file in files {
        audition.select(None).unwrap();
        std::thread::sleep(Duration::from_millis(200));
        audition.seek(0.0);
        let cue = Cue {
            id: file.clone(),
            recording: Arc::new(File(file.into())),
            start_s: START_S,
            duration_s: 0.0,
            gain_db: 0.0,
        };
        let asked = Instant::now();
        audition.offer(vec![cue]);
        audition.select(Some(file)).unwrap();
        asked_s.push((asked - recorder.start).as_secs_f64());
        let end = asked + Duration::from_millis(700);
        let left = || end.saturating_duration_since(Instant::now());
        while let Ok(event) = events.recv_timeout(left()) {
            if matches!(event, Event::CueReady { .. }) {
                read.push(1000.0 * asked.elapsed().as_secs_f64());
            }
        }
    }
    let (_, tape) = recorder.stop();
    let mut heard: Vec<f64> = asked_s
        .iter()
        .filter_map(|asked_s| {
            let from = tape.frame_at(*asked_s);
            let sound = tape.samples[from..]
                .iter()
                .take(30_000)
                .position(|x| x.abs() > HEARD)?;
            Some(1000.0 * (tape.moment_s(from + sound) - asked_s))
        })
        .collect();
    println!("{} files, from {START_S} s", files.len());
    print("from select to half a second in memory", "ms", &mut read);
    print("from select to the first sound", "ms", &mut heard);
}
