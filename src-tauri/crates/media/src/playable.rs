//! Whether a webview can play a clip as it is. Pure.

use crate::info::ClipInfo;

/// Pixels of a picture that a webview decodes in time on any current machine: 1080p, rounded up to
/// coding blocks of 16.
const MOST_PIXELS: u64 = 1920 * 1088;
/// Longest side of such a picture, pixels.
const LONGEST_SIDE: u32 = 2048;
/// Highest frame rate, pictures a second.
const FASTEST_FPS: f64 = 60.5;
/// Longest distance of key frames, seconds. A seek decodes up to this much, which delays scrubbing.
const KEY_GAP_S: f64 = 5.0;
/// A picture that stays longer than this, and three times longer than usual, is a stutter, seconds.
const JUMP_S: f64 = 0.25;

/// How the window plays a clip.
#[derive(Debug, Clone, PartialEq)]
pub enum Playable {
    /// The webview plays the file itself.
    Direct,
    /// The webview plays a proxy ([`crate::proxy`]).
    Proxy(ProxyReason),
}

/// Why a clip needs a proxy; displays as part of a sentence.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ProxyReason {
    /// A container that the webview does not open.
    #[error("it is in {0}")]
    Container(String),
    /// A codec that the webview does not decode.
    #[error("it is {0}")]
    Codec(String),
    /// More than eight bits in a colour component.
    #[error("its colours have {0} bits")]
    BitDepth(u8),
    /// Chroma that is not subsampled by two in both directions.
    #[error("its colours are {0}")]
    Chroma(String),
    /// Pictures that consist of two fields.
    #[error("it is interlaced")]
    Interlaced,
    /// An index in pieces; the webview takes the first piece for the whole clip.
    #[error("its index lies in pieces")]
    Fragmented,
    /// Pictures that are too large to decode in time.
    #[error("its pictures of {width} × {height} are too large to play smoothly")]
    Size {
        /// Coded width in pixels.
        width: u32,
        /// Coded height in pixels.
        height: u32,
    },
    /// Too many pictures a second, or an unknown frame rate.
    #[error("it has {0:.0} pictures a second")]
    FrameRate(f64),
    /// Very uneven distances of pictures.
    #[error("its pictures come at uneven distances, up to {longest_s:.2} s apart")]
    UnevenRate {
        /// Longest distance found, in seconds.
        longest_s: f64,
    },
    /// Key frames too far apart for a fast seek.
    #[error("its key frames lie {gap_s:.0} s apart")]
    KeyFrames {
        /// Longest distance found, in seconds.
        gap_s: f64,
    },
}

impl ProxyReason {
    /// Name of the reason in documents; it never changes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Container(_) => "container",
            Self::Codec(_) => "codec",
            Self::BitDepth(_) => "bit_depth",
            Self::Chroma(_) => "chroma",
            Self::Interlaced => "interlaced",
            Self::Fragmented => "fragmented",
            Self::Size { .. } => "size",
            Self::FrameRate(_) => "frame_rate",
            Self::UnevenRate { .. } => "uneven_rate",
            Self::KeyFrames { .. } => "key_frames",
        }
    }

    /// Whether the webview can play the clip, if not well, while the proxy is made.
    pub fn plays_meanwhile(&self) -> bool {
        match self {
            Self::Size { .. }
            | Self::FrameRate(_)
            | Self::Interlaced
            | Self::Fragmented
            | Self::UnevenRate { .. }
            | Self::KeyFrames { .. } => true,
            Self::Container(_) | Self::Codec(_) | Self::BitDepth(_) | Self::Chroma(_) => false,
        }
    }
}

/// Whether a webview (measured with WebKitGTK over GStreamer) plays the clip well and seeks fast:
/// 8-bit 4:2:0 H.264 in MP4 or MOV, or VP8 or VP9 in WebM; progressive; up to 1080p60; key frames
/// within five seconds. Reasons why it cannot play at all come before those why it plays badly.
pub fn playable(info: &ClipInfo) -> Playable {
    reason(info).map_or(Playable::Direct, Playable::Proxy)
}

fn reason(info: &ClipInfo) -> Option<ProxyReason> {
    let known = match info.container_type.as_str() {
        "video/quicktime" => ["video/x-h264"].as_slice(),
        "video/webm" => ["video/x-vp8", "video/x-vp9"].as_slice(),
        _ => return Some(ProxyReason::Container(info.container.clone())),
    };
    if !known.contains(&info.video_type.as_str()) {
        return Some(ProxyReason::Codec(info.video_codec.clone()));
    }
    if info.bit_depth != 8 {
        return Some(ProxyReason::BitDepth(info.bit_depth));
    }
    match &info.chroma {
        Some(chroma) if chroma != "4:2:0" => return Some(ProxyReason::Chroma(chroma.clone())),
        // Old demuxers do not report it; profiles beyond High have other formats.
        None if !plain_profile(info.profile.as_deref()) => {
            let profile = info.profile.clone().unwrap_or_default();
            return Some(ProxyReason::Chroma(profile));
        }
        _ => {}
    }
    if info.interlaced {
        return Some(ProxyReason::Interlaced);
    }
    if info.fragmented {
        return Some(ProxyReason::Fragmented);
    }
    let (width, height) = (info.coded_width, info.coded_height);
    let pixels = u64::from(width) * u64::from(height);
    if pixels > MOST_PIXELS || width.max(height) > LONGEST_SIDE || pixels == 0 {
        return Some(ProxyReason::Size { width, height });
    }
    let fps = info.rate.fps();
    if fps > FASTEST_FPS {
        return Some(ProxyReason::FrameRate(fps));
    }
    let longest_s = info.longest_step_s;
    if info.variable_fps && longest_s > JUMP_S && longest_s > 3.0 * info.usual_step_s {
        return Some(ProxyReason::UnevenRate { longest_s });
    }
    match info.key_gap_s {
        Some(gap_s) if gap_s > KEY_GAP_S => Some(ProxyReason::KeyFrames { gap_s }),
        _ => None,
    }
}

fn plain_profile(profile: Option<&str>) -> bool {
    profile.is_none_or(|profile| {
        let plain = ["baseline", "main", "extended"];
        plain.iter().any(|p| profile.contains(p))
            || ["high", "progressive-high", "constrained-high", "0"].contains(&profile)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use needledrop_timebase::FrameRate;

    fn clip() -> ClipInfo {
        ClipInfo {
            container: "Quicktime".into(),
            container_type: "video/quicktime".into(),
            video_codec: "H.264".into(),
            video_type: "video/x-h264".into(),
            profile: Some("high".into()),
            audio_codec: None,
            width: 1920,
            height: 1080,
            coded_width: 1920,
            coded_height: 1080,
            rate: FrameRate::FPS_59_94,
            start_timecode: None,
            reel: None,
            variable_fps: false,
            usual_step_s: 0.0167,
            longest_step_s: 0.0167,
            key_gap_s: Some(2.0),
            duration_s: 600.0,
            origin_s: 0.0,
            rotation_deg: 0,
            par_num: 1,
            par_den: 1,
            bit_depth: 8,
            chroma: Some("4:2:0".into()),
            interlaced: false,
            hdr: false,
            has_audio: true,
            sound_tracks: 1,
            fragmented: false,
            notes: Vec::new(),
        }
    }

    fn code(change: impl Fn(&mut ClipInfo)) -> &'static str {
        let mut info = clip();
        change(&mut info);
        match playable(&info) {
            Playable::Direct => "direct",
            Playable::Proxy(reason) => reason.code(),
        }
    }

    #[test]
    fn what_a_webview_plays_is_played_as_it_is() {
        assert_eq!(code(|_| ()), "direct", "1080p60 H.264");
        assert_eq!(
            code(|c| (c.coded_width, c.coded_height) = (1088, 1920)),
            "direct",
            "upright from a phone"
        );
        assert_eq!(code(|c| c.chroma = None), "direct", "told by its profile");
        for vp in ["video/x-vp8", "video/x-vp9"] {
            let webm = |c: &mut ClipInfo| {
                c.container_type = "video/webm".into();
                c.video_type = vp.into();
            };
            assert_eq!(code(webm), "direct", "{vp}");
        }
        let phone = |c: &mut ClipInfo| {
            c.variable_fps = true;
            (c.usual_step_s, c.longest_step_s) = (0.033, 0.067);
        };
        assert_eq!(code(phone), "direct", "a picture dropped here and there");
    }

    #[test]
    fn everything_else_gets_a_proxy_for_its_own_reason() {
        type Change = fn(&mut ClipInfo);
        let cases: [(Change, &str); 15] = [
            (|c| c.container_type = "application/mxf".into(), "container"),
            (
                |c| c.container_type = "video/x-matroska".into(),
                "container",
            ),
            (|c| c.container_type = "video/mpegts".into(), "container"),
            (|c| c.container_type = "video/webm".into(), "codec"),
            (|c| c.video_type = "video/x-prores".into(), "codec"),
            (|c| c.video_type = "video/x-h265".into(), "codec"),
            (|c| c.bit_depth = 10, "bit_depth"),
            (|c| c.chroma = Some("4:2:2".into()), "chroma"),
            (
                |c| (c.chroma, c.profile) = (None, Some("high-4:4:4".into())),
                "chroma",
            ),
            (|c| c.interlaced = true, "interlaced"),
            (|c| c.fragmented = true, "fragmented"),
            (|c| (c.coded_width, c.coded_height) = (3840, 2160), "size"),
            (|c| c.rate = FrameRate::FPS_120, "frame_rate"),
            (
                |c| (c.variable_fps, c.longest_step_s) = (true, 0.5),
                "uneven_rate",
            ),
            (|c| c.key_gap_s = Some(8.3), "key_frames"),
        ];
        for (change, wanted) in cases {
            assert_eq!(code(change), wanted);
        }
    }

    #[test]
    fn only_what_plays_at_all_is_shown_meanwhile() {
        assert!(ProxyReason::KeyFrames { gap_s: 9.0 }.plays_meanwhile());
        assert!(!ProxyReason::Codec("ProRes".into()).plays_meanwhile());
        assert!(!ProxyReason::BitDepth(10).plays_meanwhile());
    }
}
