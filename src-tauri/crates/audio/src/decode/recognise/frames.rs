//! Streams of frames without a container: MPEG audio, AAC in ADTS, AC-3, DTS.
//!
//! Two bytes of any data look like the start of a frame once in some hundred thousand. A stream is
//! taken for one only where several frames of the same kind follow each other without a gap.

use super::super::mpeg::{self, Frame};
use super::kind::Recognised::{self, Music, Unsupported};

/// Frames in a row that make a stream.
const LEAST_FRAMES: usize = 4;
/// Bytes in which a stream of a free bit rate must begin.
const FREE_WITHIN_BYTES: usize = 1024;
/// Where a file ends before, so many are enough.
const LEAST_FRAMES_AT_END: usize = 2;

/// Position of the first stream in these bytes, and its format.
pub(super) fn find(bytes: &[u8]) -> Option<(usize, Recognised)> {
    let sound = bytes.iter().position(|&b| b != 0)?;
    (sound..bytes.len()).find_map(|at| {
        let rest = bytes.get(at..)?;
        // The search for a free bit rate is slow: it must begin near the start.
        let is_free = at < sound + FREE_WITHIN_BYTES && mpeg::is_free_format(rest);
        let free = is_free.then_some(Unsupported("MP3 of a free bit rate"));
        at_position(rest).or(free).map(|kind| (at, kind))
    })
}

fn at_position(bytes: &[u8]) -> Option<Recognised> {
    match bytes {
        // ETSI TS 102 114: words of 16 or 14 bits in either order. Four bytes leave no doubt.
        [0x7f, 0xfe, 0x80, 0x01, ..]
        | [0xfe, 0x7f, 0x01, 0x80, ..]
        | [0x1f, 0xff, 0xe8, 0x00, ..]
        | [0xff, 0x1f, 0x00, 0xe8, ..] => Some(Unsupported("DTS")),
        [0xff, b, ..] if b & 0xf6 == 0xf0 => is_stream(bytes, adts).then_some(Music("AAC in ADTS")),
        [0xff, b, ..] if b & 0xe0 == 0xe0 => mpeg_audio(bytes),
        [0x0b, 0x77, ..] => is_stream(bytes, ac3).then_some(Unsupported("AC-3")),
        [0x77, 0x0b, ..] => is_stream(bytes, swapped_ac3).then_some(Unsupported("AC-3")),
        [0x56, b, ..] if b & 0xe0 == 0xe0 => {
            is_stream(bytes, loas).then_some(Unsupported("AAC in LOAS"))
        }
        _ => None,
    }
}

fn mpeg_audio(bytes: &[u8]) -> Option<Recognised> {
    if !is_stream(bytes, |bytes| Frame::of(bytes).map(|f| (f.bytes, f.kind()))) {
        return None;
    }
    Frame::of(bytes).map(|frame| match frame.is_allowed {
        true => Music(frame.name()),
        false => Unsupported("MP2 at a bit rate that layer 2 does not allow"),
    })
}

/// Whether frames follow each other from the first byte on. `frame` gives the length of the frame
/// at the start of some bytes, and what must be the same in all of them.
fn is_stream<K: PartialEq>(bytes: &[u8], frame: impl Fn(&[u8]) -> Option<(usize, K)>) -> bool {
    let Some((_, kind)) = frame(bytes) else {
        return false;
    };
    let (mut rest, mut frames) = (bytes, 0);
    while frames < LEAST_FRAMES {
        let Some((length, _)) = frame(rest).filter(|(_, k)| *k == kind) else {
            // Tags may follow the last frame.
            let is_end = rest.is_empty() || is_tag(rest);
            return is_end && frames >= LEAST_FRAMES_AT_END;
        };
        frames += 1;
        match rest.get(length..) {
            Some(next) => rest = next,
            // The last frame may be cut off.
            None => return frames > LEAST_FRAMES_AT_END,
        }
    }
    true
}

fn is_tag(bytes: &[u8]) -> bool {
    [&b"TAG"[..], b"APETAGEX", b"LYRICSBEGIN", b"ID3"]
        .iter()
        .any(|tag| bytes.starts_with(tag))
}

/// ISO/IEC 13818-7, 6.2: profile, sample rate and channels must not change.
fn adts(bytes: &[u8]) -> Option<(usize, (u8, u8))> {
    let &[0xff, b, c, d, e, f, _, ..] = bytes else {
        return None;
    };
    let length = usize::from(d & 3) << 11 | usize::from(e) << 3 | usize::from(f >> 5);
    let is_valid = b & 0xf6 == 0xf0 && (c >> 2 & 15) < 13 && length > 7;
    is_valid.then_some((length, (c & 0xfd, d & 0xc0)))
}

/// ISO/IEC 14496-3, 1.7.2.
fn loas(bytes: &[u8]) -> Option<(usize, ())> {
    let &[0x56, b, c, ..] = bytes else {
        return None;
    };
    let length = usize::from(b & 0x1f) << 8 | usize::from(c);
    (b & 0xe0 == 0xe0 && length > 0).then_some((length + 3, ()))
}

/// ETSI TS 102 366: AC-3 has a table of lengths, E-AC-3 a field.
fn ac3(bytes: &[u8]) -> Option<(usize, u8)> {
    let &[0x0b, 0x77, c, d, e, f, ..] = bytes else {
        return None;
    };
    let length = match f >> 3 {
        0..=10 => {
            const KBPS: [usize; 19] = [
                32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576,
                640,
            ];
            let code = e & 0x3f;
            let kbps = KBPS.get(usize::from(code / 2))?;
            match e >> 6 {
                0 => kbps * 4,
                1 => 2 * (kbps * 320 / 147 + usize::from(code & 1)),
                2 => kbps * 6,
                _ => return None,
            }
        }
        11..=16 => 2 * ((usize::from(c & 7) << 8 | usize::from(d)) + 1),
        _ => return None,
    };
    (length > 6).then_some((length, f >> 3))
}

/// AC-3 of which each pair of bytes is swapped, as some recorders write it.
fn swapped_ac3(bytes: &[u8]) -> Option<(usize, u8)> {
    let &[b, a, d, c, f, e, ..] = bytes else {
        return None;
    };
    ac3(&[a, b, c, d, e, f])
}
