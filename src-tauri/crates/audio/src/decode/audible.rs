//! The samples of a stream that are meant to be played. Encoders add silence before and after the
//! sound.
//!
//! symphonia trims MP3 with a LAME tag, Vorbis, and the end of Opus in Ogg, packet by packet. This
//! file does the rest: the start of Opus, AAC and other codecs in MP4 by the edit list or the
//! iTunes comment, and CAF by its packet table. AAC in ADTS has no such fields and keeps its
//! priming samples.

use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::CODEC_ID_OPUS;
use symphonia::core::formats::Track;
use symphonia::core::formats::well_known::{FORMAT_ID_CAF, FORMAT_ID_ISOMP4};
use symphonia::core::formats::{FormatId, FormatReader};

use super::mp4::{Edit, EditLists};

/// Frames still to be skipped, and frames still to be kept after that.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct AudibleRange {
    skip: u64,
    keep: Option<u64>,
}

impl AudibleRange {
    /// The audible range that the container declares for a track.
    pub fn of(
        format: &dyn FormatReader,
        track: &Track,
        edits: &EditLists,
        rate_hz: u32,
    ) -> AudibleRange {
        let pre_skip = track
            .codec_params
            .as_ref()
            .and_then(|p| p.audio())
            .and_then(opus_pre_skip);
        let opus = AudibleRange {
            skip: pre_skip.unwrap_or(0),
            keep: None,
        };
        let kind: FormatId = format.format_info().format;
        if kind == FORMAT_ID_CAF {
            let skip = u64::from(track.delay.unwrap_or(0));
            let has_table = track.delay.is_some() || track.padding.is_some();
            return AudibleRange {
                skip,
                keep: track.num_frames.filter(|_| has_table),
            };
        }
        if kind == FORMAT_ID_ISOMP4 {
            if let Some((skip, keep)) = edits.itunes {
                return AudibleRange {
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

    /// Position of an audible frame, counted from the first decoded frame.
    pub fn place(&self, frame: u64) -> u64 {
        self.skip.saturating_add(frame)
    }

    /// The audible range that is left from an audible frame on.
    pub fn after(&self, frame: u64) -> AudibleRange {
        AudibleRange {
            skip: 0,
            keep: self.keep.map(|keep| keep.saturating_sub(frame)),
        }
    }

    /// Removes the frames of a block that are not audible. False once the range has ended.
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

/// Converts an edit list to the rate of the sound. The edit's length is rounded to the movie's time
/// scale, often 1 ms; where the length of the track agrees within that, the track's is exact.
fn of_edit(edit: &Edit, num_frames: Option<u64>, rate_hz: u32) -> AudibleRange {
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
    AudibleRange {
        skip,
        keep: keep.filter(|&k| k > 0),
    }
}

/// Number of 48 kHz samples that an Opus stream skips at its start (RFC 7845, section 4.2).
fn opus_pre_skip(params: &AudioCodecParameters) -> Option<u64> {
    let head = params
        .extra_data
        .as_deref()
        .filter(|_| params.codec == CODEC_ID_OPUS)?;
    let bytes = head.get(10..12).filter(|_| head.starts_with(b"OpusHead"))?;
    Some(u64::from(u16::from_le_bytes(bytes.try_into().ok()?)))
}

/// The factor of an Opus stream's output gain, which every decoder must apply (RFC 7845, section
/// 5.1): steps of 1/256 dB. The gains in its comments are for players that ask for them.
pub(super) fn opus_gain(params: &AudioCodecParameters) -> f32 {
    let head = params
        .extra_data
        .as_deref()
        .filter(|head| head.starts_with(b"OpusHead"));
    let gain = head
        .and_then(|head| head.get(16..18))
        .and_then(|gain| gain.try_into().ok());
    10f32.powf(f32::from(gain.map_or(0, i16::from_le_bytes)) / (20.0 * 256.0))
}

/// The parameters without the pre-skip; the decoder itself would skip at most one packet.
pub(super) fn without_pre_skip(params: &AudioCodecParameters) -> AudioCodecParameters {
    let mut params = params.clone();
    if opus_pre_skip(&params).is_some()
        && let Some(head) = &mut params.extra_data
        && let Some(skip) = head.get_mut(10..12)
    {
        skip.fill(0);
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
    fn a_track_length_within_one_tick_of_the_edit_is_taken_as_exact() {
        let part = of_edit(&edit(Some(5000), 1000), Some(1024 + 220_507), 44_100);
        assert_eq!(
            part,
            AudibleRange {
                skip: 1024,
                keep: Some(220_507)
            }
        );
    }

    #[test]
    fn an_edit_that_disagrees_with_the_track_length_wins() {
        let part = of_edit(&edit(Some(220_500), 44_100), Some(221 * 1024), 44_100);
        assert_eq!(
            part,
            AudibleRange {
                skip: 1024,
                keep: Some(220_500)
            }
        );
        assert_eq!(
            of_edit(&edit(None, 0), None, 44_100),
            AudibleRange {
                skip: 1024,
                keep: None
            }
        );
    }

    #[test]
    fn trimming_gives_the_same_samples_for_every_block_size() {
        let all: Vec<f32> = (0..200).map(|i| i as f32).collect();
        for block in [2, 6, 50, 200] {
            let (mut part, mut got) = (
                AudibleRange {
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
