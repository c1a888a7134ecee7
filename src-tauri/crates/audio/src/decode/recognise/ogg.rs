//! Ogg: the first packet of each stream tells its codec.

use super::kind::Recognised::{self, Film, Music, Other, Unsupported};

/// Streams that begin at the start of the file; more are not read.
const MOST_STREAMS: usize = 16;

/// First bytes of the first packet of a codec, and what the file then is.
const CODECS: &[(&[u8], Recognised)] = &[
    (b"\x80theora", Film("Ogg")),
    (b"\x01video", Film("Ogg")),
    (b"BBCD\0", Film("Ogg")),
    (b"OVP80", Film("Ogg")),
    (b"\x01vorbis", Music("Ogg Vorbis")),
    (b"OpusHead", Music("Opus")),
    (b"\x7fFLAC", Music("FLAC in Ogg")),
    (b"Speex   ", Unsupported("Speex")),
    (b"CELT    ", Unsupported("CELT")),
    (b"PCM     ", Unsupported("PCM in Ogg")),
    (b"fLaC", Unsupported("FLAC in Ogg of the first kind")),
];

/// What an Ogg file is; `None` for any other. `head` is its beginning.
pub(super) fn by_codec(head: &[u8]) -> Option<Recognised> {
    if !head.starts_with(b"OggS") {
        return None;
    }
    let (mut found, mut rest) = (Vec::new(), head);
    while let Some((content, next)) = first_page(rest).filter(|_| found.len() < MOST_STREAMS) {
        let codec = CODECS.iter().find(|(start, _)| content.starts_with(start));
        found.push(codec.map(|(_, kind)| *kind));
        rest = next;
    }
    let best = |is: fn(&Recognised) -> bool| found.iter().flatten().find(|kind| is(kind)).copied();
    if found.is_empty() {
        return Some(Other);
    }
    best(|kind| matches!(kind, Film(_)))
        .or_else(|| best(|kind| matches!(kind, Music(_))))
        .or_else(|| best(|_| true))
        .or(Some(Unsupported("Ogg with a codec that is not known")))
}

/// The content of a page that begins a stream, and the bytes after it.
fn first_page(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let flags = *bytes.get(5).filter(|_| bytes.starts_with(b"OggS"))?;
    if flags & 2 == 0 {
        return None;
    }
    let segments = usize::from(*bytes.get(26)?);
    let lacing = bytes.get(27..27 + segments)?;
    let length: usize = lacing.iter().map(|&n| usize::from(n)).sum();
    // The file may be cut off here, but not before the name of the codec.
    let content = bytes.get(27 + segments..).filter(|c| c.len() >= 8)?;
    Some(content.split_at(length.min(content.len())))
}
