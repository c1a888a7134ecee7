//! Seeking to any frame such that decoding goes on as if it had begun at the start.

use symphonia::core::codecs::audio::AudioCodecId;
use symphonia::core::codecs::audio::well_known::{
    CODEC_ID_AAC, CODEC_ID_MP1, CODEC_ID_MP2, CODEC_ID_MP3, CODEC_ID_OPUS, CODEC_ID_VORBIS,
};
use symphonia::core::errors::Error as CodecError;
use symphonia::core::formats::{FormatReader, SeekMode, SeekTo, TrackType};
use symphonia::core::packet::Packet;
use symphonia::core::units::Timestamp;

use super::open::Stream;

/// Frames decoded before the wanted one, because later packets depend on earlier ones. MP3 takes
/// bits from up to nine packets before; Vorbis, AAC and older MPEG layers overlap two packets; the
/// influence in Opus never ends, but is inaudible after a second (RFC 7845 asks for 80 ms).
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

/// Seeks near a frame, counted before any are skipped. False where the reader does not know its
/// position to the frame, or where the frame is near the start; then nothing has moved.
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
    // Where one tick is one frame and the first frame is at 0, a packet's time is its frame.
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
    // After a seek too far the caller must open the file again.
    Ok(u64::try_from(reached.actual_ts.get()).is_ok_and(|at| at <= frame))
}

/// Position of a packet's first decoded frame.
pub(super) fn place(packet: &Packet) -> u64 {
    let first = packet
        .pts
        .get()
        .saturating_add_unsigned(packet.trim_start.get());
    u64::try_from(first).unwrap_or(0)
}
