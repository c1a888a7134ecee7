//! Going on at any frame, as if everything before had been decoded.

use symphonia::core::codecs::audio::AudioCodecId;
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_AAC, CODEC_ID_MP1, CODEC_ID_MP2, CODEC_ID_MP3, CODEC_ID_OPUS, CODEC_ID_VORBIS,
};
use symphonia::core::errors::Error as CodecError;
use symphonia::core::formats::{FormatReader, SeekMode, SeekTo, TrackType};
use symphonia::core::packet::Packet;
use symphonia::core::units::Timestamp;

use super::open::Stream;

/// Frames that are decoded before the wanted one, as later ones depend on them: MP3 takes bits from
/// up to nine packets before; Vorbis, AAC and the older layers overlap two; Opus has no end of it,
/// and after a second nothing is heard of the difference (RFC 7845 asks for 80 ms).
fn lead(codec: AudioCodecId) -> u64 {
    match codec {
        CODEC_ID_MP3 => 16 * 1152,
        CODEC_ID_MP1 | CODEC_ID_MP2 => 4 * 1152,
        CODEC_ID_AAC => 4 * 1024,
        CODEC_ID_VORBIS => 2 * 8192,
        CODEC_ID_OPUS => 48_000,
        _ => 0,
    }
}

/// Moves a reader near a frame, counted as the decoder gives frames out, before any are left out.
/// False where the reader cannot tell its place to the frame, or the frame is near the start: then
/// nothing has moved.
pub(super) fn near(
    format: &mut dyn FormatReader,
    stream: &mut Stream,
    frame: u64,
) -> Result<bool, CodecError> {
    let Some(track) = format.default_track(TrackType::Audio) else {
        return Ok(false);
    };
    let params = track.codec_params.as_ref().and_then(|p| p.audio());
    let Some((params, base)) = params.zip(track.time_base) else {
        return Ok(false);
    };
    // Where a tick is one frame, and the first frame is at 0, a packet's time is its place.
    let is_exact = base.numer.get() == 1 && Some(base.denom.get()) == params.sample_rate;
    let from = frame.saturating_sub(lead(params.codec));
    if !is_exact || track.start_ts > Timestamp::ZERO || from == 0 {
        return Ok(false);
    }
    let to = SeekTo::Timestamp {
        ts: Timestamp::new(i64::try_from(from).unwrap_or(i64::MAX)),
        track_id: track.id,
    };
    let reached = format.seek(SeekMode::Accurate, to)?;
    stream.restart();
    // One that went too far would have to go back; the caller begins anew.
    Ok(u64::try_from(reached.actual_ts.get()).is_ok_and(|at| at <= frame))
}

/// The place of a packet's first decoded frame.
pub(super) fn place(packet: &Packet) -> u64 {
    let first = packet
        .pts
        .get()
        .saturating_add_unsigned(packet.trim_start.get());
    u64::try_from(first).unwrap_or(0)
}
