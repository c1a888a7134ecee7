//! WAV and AIFC: the codec decides.

use std::io::Result;

use super::super::padding;
use super::super::view::View;
use super::finding::Finding;
use super::frames;
use super::kind::Recognised::{self, Film, Music, Other, Unsupported};

/// Chunks beyond this number are not read.
const MOST_CHUNKS: usize = 1000;
/// Bytes of the sound that are searched for frames of a codec.
const SEARCHED_BYTES: u64 = 1 << 16;
/// So many times these bytes may be silent first.
const MOST_SILENT_STEPS: u64 = 32;
/// Frames of a codec that make samples of 16 bits no samples; one may be chance.
const LEAST_FRAMES: usize = 3;

/// What a file in chunks is; `None` for any other.
pub(super) fn by_chunks(view: &mut View) -> Result<Option<Finding>> {
    let Some([a, b, c, d, _, _, _, _, form @ ..]) = view.peek::<12>(0)? else {
        return Ok(None);
    };
    let kind = match (&[a, b, c, d], &form) {
        (b"RIFF" | b"RF64" | b"BW64", b"WAVE") => return wave(view).map(Some),
        (b"RIFF", b"AVI ") => Film("AVI"),
        (b"RIFF", b"RMID") => Unsupported("MIDI notes"),
        (b"RIFF", b"QLCM") => Unsupported("Qualcomm audio (QCP)"),
        (b"RIFF", _) => Other,
        (b"FORM", b"AIFF") => Music("AIFF"),
        (b"FORM", b"AIFC") => aifc(view)?,
        (b"FORM", b"8SVX") => Unsupported("Amiga 8SVX"),
        _ => return Ok(None),
    };
    Ok(Some(Finding::whole(kind)))
}

/// Position and length of the content of a chunk.
type Chunk = (u64, u64);

/// The first chunks of two names; a chunk of the second ends the search.
fn chunks(
    view: &mut View,
    (first, last): (&[u8; 4], &[u8; 4]),
    size: impl Fn([u8; 4]) -> u32,
) -> Result<(Option<Chunk>, Option<Chunk>)> {
    let (mut at, mut found) = (12, None);
    for _ in 0..MOST_CHUNKS {
        let Some([name @ .., a, b, c, d]): Option<[u8; 8]> = view.peek(at)? else {
            break;
        };
        let length = u64::from(size([a, b, c, d]));
        let chunk = (at + 8, length);
        if &name == last {
            return Ok((found, Some(chunk)));
        }
        if &name == first {
            found = found.or(Some(chunk));
        }
        at = padding::after(view, at + 8 + length, length)?;
    }
    Ok((found, None))
}

fn wave(view: &mut View) -> Result<Finding> {
    let (format, data) = chunks(view, (b"fmt ", b"data"), u32::from_le_bytes)?;
    let tag = match format {
        Some((at, length)) => tag(view, at, length)?,
        None => None,
    };
    let (from, length) = data.unwrap_or_default();
    let sound = match data {
        Some((from, _)) => after_silence(view, from)?,
        None => Vec::new(),
    };
    let kind = match tag {
        // Sound that a receiver would decode, in samples that sound like noise.
        Some(1) => match disguised(&sound) {
            Some(name) => Unsupported(name),
            None => Music("WAV"),
        },
        None | Some(2 | 3 | 6 | 7 | 0x11) => Music("WAV"),
        Some(0x50 | 0x55 | 0x1600 | 0x2000 | 0x2001) => {
            let sound = view.part(from, SEARCHED_BYTES)?;
            let Some((within, kind)) = frames::find(&sound) else {
                return Ok(Finding::whole(Unsupported("WAV without samples")));
            };
            let within = within as u64;
            return Ok(Finding {
                kind,
                from: from + within,
                // Writers that cannot go back leave 0 or the largest number.
                length: Some(length.saturating_sub(within))
                    .filter(|&l| l > 0 && length < u64::from(u32::MAX)),
            });
        }
        Some(tag) => Unsupported(in_wav(tag)),
    };
    Ok(Finding::whole(kind))
}

/// The first bytes of the sound. Silence before it is left out, in steps, where it is long.
fn after_silence(view: &mut View, from: u64) -> Result<Vec<u8>> {
    for step in 0..MOST_SILENT_STEPS {
        let sound = view.part(from + step * SEARCHED_BYTES, SEARCHED_BYTES)?;
        let silent = sound.iter().take_while(|&&b| b == 0).count();
        if step == 0 && silent < sound.len() / 2 {
            return Ok(sound);
        }
        if silent < sound.len() {
            return view.part(
                from + step * SEARCHED_BYTES + (silent as u64 & !1),
                SEARCHED_BYTES,
            );
        }
    }
    Ok(Vec::new())
}

/// The format tag, which the extensible format keeps in its GUID.
fn tag(view: &mut View, at: u64, length: u64) -> Result<Option<u16>> {
    let tag = view.peek(at)?.map(u16::from_le_bytes);
    if tag == Some(0xfffe) && length >= 40 {
        return Ok(view.peek(at + 24)?.map(u16::from_le_bytes));
    }
    Ok(tag)
}

/// Name of a codec by its format tag (RFC 2361 and `mmreg.h`).
fn in_wav(tag: u16) -> &'static str {
    match tag {
        0x10 | 0x36 | 0x3b | 0x14 | 0x40 | 0x45 | 0x64 => "ADPCM in WAV",
        0x22 => "TrueSpeech in WAV",
        0x31 | 0x32 => "GSM 6.10 in WAV",
        0x42 => "G.723.1 in WAV",
        0x61 | 0x62 => "ADPCM in WAV",
        0x83 => "G.729 in WAV",
        0xff | 0x1610 | 0x706d | 0x4143 | 0xa106 => "AAC in WAV",
        0x1602 => "AAC in LOAS in WAV",
        0x130 => "ACELP in WAV",
        0x160..=0x163 | 0xa..=0xb => "Windows Media Audio in WAV",
        0x270 | 0xfffd => "ATRAC3 in WAV",
        0x674f..=0x6751 | 0x676f..=0x6771 => "Vorbis in WAV",
        0xa109 => "Speex in WAV",
        0xf1ac => "FLAC in WAV",
        0x5756 => "WavPack in WAV",
        0x2002..=0x2006 => "RealAudio in WAV",
        _ => "WAV with a codec that is not known",
    }
}

/// Compressed sound stored as if it were samples of 16 bits, as on DTS discs: its name.
fn disguised(sound: &[u8]) -> Option<&'static str> {
    let (mut dts, mut bursts) = (0, 0);
    for bytes in sound.windows(4).step_by(2) {
        match bytes {
            [0xfe, 0x7f, 0x01, 0x80] | [0xff, 0x1f, 0x00, 0xe8] => dts += 1,
            // IEC 61937-1: the burst of a digital output.
            [0x72, 0xf8, 0x1f, 0x4e] => bursts += 1,
            _ => {}
        }
    }
    if dts >= LEAST_FRAMES {
        return Some("DTS in WAV");
    }
    (bursts >= LEAST_FRAMES).then_some("AC-3 or DTS in WAV (IEC 61937)")
}

fn aifc(view: &mut View) -> Result<Recognised> {
    let (common, _) = chunks(view, (b"COMM", b"SSND"), u32::from_be_bytes)?;
    let codec: Option<[u8; 4]> = match common {
        Some((at, length)) if length >= 22 => view.peek(at + 18)?,
        // The sound may come first.
        _ => None,
    };
    Ok(
        match codec.map(|codec| codec.map(|b| b.to_ascii_lowercase())) {
            Some(codec) => match &codec {
                b"ima4" => Unsupported("ADPCM in AIFC"),
                b"mac3" | b"mac6" => Unsupported("MACE in AIFC"),
                b"qdm2" | b"qdmc" => Unsupported("QDesign Music in AIFC"),
                b"qclp" => Unsupported("Qualcomm PureVoice in AIFC"),
                b"agsm" | b"gsm " => Unsupported("GSM in AIFC"),
                b"g722" => Unsupported("G.722 in AIFC"),
                b".mp3" => Unsupported("MP3 in AIFC"),
                b"none" | b"alaw" | b"ulaw" | b"in24" | b"in32" | b"23ni" | b"fl32" | b"fl64"
                | b"sowt" | b"twos" | b"raw " => Music("AIFF"),
                _ => Unsupported("AIFC with a codec that is not known"),
            },
            None => Music("AIFF"),
        },
    )
}
