//! Proxies of every format that editors use, by every encoder.

use crate::common::Clip;
use crate::{X264, assert_true_to, make};
use needledrop_media::{Playable, ProxyEncoder, ProxyRequest, playable, probe};
use std::fs;

#[test]
fn proxies_of_editing_formats_show_the_same_picture_at_the_same_time() {
    let dir = tempfile::tempdir().unwrap();
    let ntsc = |n: usize| (n as f64 * 1001.0 / 30.0).round() as u64;
    let cases: [(&str, &str, Clip<'_>, (usize, usize)); 10] = [
        (
            "prores.mov",
            "codec",
            Clip {
                width: 1280,
                height: 720,
                frames: 15,
                encode: "avenc_prores_ks profile=hq",
                mux: "qtmux",
                format: "I422_10LE",
                ..Clip::default()
            },
            (960, 540),
        ),
        (
            "dnxhd.mxf",
            "container",
            Clip {
                width: 1920,
                height: 1080,
                frames: 15,
                encode: "avenc_dnxhd bitrate=120000000",
                mux: "mxfmux",
                format: "Y42B",
                ..Clip::default()
            },
            (960, 540),
        ),
        (
            "hevc10.mp4",
            "codec",
            Clip {
                width: 640,
                height: 360,
                frames: 40,
                encode: "x265enc speed-preset=ultrafast qp=16 ! h265parse",
                format: "I420_10LE",
                ..Clip::default()
            },
            (640, 360),
        ),
        (
            "uhd.mp4",
            "size",
            Clip {
                width: 3840,
                height: 2160,
                frames: 12,
                encode: X264,
                ..Clip::default()
            },
            (960, 540),
        ),
        (
            "interlaced.ts",
            "container",
            Clip {
                width: 720,
                height: 576,
                frames: 40,
                encode: "mpeg2enc format=3 interlace-mode=1 bitrate=8000 ! mpegvideoparse",
                mux: "mpegtsmux",
                par: (64, 45),
                ..Clip::default()
            },
            (960, 540),
        ),
        (
            "fields.ts",
            "container",
            Clip {
                width: 720,
                height: 576,
                encode: "capssetter caps=video/x-raw,interlace-mode=interleaved ! x264enc \
                         interlaced=true key-int-max=25 quantizer=16 pass=qual bitrate=100000 ! \
                         h264parse",
                mux: "mpegtsmux",
                ..Clip::default()
            },
            (676, 540),
        ),
        (
            "stream.ts",
            "container",
            Clip {
                encode: "x264enc key-int-max=25 bframes=2 quantizer=16 pass=qual ! h264parse",
                mux: "mpegtsmux",
                ..Clip::default()
            },
            (160, 120),
        ),
        (
            "old.avi",
            "container",
            Clip {
                encode: "jpegenc quality=95",
                mux: "avimux",
                ..Clip::default()
            },
            (160, 120),
        ),
        (
            "plain.mkv",
            "container",
            Clip {
                encode: X264,
                mux: "matroskamux",
                start_ms: &ntsc,
                ..Clip::default()
            },
            (160, 120),
        ),
        (
            "sparse.mp4",
            "key_frames",
            Clip {
                frames: 160,
                encode: "x264enc key-int-max=250 speed-preset=ultrafast quantizer=18 pass=qual \
                     option-string=scenecut=0",
                ..Clip::default()
            },
            (160, 120),
        ),
    ];
    for (name, reason, clip, (width, height)) in cases {
        let place = dir.path().join(name.replace('.', " #"));
        fs::create_dir(&place).unwrap();
        let path = place.join(name);
        clip.write(&path);
        let info = probe(&path).unwrap();
        let fields = ["interlaced.ts", "fields.ts"].contains(&name);
        assert_eq!(info.interlaced, fields, "{name}");
        match playable(&info) {
            Playable::Proxy(why) => assert_eq!(why.code(), reason, "{name}: {why}"),
            Playable::Direct => panic!("{name} is no file for a webview: {info:?}"),
        }
        let report = make(&path, &ProxyRequest::default());
        assert!(!report.corrupt, "{name}: {report:?}");
        assert_eq!(
            (report.width, report.height),
            (width as u32, height as u32),
            "{name}"
        );
        assert_eq!(report.encoder, ProxyEncoder::X264);
        // JPEG's levels are of full range: 40 to 230 become 50 to 213.
        if name != "old.avi" {
            assert_true_to(&clip, &report, 0, name);
        }
        let made = probe(&report.path).unwrap();
        assert_eq!(playable(&made), Playable::Direct, "{name}");
        assert_eq!(
            (made.width, made.height),
            (report.width, report.height),
            "{name}"
        );
        assert_eq!(
            (made.rate.num(), made.rate.den()),
            (report.fps_num, report.fps_den),
            "{name}"
        );
        assert!(!made.has_audio && !made.variable_fps, "{name}");
        let gap = made.key_gap_s.unwrap() * made.rate.fps();
        assert!(
            gap < 12.5,
            "{name}: {gap} frames between two that decode alone"
        );
        let bytes = fs::read(&report.path).unwrap();
        let at = |atom: &[u8]| bytes.windows(4).position(|w| w == atom).unwrap();
        assert!(at(b"moov") < at(b"mdat"), "{name}: the index is in front");
        fs::remove_dir_all(&place).unwrap();
    }
}

#[test]
fn every_installed_encoder_makes_a_proxy() {
    for encoder in [ProxyEncoder::OpenH264, ProxyEncoder::Vp8] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("clip.mkv");
        let clip = Clip {
            width: 320,
            height: 240,
            encode: X264,
            mux: "matroskamux",
            ..Clip::default()
        };
        clip.write(&path);
        let request = ProxyRequest {
            encoder: Some(encoder),
            ..ProxyRequest::default()
        };
        let report = make(&path, &request);
        assert_eq!(report.encoder, encoder);
        assert_eq!(report.path.extension().unwrap(), encoder.extension());
        assert_true_to(&clip, &report, 0, encoder.element());
        let made = probe(&report.path).unwrap();
        assert_eq!(playable(&made), Playable::Direct, "{encoder}");
    }
}
