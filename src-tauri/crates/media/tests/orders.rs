//! Streams in any order, without times, and under other names.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

mod common;

use common::make;
use needledrop_media::{
    Frame, FrameSize, MAX_FRAMES, MediaError, Sampling, StripRequest, frame_strip, probe, sound,
};
use std::{fs, ops::ControlFlow, path::Path};
use tokio_util::sync::CancellationToken;

fn strip(path: &Path) -> Result<Vec<Frame>, MediaError> {
    let request = StripRequest {
        range_s: None,
        sampling: Sampling::Exact,
        size: FrameSize::Native,
        most: MAX_FRAMES,
    };
    let mut frames = Vec::new();
    frame_strip(path, &request, &CancellationToken::new(), &mut |frame| {
        frames.push(frame);
        ControlFlow::Continue(())
    })?;
    Ok(frames)
}

const PICTURES: &str = "videotestsrc num-buffers=100 ! \
    video/x-raw,width=160,height=120,framerate=25/1 ! x264enc speed-preset=ultrafast key-int-max=25";

/// Moves the first tags of sound of an FLV file before those of the picture.
fn sound_first(path: &Path) {
    let bytes = fs::read(path).unwrap();
    let (head, mut at) = (&bytes[..13], 13);
    let (mut sound, mut rest) = (Vec::new(), Vec::new());
    while at + 15 <= bytes.len() {
        let size = u32::from_be_bytes([0, bytes[at + 1], bytes[at + 2], bytes[at + 3]]) as usize;
        let tag = &bytes[at..at + size + 15];
        let early = tag[0] == 8 && sound.len() < 4_000;
        if early { &mut sound } else { &mut rest }.extend_from_slice(tag);
        at += size + 15;
    }
    fs::write(path, [head, &sound, &rest].concat()).unwrap();
}

#[test]
fn sound_may_come_long_before_the_picture() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("rtmp.flv");
    make(&format!(
        "{PICTURES} ! h264parse ! queue ! m. audiotestsrc samplesperbuffer=1920 num-buffers=100 ! \
         audio/x-raw,rate=48000 ! avenc_aac ! aacparse ! queue ! m. \
         flvmux name=m streamable=true ! filesink location=\"{}\"",
        path.display()
    ));
    sound_first(&path);
    let info = probe(&path).unwrap();
    assert!((info.duration_s - 4.0).abs() < 0.2, "{}", info.duration_s);
    assert!(info.has_audio);
    assert_eq!(strip(&path).unwrap().len(), 4);
}

#[test]
fn coded_pictures_without_a_container_are_read_at_a_stated_rate() {
    let dir = tempfile::tempdir().unwrap();
    for (name, encode) in [
        ("a.h264", "x264enc bframes=0 key-int-max=25"),
        ("b.h264", "x264enc bframes=2 key-int-max=25"),
    ] {
        let path = dir.path().join(name);
        make(&format!(
            "videotestsrc num-buffers=100 ! video/x-raw,width=160,height=120,framerate=25/1 ! \
             {encode} ! video/x-h264,stream-format=byte-stream ! filesink location=\"{}\"",
            path.display()
        ));
        let info = probe(&path).unwrap();
        assert!(
            (info.duration_s - 4.0).abs() < 0.1,
            "{name}: {}",
            info.duration_s
        );
        assert_eq!(info.rate.fps(), 25.0, "{name}");
        let told: Vec<_> = info.notes.iter().map(|note| note.code()).collect();
        assert_eq!(told, ["stated_rate"], "{name}");
        assert_eq!(strip(&path).unwrap().len(), 4, "{name}");
    }
}

#[test]
fn dnxhr_is_decoded_by_the_decoder_of_dnxhd() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("dnxhr.mov");
    make(&format!(
        "videotestsrc num-buffers=50 ! video/x-raw,format=Y42B,width=1920,height=1080,framerate=25/1 \
         ! avenc_dnxhd bitrate=120000000 ! capssetter replace=true join=false \
         caps=\"image/jpeg,parsed=true,width=1920,height=1080,framerate=25/1\" ! qtmux ! filesink location=\"{}\"",
        path.display()
    ));
    // GStreamer's muxer takes no DNxHD; Resolve and ffmpeg mark DNxHR so.
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.windows(4).rposition(|w| w == b"jpeg").unwrap();
    bytes[at..at + 4].copy_from_slice(b"AVdh");
    fs::write(&path, bytes).unwrap();
    assert_eq!(probe(&path).unwrap().video_type, "video/x-dnxhd");
    assert_eq!(strip(&path).unwrap().len(), 2);
}

#[test]
fn a_codec_without_a_decoder_is_named_by_its_name() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("hap.mov");
    make(&format!(
        "videotestsrc num-buffers=5 ! video/x-raw,width=160,height=120,framerate=25/1 ! jpegenc ! \
         qtmux ! filesink location=\"{}\"",
        path.display()
    ));
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.windows(4).rposition(|w| w == b"jpeg").unwrap();
    bytes[at..at + 4].copy_from_slice(b"Hap1");
    fs::write(&path, bytes).unwrap();
    let error = strip(&path).unwrap_err();
    assert_eq!(error.code(), "no_decoder");
    let text = format!("{error} {}", error.hint().unwrap());
    assert!(
        text.contains("Hap video needs") && !text.contains("fourcc"),
        "{text}"
    );
}

#[test]
fn each_sound_track_can_be_heard() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("tracks.mkv");
    make(&format!(
        "{PICTURES} ! h264parse ! queue ! m. \
         audiotestsrc wave=silence samplesperbuffer=1920 num-buffers=100 ! audio/x-raw,rate=48000 ! queue ! m. \
         audiotestsrc volume=0.5 samplesperbuffer=1920 num-buffers=100 ! audio/x-raw,rate=48000 ! queue ! m. \
         matroskamux name=m ! filesink location=\"{}\"",
        path.display()
    ));
    let info = probe(&path).unwrap();
    assert_eq!(info.sound_tracks, 2);
    let peak = |track| {
        let mut most = 0.0f32;
        let mut hear = |samples: &[f32]| {
            most = samples.iter().fold(most, |most, x| most.max(x.abs()));
            ControlFlow::Continue(())
        };
        let range = (0.0, 3.0);
        let stop = CancellationToken::new();
        let read = sound(&path, track, 0.0, range, &stop, &mut hear).unwrap();
        read.map(|_| most)
    };
    assert!(peak(0).unwrap() < 0.01);
    assert!(peak(1).unwrap() > 0.4);
    assert_eq!(peak(2), None, "there is no third");
}

#[test]
fn an_animated_gif_is_a_clip_and_a_still_one_is_not() {
    /// A GIF of 8 × 8 pixels: each picture in one of four greys, 10 a second.
    fn gif(pictures: usize) -> Vec<u8> {
        let mut all = b"GIF89a\x08\0\x08\0\x91\0\0".to_vec();
        all.extend([0, 0, 0, 80, 80, 80, 160, 160, 160, 255, 255, 255]);
        all.extend(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0");
        for picture in 0..pictures {
            all.extend(b"\x21\xf9\x04\0\x0a\0\0\0\x2c\0\0\0\0\x08\0\x08\0\0\x02");
            // Codes of 3 bits: a clear code (4) before each pixel keeps their width; 5 ends.
            let pixel = (picture % 4) as u8;
            let codes = (0..64).flat_map(|_| [4, pixel]).chain([5]);
            let bits: Vec<u8> = codes
                .flat_map(|code: u8| (0..3).map(move |bit| code >> bit & 1))
                .collect();
            let bytes: Vec<u8> = bits
                .chunks(8)
                .map(|byte| byte.iter().rev().fold(0, |all, bit| all << 1 | bit))
                .collect();
            all.push(bytes.len() as u8);
            all.extend(bytes);
            all.push(0);
        }
        all.push(0x3b);
        all
    }
    let dir = tempfile::tempdir().unwrap();
    let (moving, still) = (dir.path().join("a.gif"), dir.path().join("b.gif"));
    fs::write(&moving, gif(40)).unwrap();
    fs::write(&still, gif(1)).unwrap();
    let info = probe(&moving).unwrap();
    assert!((info.duration_s - 4.0).abs() < 0.2, "{}", info.duration_s);
    assert_eq!(info.rate.fps(), 10.0);
    let greys: Vec<u8> = strip(&moving).unwrap().iter().map(|f| f.rgb[0]).collect();
    assert_eq!(greys, [0, 160, 0, 160], "pictures 0, 10, 20 and 30");
    let error = probe(&still).unwrap_err();
    assert!(error.to_string().contains("a still image"), "{error}");
}
