//! Formats that their first bytes tell.

use super::kind::Recognised::{self, Film, Music, Other, ResourceFork, Unsupported};

/// Bytes at the start of a file, and what the file then is.
const STARTS: &[(&[u8], Recognised)] = &[
    (b"fLaC", Music("FLAC")),
    (b"caff", Music("CAF")),
    (b"\x00\x05\x16\x07", ResourceFork),
    (b"wvpk", Unsupported("WavPack")),
    (b"TTA1", Unsupported("True Audio (TTA)")),
    (b"TTA2", Unsupported("True Audio (TTA)")),
    (b"MAC ", Unsupported("Monkey's Audio (APE)")),
    (b"MP+", Unsupported("Musepack")),
    (b"MPCK", Unsupported("Musepack")),
    (b"OFR ", Unsupported("OptimFROG")),
    (b"LA02", Unsupported("Lossless Audio (LA)")),
    (b"LA03", Unsupported("Lossless Audio (LA)")),
    (b"LA04", Unsupported("Lossless Audio (LA)")),
    (b"ajkg", Unsupported("Shorten")),
    (b"tBaK", Unsupported("TAK")),
    (b"DSD ", Unsupported("DSD (DSF)")),
    (b"FRM8", Unsupported("DSD (DSDIFF)")),
    (b"EA3\x03", Unsupported("ATRAC (OMA)")),
    (b"ea3\x03", Unsupported("ATRAC (OMA)")),
    (b"TWIN", Unsupported("TwinVQ (VQF)")),
    (b"#!AMR", Unsupported("AMR")),
    (b".snd", Unsupported("Sun audio (AU)")),
    (b"dns.", Unsupported("Sun audio (AU)")),
    (
        b"Creative Voice File\x1a",
        Unsupported("Creative Voice (VOC)"),
    ),
    (b"NIST_1A", Unsupported("NIST Sphere")),
    (b".ra\xfd", Unsupported("RealAudio")),
    (
        b"RIFX",
        Unsupported("WAV with its bytes in reverse order (RIFX)"),
    ),
    (
        b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb",
        Music("Wave64 (W64)"),
    ),
    (b"caff\x00\x02", Unsupported("CAF of version 2")),
    (b"MThd", Unsupported("MIDI notes")),
    (b"Extended Module: ", Unsupported("tracker notes (XM)")),
    (b"IMPM", Unsupported("tracker notes (IT)")),
    (b"PSID", Unsupported("SID notes")),
    (b"RSID", Unsupported("SID notes")),
    (b"SNES-SPC700", Unsupported("SPC notes")),
    (b"NESM\x1a", Unsupported("NSF notes")),
    (b"Vgm ", Unsupported("VGM notes")),
    (b"\x64\x58\x20\x25", Unsupported("DTS")),
    (b"DTSHDHDR", Unsupported("DTS")),
    (b"FLV\x01", Film("FLV")),
    (b"\x00\x00\x01\xba", Film("MPEG program stream")),
    (b"\x00\x00\x01\xb3", Film("MPEG video")),
    (b"\x06\x0e\x2b\x34\x02\x05\x01\x01", Film("MXF")),
    // Archives may hold sound as it is; programs and pictures are often large.
    (b"PK\x03\x04", Other),
    (b"Rar!", Other),
    (b"7z\xbc\xaf\x27\x1c", Other),
    (b"\x1f\x8b", Other),
    (b"BZh", Other),
    (b"\xfd7zXZ", Other),
    (b"\x28\xb5\x2f\xfd", Other),
    (b"\xff\xd8\xff", Other),
    (b"\x89PNG", Other),
    (b"GIF8", Other),
    (b"%PDF", Other),
    (b"8BPS", Other),
    (b"\x7fELF", Other),
    (b"MZ", Other),
    (b"SQLite format 3", Other),
];

/// Bytes at a later position.
const LATER: &[(usize, &[u8], Recognised)] = &[
    (4, b"\xf8\x72\x6f\xba", Unsupported("TrueHD")),
    (4, b"\xf8\x72\x6f\xbb", Unsupported("MLP")),
    (44, b"SCRM", Unsupported("tracker notes (S3M)")),
    (257, b"ustar", Other),
    (1080, b"M.K.", Unsupported("tracker notes (MOD)")),
    (1080, b"M!K!", Unsupported("tracker notes (MOD)")),
    (1080, b"FLT4", Unsupported("tracker notes (MOD)")),
    (1080, b"4CHN", Unsupported("tracker notes (MOD)")),
    (1080, b"6CHN", Unsupported("tracker notes (MOD)")),
    (1080, b"8CHN", Unsupported("tracker notes (MOD)")),
];

const TRANSPORT_PACKET: usize = 188;
/// Blu-ray puts four bytes of time before each packet.
const STAMPED_PACKET: usize = 192;

/// What the first bytes tell; `None` where they are of no format listed here.
pub(super) fn by_magic(head: &[u8]) -> Option<Recognised> {
    let starts = |at: usize, magic: &[u8]| head.get(at..).is_some_and(|h| h.starts_with(magic));
    // The longest match wins: some formats begin with the bytes of another.
    let longest = STARTS
        .iter()
        .filter(|(magic, _)| starts(0, magic))
        .max_by_key(|(magic, _)| magic.len());
    if let Some((_, kind)) = longest {
        return Some(*kind);
    }
    let later = LATER.iter().find(|(at, magic, _)| starts(*at, magic));
    if let Some((_, _, kind)) = later {
        return Some(*kind);
    }
    let is_packets = |from: usize, step: usize| {
        head.len() > from + 3 * step && (0..4).all(|n| head.get(from + n * step) == Some(&0x47))
    };
    (is_packets(0, TRANSPORT_PACKET) || is_packets(4, STAMPED_PACKET))
        .then_some(Film("MPEG transport stream"))
}
