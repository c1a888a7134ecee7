//! Clips made with GStreamer's own encoders. Frame `n` is grey of level [`level`]`(n)` and darker
//! in its left third, so that a picture shows its number and its orientation.
#![allow(dead_code, clippy::unwrap_used)]

use gstreamer::{self as gst, prelude::*};
use gstreamer_app as app;
use std::path::Path;

/// Number of levels, far enough apart to survive coding.
pub const STEPS: usize = 20;

/// Grey level of frame `n`.
pub fn level(n: usize) -> u8 {
    (40 + (n * 7 % STEPS) * 10) as u8
}

/// The step that a mean level belongs to.
pub fn step_of(mean: f64) -> usize {
    ((mean - 40.0) / 10.0)
        .round()
        .clamp(0.0, (STEPS - 1) as f64) as usize
}

/// The clip to make.
pub struct Clip<'a> {
    pub width: u32,
    pub height: u32,
    pub frames: usize,
    /// Start of frame `n` in ms.
    pub start_ms: &'a dyn Fn(usize) -> u64,
    /// Launch text between the raw frames and the muxer's pad.
    pub encode: &'a str,
    /// The muxer with its properties.
    pub mux: &'a str,
    /// Pixel aspect ratio.
    pub par: (i32, i32),
    /// Raw format the encoder is given.
    pub format: &'a str,
    /// Clockwise degrees written into the track header of an MP4.
    pub turned_deg: u16,
}

impl Default for Clip<'_> {
    fn default() -> Self {
        Self {
            width: 160,
            height: 120,
            frames: 75,
            start_ms: &|n| n as u64 * 40,
            encode: "x264enc key-int-max=25 bframes=2 speed-preset=fast quantizer=18 pass=qual",
            mux: "mp4mux",
            par: (1, 1),
            format: "I420",
            turned_deg: 0,
        }
    }
}

impl Clip<'_> {
    pub fn write(&self, path: &Path) {
        gst::init().unwrap();
        let text = format!(
            "appsrc name=src format=time ! videoconvert ! video/x-raw,format={} ! {} ! {} ! \
             filesink name=file",
            self.format, self.encode, self.mux
        );
        let pipeline = gst::parse::launch(&text)
            .unwrap()
            .downcast::<gst::Pipeline>()
            .unwrap();
        pipeline
            .by_name("file")
            .unwrap()
            .set_property("location", path);
        let src = pipeline
            .by_name("src")
            .unwrap()
            .downcast::<app::AppSrc>()
            .unwrap();
        let caps = gst::Caps::builder("video/x-raw")
            .field("format", "GRAY8")
            .field("width", self.width as i32)
            .field("height", self.height as i32)
            .field("framerate", gst::Fraction::new(25, 1))
            // Levels are luma, in every format.
            .field("colorimetry", "bt601")
            .field("interlace-mode", "progressive")
            .field(
                "pixel-aspect-ratio",
                gst::Fraction::new(self.par.0, self.par.1),
            )
            .build();
        src.set_caps(Some(&caps));
        pipeline.set_state(gst::State::Playing).unwrap();
        for n in 0..self.frames {
            src.push_buffer(self.frame(n)).unwrap();
        }
        src.end_of_stream().unwrap();
        let end = pipeline.bus().unwrap().timed_pop_filtered(
            gst::ClockTime::from_seconds(120),
            &[gst::MessageType::Eos, gst::MessageType::Error],
        );
        let end = end.expect("the encoder finishes");
        assert_eq!(end.type_(), gst::MessageType::Eos, "making {text}: {end:?}");
        pipeline.set_state(gst::State::Null).unwrap();
        if self.turned_deg != 0 {
            turn(path, self.turned_deg);
        }
    }

    fn frame(&self, n: usize) -> gst::Buffer {
        let stride = self.width.next_multiple_of(4) as usize;
        let mut data = vec![level(n); stride * self.height as usize];
        for row in data.chunks_mut(stride) {
            row[..self.width as usize / 3].fill(16);
        }
        let mut buffer = gst::Buffer::from_mut_slice(data);
        let (start, next) = ((self.start_ms)(n), (self.start_ms)(n + 1));
        let buffer_ref = buffer.get_mut().unwrap();
        buffer_ref.set_pts(gst::ClockTime::from_mseconds(start));
        buffer_ref.set_duration(gst::ClockTime::from_mseconds(next - start));
        buffer
    }
}

/// A picture that was read back.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// When it shows, in seconds.
    pub time_s: f64,
    /// Which step its larger part is of.
    pub step: usize,
    /// Width and height in pixels.
    pub size: (usize, usize),
    /// Mean levels of its left, right, upper and lower sixth.
    pub edges: [f64; 4],
}

/// Every picture of a file, decoded independently of the crate.
pub fn read_back(path: &Path) -> Vec<Read> {
    gst::init().unwrap();
    let text = "filesrc name=file ! decodebin ! videoconvert ! video/x-raw,format=I420 ! \
                appsink name=sink sync=false";
    let pipeline = gst::parse::launch(text)
        .unwrap()
        .downcast::<gst::Pipeline>()
        .unwrap();
    let file = pipeline.by_name("file").unwrap();
    file.set_property("location", path);
    let sink = pipeline.by_name("sink").unwrap();
    let sink = sink.downcast::<app::AppSink>().unwrap();
    pipeline.set_state(gst::State::Playing).unwrap();
    let mut all = Vec::new();
    while let Ok(sample) = sink.pull_sample() {
        all.push(read(&sample));
    }
    pipeline.set_state(gst::State::Null).unwrap();
    all
}

fn read(sample: &gst::Sample) -> Read {
    let info = gstreamer_video::VideoInfo::from_caps(sample.caps().unwrap()).unwrap();
    let (width, height) = (info.width() as usize, info.height() as usize);
    let stride = info.stride()[0] as usize;
    let buffer = sample.buffer().unwrap();
    let segment = sample.segment().unwrap();
    let segment = segment.downcast_ref::<gst::ClockTime>().unwrap();
    let time = segment.to_stream_time(buffer.pts()).unwrap();
    let data = buffer.map_readable().unwrap();
    // Every fourth pixel of every fourth row is enough.
    let points = |x: std::ops::Range<usize>, y: std::ops::Range<usize>| -> Vec<u8> {
        let row = |y: usize| &data[y * stride..][..width];
        y.step_by(4)
            .flat_map(|y| row(y)[x.clone()].iter().step_by(4).copied())
            .collect()
    };
    let mean = |x: std::ops::Range<usize>, y: std::ops::Range<usize>| {
        let points = points(x, y);
        points.iter().map(|p| f64::from(*p)).sum::<f64>() / points.len() as f64
    };
    let mut levels = points(0..width, 0..height);
    // Two thirds of a picture are of its level.
    let middle = levels.len() / 2;
    let level = *levels.select_nth_unstable(middle).1;
    Read {
        time_s: time.nseconds() as f64 / 1e9,
        step: step_of(f64::from(level)),
        size: (width, height),
        edges: [
            mean(0..width / 6, 0..height),
            mean(width * 5 / 6..width, 0..height),
            mean(0..width, 0..height / 6),
            mean(0..width, height * 5 / 6..height),
        ],
    }
}

/// Writes a rotation matrix (ISO/IEC 14496-12, 8.3.2) into the first track header.
fn turn(path: &Path, degrees: u16) {
    let mut bytes = std::fs::read(path).unwrap();
    let at = bytes.windows(4).position(|w| w == b"tkhd").unwrap() + 44;
    let [a, b, c, d]: [i32; 4] = match degrees {
        90 => [0, 1, -1, 0],
        180 => [-1, 0, 0, -1],
        _ => [0, -1, 1, 0],
    };
    for (offset, value) in [(0, a), (4, b), (12, c), (16, d)] {
        let fixed = (value << 16).to_be_bytes();
        bytes[at + offset..at + offset + 4].copy_from_slice(&fixed);
    }
    std::fs::write(path, bytes).unwrap();
}

/// Runs a pipeline to its end.
pub fn make(text: &str) {
    gst::init().unwrap();
    let pipeline = gst::parse::launch(text).unwrap();
    pipeline.set_state(gst::State::Playing).unwrap();
    let kinds = [gst::MessageType::Eos, gst::MessageType::Error];
    let wait = gst::ClockTime::from_seconds(60);
    let end = pipeline.bus().unwrap().timed_pop_filtered(wait, &kinds);
    assert_eq!(end.unwrap().type_(), gst::MessageType::Eos, "{text}");
    pipeline.set_state(gst::State::Null).unwrap();
}
