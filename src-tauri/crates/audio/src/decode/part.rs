//! Which samples of a stream are meant to be heard: what encoders put in front of the sound and
//! behind it is left out.
//!
//! MP3 with a LAME tag, Vorbis, and the end of Opus in Ogg are trimmed by symphonia, packet by packet.
//! Here is the rest: the start of Opus, AAC and whatever else lies in MP4 after its edit list or
//! iTunes' comment, and what a CAF packet table says. AAC in ADTS says nothing and keeps its priming.

use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::CODEC_ID_OPUS;
use symphonia::core::formats::Track;
use symphonia::core::formats::well_known::{FORMAT_ID_CAF, FORMAT_ID_ISOMP4};
use symphonia::core::formats::{FormatId, FormatReader};

use super::mp4::{Edit, Edits};

/// Frames still to be left out and still to be kept.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Part {
    skip: u64,
    keep: Option<u64>,
}

impl Part {
    /// What the container says about this track.
    pub fn of(format: &dyn FormatReader, track: &Track, edits: &Edits, rate_hz: u32) -> Part {
        let pre_skip = track
            .codec_params
            .as_ref()
            .and_then(|p| p.audio())
            .and_then(opus_pre_skip);
        let opus = Part {
            skip: pre_skip.unwrap_or(0),
            keep: None,
        };
        let kind: FormatId = format.format_info().format;
        if kind == FORMAT_ID_CAF {
            let skip = u64::from(track.delay.unwrap_or(0));
            let has_table = track.delay.is_some() || track.padding.is_some();
            return Part {
                skip,
                keep: track.num_frames.filter(|_| has_table),
            };
        }
        if kind == FORMAT_ID_ISOMP4 {
            if let Some((skip, keep)) = edits.itunes {
                return Part {
                    skip,
                    keep: Some(keep),
                };
            }
            if let Some(edit) = edits.edits.iter().find(|e| e.track_id == track.id) {
                return of_edit(edit, track.num_frames, rate_hz);
            }
        }
        opus
    }

    /// Where the frame lies that is heard as the `frame`th, what is left out in front counted too.
    pub fn place(&self, frame: u64) -> u64 {
        self.skip.saturating_add(frame)
    }

    /// What is left to be heard from that frame on.
    pub fn after(&self, frame: u64) -> Part {
        Part {
            skip: 0,
            keep: self.keep.map(|keep| keep.saturating_sub(frame)),
        }
    }

    /// Leaves out of a block what is not to be heard; false once nothing more is.
    pub fn trim(&mut self, samples: &mut Vec<f32>, channels: usize) -> bool {
        let frames = (samples.len() / channels) as u64;
        let skipped = self.skip.min(frames);
        self.skip -= skipped;
        if skipped > 0 {
            samples.drain(..skipped as usize * channels);
        }
        let Some(keep) = &mut self.keep else {
            return true;
        };
        let kept = (*keep).min(frames - skipped);
        samples.truncate(kept as usize * channels);
        *keep -= kept;
        *keep > 0
    }
}

/// The edit list at the rate of the sound. Its length is rounded to the movie's time scale, often a
/// thousandth of a second; where the track's own length agrees within that, it is exact.
fn of_edit(edit: &Edit, num_frames: Option<u64>, rate_hz: u32) -> Part {
    let rescale = |value: u64, from: u32| {
        let (value, from) = (u128::from(value), u128::from(from.max(1)));
        u64::try_from((value * u128::from(rate_hz) + from / 2) / from).unwrap_or(u64::MAX)
    };
    let skip = rescale(edit.skip, edit.media_rate);
    let tick = rescale(1, edit.movie_rate) + 1;
    let whole = num_frames.map(|n| n.saturating_sub(skip));
    let keep = match edit.length.filter(|_| edit.movie_rate > 0) {
        None => whole,
        Some(length) => {
            let length = rescale(length, edit.movie_rate);
            Some(
                whole
                    .filter(|w| w.abs_diff(length) <= tick)
                    .unwrap_or(length),
            )
        }
    };
    Part {
        skip,
        keep: keep.filter(|&k| k > 0),
    }
}

/// Samples at 48 kHz that an Opus stream wants left out (RFC 7845, section 4.2).
fn opus_pre_skip(params: &AudioCodecParameters) -> Option<u64> {
    let head = params
        .extra_data
        .as_deref()
        .filter(|_| params.codec == CODEC_ID_OPUS)?;
    let bytes = head.get(10..12).filter(|_| head.starts_with(b"OpusHead"))?;
    Some(u64::from(u16::from_le_bytes([bytes[0], bytes[1]])))
}

/// The parameters without the pre-skip: the decoder would leave out at most one packet's worth of it.
pub(super) fn without_pre_skip(params: &AudioCodecParameters) -> AudioCodecParameters {
    let mut params = params.clone();
    if opus_pre_skip(&params).is_some()
        && let Some(head) = &mut params.extra_data
    {
        head[10..12].fill(0);
    }
    params
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(length: Option<u64>, movie_rate: u32) -> Edit {
        Edit {
            track_id: 1,
            skip: 1024,
            media_rate: 44_100,
            length,
            movie_rate,
        }
    }

    #[test]
    fn an_edit_in_thousandths_yields_to_the_tracks_own_length() {
        let part = of_edit(&edit(Some(5000), 1000), Some(1024 + 220_507), 44_100);
        assert_eq!(
            part,
            Part {
                skip: 1024,
                keep: Some(220_507)
            }
        );
    }

    #[test]
    fn an_edit_that_disagrees_with_the_track_is_followed() {
        let part = of_edit(&edit(Some(220_500), 44_100), Some(221 * 1024), 44_100);
        assert_eq!(
            part,
            Part {
                skip: 1024,
                keep: Some(220_500)
            }
        );
        assert_eq!(
            of_edit(&edit(None, 0), None, 44_100),
            Part {
                skip: 1024,
                keep: None
            }
        );
    }

    #[test]
    fn a_part_is_the_same_however_the_blocks_fall() {
        let all: Vec<f32> = (0..200).map(|i| i as f32).collect();
        for block in [2, 6, 50, 200] {
            let (mut part, mut got) = (
                Part {
                    skip: 30,
                    keep: Some(41),
                },
                Vec::new(),
            );
            for samples in all.chunks(block) {
                let mut samples = samples.to_vec();
                let goes_on = part.trim(&mut samples, 2);
                got.extend(samples);
                if !goes_on {
                    break;
                }
            }
            assert_eq!(got, all[60..142], "in blocks of {block} samples");
        }
    }
}
