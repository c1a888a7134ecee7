//! Labels as files store them, and the way to the clip's rate.

use gstreamer as gst;
use gstreamer_video as video;
use needledrop_timebase::{Fields, FrameRate, Frames, Timecode};

/// What a container holds, before it is put in terms of the clip's rate.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Stored {
    pub(super) start: Option<StoredLabel>,
    pub(super) reel: Option<String>,
}

/// A label with the way its source counts. That may be half the clip's rate: recorders of 50 and
/// 59.94 frames a second often count pairs of frames.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct StoredLabel {
    pub(super) fields: Fields,
    /// Labels in a second.
    pub(super) base: u32,
    pub(super) drop_frame: bool,
}

impl StoredLabel {
    /// The label `frames` after midnight, where `base` labels are counted in a second.
    pub(super) fn counted(frames: i64, base: u32, drop_frame: bool) -> Option<Self> {
        let drops = drop_frame && base.is_multiple_of(30);
        let rate = match drops {
            true => FrameRate::new(base.checked_mul(1000)?, 1001),
            false => FrameRate::new(base, 1),
        };
        let timecode = Timecode::new(Frames(frames), rate.ok()?, drops).ok()?;
        Some(Self {
            fields: timecode.fields(),
            base,
            drop_frame: drops,
        })
    }

    /// The timecode on a packet.
    pub(crate) fn on_packet(packet: &gst::BufferRef) -> Option<Self> {
        let meta = packet.meta::<video::VideoTimeCodeMeta>()?;
        let timecode = meta.tc();
        let fps = timecode.fps();
        let rate = FrameRate::new(fps.numer().try_into().ok()?, fps.denom().try_into().ok()?);
        Some(Self {
            fields: Fields {
                hours: timecode.hours(),
                minutes: timecode.minutes(),
                seconds: timecode.seconds(),
                frames: timecode.frames(),
            },
            base: rate.ok()?.nominal(),
            drop_frame: timecode
                .flags()
                .contains(video::VideoTimeCodeFlags::DROP_FRAME),
        })
    }

    /// The timecode at the rate of a clip; none where the label does not exist at that rate.
    pub(crate) fn at(self, rate: FrameRate) -> Option<Timecode> {
        let scaled = u64::from(self.fields.frames) * u64::from(rate.nominal());
        let fields = Fields {
            frames: u32::try_from(scaled / u64::from(self.base.max(1))).ok()?,
            ..self.fields
        };
        let drop_frame = self.drop_frame && rate.has_drop_frame();
        Timecode::from_fields(fields, rate, drop_frame).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(frames: i64, base: u32, drop_frame: bool, rate: FrameRate) -> Option<String> {
        let label = StoredLabel::counted(frames, base, drop_frame)?;
        label.at(rate).map(|timecode| timecode.to_string())
    }

    #[test]
    fn a_label_that_counts_pairs_of_frames_is_put_in_terms_of_the_clips_rate() {
        let start = Some("01:00:00:20".to_owned());
        assert_eq!(text(90_010, 25, false, FrameRate::FPS_50), start);
        let start = Some("00:01:00;04".to_owned());
        assert_eq!(text(1800, 30, true, FrameRate::FPS_59_94), start);
        let start = Some("01:00:00:10".to_owned());
        assert_eq!(text(86_410, 24, false, FrameRate::FPS_23_976), start);
    }

    #[test]
    fn drop_frame_is_kept_only_where_the_rate_has_it() {
        let start = Some("00:01:00:02".to_owned());
        assert_eq!(text(1800, 30, true, FrameRate::FPS_30), start);
        assert_eq!(
            text(25, 25, true, FrameRate::FPS_25),
            Some("00:00:01:00".to_owned())
        );
        assert_eq!(
            text(0, 0, false, FrameRate::FPS_25),
            None,
            "no labels at all"
        );
    }
}
