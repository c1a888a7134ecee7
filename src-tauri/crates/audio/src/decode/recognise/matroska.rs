//! Matroska and WebM: a picture track makes a film, otherwise the codec decides.

use super::kind::Recognised::{self, Film, Music, Other, Unsupported};

const SEGMENT: u32 = 0x1853_8067;
const TRACKS: u32 = 0x1654_ae6b;
const CLUSTER: u32 = 0x1f43_b675;
const TRACK_ENTRY: u32 = 0xae;
const TRACK_TYPE: u32 = 0x83;
const CODEC_ID: u32 = 0x86;
const DOC_TYPE: u32 = 0x4282;

/// What a Matroska file is; `None` for any other. `head` is its beginning.
pub(super) fn by_tracks(head: &[u8]) -> Option<Recognised> {
    let header = Element::first(head).filter(|e| e.id == 0x1a45_dfa3)?;
    let is_webm = elements(header.body).any(|e| e.id == DOC_TYPE && e.body.starts_with(b"webm"));
    let name = if is_webm { "WebM" } else { "Matroska" };
    let segment = elements(header.rest).find(|e| e.id == SEGMENT);
    let mut tracks = None;
    for element in segment.iter().flat_map(|segment| elements(segment.body)) {
        match element.id {
            TRACKS => tracks = Some(element),
            CLUSTER => break,
            _ => {}
        }
    }
    let Some(tracks) = tracks else {
        // Its tracks come later than the bytes at hand, or never.
        return Some(Film(name));
    };
    let kinds = elements(tracks.body)
        .filter(|e| e.id == TRACK_ENTRY)
        .map(|track| {
            let field = |id| elements(track.body).find(|e| e.id == id).map(|e| e.body);
            (
                field(TRACK_TYPE).and_then(<[u8]>::last).copied(),
                field(CODEC_ID),
            )
        });
    let kinds: Vec<_> = kinds.collect();
    if kinds.iter().any(|(kind, _)| *kind == Some(1)) {
        return Some(Film(name));
    }
    let sound = kinds.iter().find(|(kind, _)| *kind == Some(2));
    Some(match sound {
        Some((_, codec)) => by_codec(codec.unwrap_or_default(), name),
        None => Other,
    })
}

/// Whether a Matroska file does not know its own length. `head` is its beginning.
pub(in super::super) fn is_live(head: &[u8]) -> bool {
    let header = Element::first(head).filter(|e| e.id == 0x1a45_dfa3);
    let segment = header.and_then(|header| Element::first(header.rest));
    segment.is_some_and(|segment| segment.id == SEGMENT && segment.is_unknown)
}

fn by_codec(codec: &[u8], name: &'static str) -> Recognised {
    const READ: [&[u8]; 8] = [
        b"A_OPUS",
        b"A_VORBIS",
        b"A_FLAC",
        b"A_AAC",
        b"A_ALAC",
        b"A_MPEG/L",
        b"A_PCM/",
        b"A_MS/ACM",
    ];
    const NAMED: [(&[u8], &str); 8] = [
        (b"A_AC3", "AC-3 in Matroska"),
        (b"A_EAC3", "E-AC-3 in Matroska"),
        (b"A_DTS", "DTS in Matroska"),
        (b"A_TRUEHD", "TrueHD in Matroska"),
        (b"A_WAVPACK4", "WavPack in Matroska"),
        (b"A_TTA1", "True Audio in Matroska"),
        (b"A_REAL", "RealAudio in Matroska"),
        (b"A_MPC", "Musepack in Matroska"),
    ];
    if READ.iter().any(|read| codec.starts_with(read)) {
        return Music(name);
    }
    let named = NAMED.iter().find(|(id, _)| codec.starts_with(id));
    Unsupported(named.map_or("Matroska with a codec that is not known", |(_, name)| name))
}

/// An element of EBML (RFC 8794).
struct Element<'a> {
    id: u32,
    /// Its content, as far as it is at hand.
    body: &'a [u8],
    /// It ends where its parent does.
    is_unknown: bool,
    rest: &'a [u8],
}

impl<'a> Element<'a> {
    fn first(bytes: &'a [u8]) -> Option<Element<'a>> {
        let id_length = bytes.first()?.leading_zeros() as usize + 1;
        let id = bytes.get(..id_length).filter(|_| id_length <= 4)?;
        let id = id.iter().fold(0, |id, &b| id << 8 | u32::from(b));
        let bytes = bytes.get(id_length..)?;
        let size_length = bytes.first()?.leading_zeros() as usize + 1;
        let (size, content) = bytes
            .split_at_checked(size_length)
            .filter(|_| size_length <= 8)?;
        let marker = 1u64 << (7 * size_length);
        let size = size.iter().fold(0u64, |size, &b| size << 8 | u64::from(b)) & (marker - 1);
        // All bits set: a live recording that did not know its length.
        let is_unknown = size == marker - 1;
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let size = if is_unknown {
            content.len()
        } else {
            size.min(content.len())
        };
        let (body, rest) = content.split_at(size);
        Some(Element {
            id,
            body,
            is_unknown,
            rest,
        })
    }
}

fn elements(mut bytes: &[u8]) -> impl Iterator<Item = Element<'_>> {
    std::iter::from_fn(move || {
        let element = Element::first(bytes)?;
        bytes = element.rest;
        Some(element)
    })
}
