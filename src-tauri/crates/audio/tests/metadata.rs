//! Tags and artwork in files written by hand.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail loudly.

mod sound;

use std::path::Path;

use needledrop_audio::Metadata;
use sound::{Wav, encode, murmur, write};

const JPEG: &[u8] = b"\xff\xd8\xff\xe0 a picture";

fn frame(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&name[..], &(body.len() as u32).to_be_bytes(), &[0, 0], body].concat()
}

fn text(name: &[u8; 4], text: &str) -> Vec<u8> {
    frame(name, &[&[3], text.as_bytes()].concat())
}

fn picture(kind: u8, bytes: &[u8]) -> Vec<u8> {
    let head = [&b"\0image/jpeg\0"[..], &[kind], b"\0"].concat();
    frame(b"APIC", &[&head, bytes].concat())
}

/// An ID3v2.3 tag.
fn id3(frames: &[Vec<u8>]) -> Vec<u8> {
    let body = frames.concat();
    let size = [21, 14, 7, 0].map(|shift| (body.len() >> shift & 0x7f) as u8);
    [&b"ID3\x03\0\0"[..], &size, &body].concat()
}

/// An MP3 file of a second without tags.
fn mp3(dir: &Path) -> Vec<u8> {
    let bytes = Wav::pcm(44_100, 2, 16).file(&murmur(44_100, 2, 16));
    let wav = write(dir.join("in.wav"), &bytes);
    encode(&wav, "lamemp3enc", &dir.join("in.mp3"));
    std::fs::read(dir.join("in.mp3")).unwrap()
}

#[test]
fn tempo_and_key_tags_of_dj_programs_are_read() {
    let dir = tempfile::tempdir().unwrap();
    let tag = id3(&[
        text(b"TIT2", "Dusk"),
        text(b"TBPM", "127.98"),
        text(b"TKEY", "8A"),
        text(b"TSRC", "QZES71982312"),
        picture(4, b"\x89PNG\r\n\x1a\n back"),
        picture(3, JPEG),
    ]);
    let path = write(dir.path().join("a.mp3"), &[tag, mp3(dir.path())].concat());
    let metadata = Metadata::read(&path);
    assert_eq!(metadata.title.as_deref(), Some("Dusk"));
    assert_eq!(metadata.isrc.as_deref(), Some("QZES71982312"));
    assert_eq!(metadata.claimed_bpm, Some(127.98));
    assert_eq!(metadata.claimed_key.unwrap().to_string(), "Am");
    let artwork = Metadata::artwork(&path).unwrap();
    assert_eq!(
        (artwork.mime, &artwork.bytes[..]),
        ("image/jpeg", JPEG),
        "the front"
    );
}

#[test]
fn a_tag_that_is_not_a_picture_gives_no_artwork() {
    let dir = tempfile::tempdir().unwrap();
    let tag = id3(&[text(b"TIT2", "Dusk"), picture(3, b"<svg onload=alert(1)>")]);
    let path = write(dir.path().join("a.mp3"), &[tag, mp3(dir.path())].concat());
    assert_eq!(Metadata::artwork(&path), None);
    assert_eq!(Metadata::artwork(&dir.path().join("missing.mp3")), None);
    assert_eq!(Metadata::artwork(dir.path()), None);
}

/// Tags without sound are read too.
fn tags(bytes: &[u8]) -> Metadata {
    Metadata::from_bytes(bytes)
}

fn legacy(name: &[u8; 4], bytes: &[u8]) -> Vec<u8> {
    frame(name, &[&[0], bytes].concat())
}

#[test]
fn a_bad_frame_costs_only_itself() {
    let no_mark: Vec<u8> = "No Mark"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let tag = id3(&[
        frame(b"TIT2", &[&[1], &no_mark[..]].concat()),
        frame(b"TALB", &[1, 0xff]),
        frame(b"TCON", &[]),
        frame(b"TPE2", &[9, b'?']),
        text(b"TPE1", "Good Artist"),
        frame(b"TSRC", &[3, 0xff, 0xfe, 0xfd]),
        text(b"TCOP", "Good Notice"),
    ]);
    let metadata = tags(&tag);
    assert_eq!(metadata.title.as_deref(), Some("No Mark"));
    assert_eq!(metadata.artist.as_deref(), Some("Good Artist"));
    assert_eq!(metadata.copyright.as_deref(), Some("Good Notice"));
}

#[test]
fn legacy_texts_are_read_and_their_bytes_kept() {
    let (title, artist) = (
        b"\x96\xe9\x96\xbe\x82\xaf\x82\xcc\x89\xcc",
        b"\x8eR\x93c \x91\xbe\x98Y",
    );
    let metadata = tags(&id3(&[legacy(b"TIT2", title), legacy(b"TPE1", artist)]));
    assert_eq!(metadata.title.as_deref(), Some("夜明けの歌"));
    assert_eq!(metadata.artist.as_deref(), Some("山田 太郎"));
    assert_eq!(metadata.guessed_encoding, Some("Shift_JIS"));
    let kept = [("title", title.to_vec()), ("artist", artist.to_vec())];
    assert_eq!(metadata.guessed_from, kept);
}

#[test]
fn a_short_title_is_read_as_the_rest_of_its_album() {
    let dir = tempfile::tempdir().unwrap();
    // Album and titles in Windows-1251; alone "\xcd\xee\xf7\xfc" could be anything.
    let album = b"\xcf\xe5\xf1\xed\xe8";
    for (name, title) in [
        (
            "2.mp3",
            &b"\xcf\xee\xeb\xff\xf0\xed\xe0\xff \xe7\xe2\xe5\xe7\xe4\xe0"[..],
        ),
        (
            "3.mp3",
            b"\xc2\xe5\xf7\xe5\xf0\xed\xe8\xe9 \xe7\xe2\xee\xed \xed\xe0\xe4 \xec\xee\xf0\xe5\xec",
        ),
        ("1.mp3", b"\xcd\xee\xf7\xfc"),
    ] {
        write(
            dir.path().join(name),
            &id3(&[legacy(b"TIT2", title), legacy(b"TALB", album)]),
        );
    }
    let metadata = Metadata::read(&dir.path().join("1.mp3"));
    assert_eq!(metadata.title.as_deref(), Some("Ночь"));
    assert_eq!(metadata.album.as_deref(), Some("Песни"));
}

#[test]
fn every_value_of_a_field_is_kept() {
    let tag = id3(&[
        text(b"TPE1", "Alpha\0Beta\0Alpha\0Gamma"),
        text(b"TCON", "(17)(52)Live"),
    ]);
    let metadata = tags(&tag);
    assert_eq!(metadata.artist.as_deref(), Some("Alpha; Beta; Gamma"));
    assert_eq!(metadata.genre.as_deref(), Some("Rock; Electronic; Live"));
    let comment = |text: &str| [&(text.len() as u32).to_le_bytes()[..], text.as_bytes()].concat();
    let list = [
        "ARTIST=Alpha",
        "title=Dusk",
        "Artist=Beta",
        "INITIALKEY=4A",
        "BPM=120,5",
    ]
    .map(comment)
    .concat();
    let block = [&[0; 4][..], &5u32.to_le_bytes(), &list].concat();
    let flac = [&b"fLaC\x84\0\0"[..], &[block.len() as u8], &block].concat();
    let metadata = tags(&flac);
    assert_eq!(metadata.artist.as_deref(), Some("Alpha; Beta"));
    assert_eq!(metadata.claimed_bpm, Some(120.5));
    assert_eq!(metadata.claimed_key.unwrap().to_string(), "Fm");
    let data = |text: &[u8]| sound::atom(b"data", &[&[0, 0, 0, 1, 0, 0, 0, 0], text].concat());
    let key = [
        sound::atom(b"mean", b"\0\0\0\0com.apple.iTunes"),
        sound::atom(b"name", b"\0\0\0\0initialkey"),
        data(b"F minor"),
    ];
    let items = [
        sound::atom(b"\xa9ART", &[data(b"Alpha"), data(b"Beta")].concat()),
        sound::atom(b"tmpo", &data(&120u16.to_be_bytes())),
        sound::atom(b"----", &key.concat()),
    ];
    let list = sound::atom(b"ilst", &items.concat());
    let meta = sound::atom(b"meta", &[&[0; 4], &list[..]].concat());
    let moov = sound::atom(b"moov", &sound::atom(b"udta", &meta));
    let metadata = tags(&[sound::atom(b"ftyp", b"M4A \0\0\0\0"), moov].concat());
    assert_eq!(metadata.artist.as_deref(), Some("Alpha; Beta"));
    assert_eq!(metadata.claimed_bpm, Some(120.0));
    assert_eq!(metadata.claimed_key.unwrap().to_string(), "Fm");
}

#[test]
fn chunks_of_wav_and_aiff_are_read() {
    let item = |name: &[u8; 4], text: &[u8]| sound::chunk(name, &[text, &[0]].concat());
    let list = [
        &b"INFO"[..],
        &item(b"INAM", b"Caf\xe9 de nuit"),
        &item(b"IART", b"Se\xf1ora \xd1"),
    ]
    .concat();
    let bext = [&b"Rain on a tin roof"[..], &[0; 584]].concat();
    // A list of an odd length without its padding.
    let mut unpadded = sound::chunk(b"LIST", b"INFOICMT\x05\0\0\0Night");
    unpadded.pop();
    for (before, after) in [
        (sound::chunk(b"LIST", &list), Vec::new()),
        (
            Vec::new(),
            [sound::chunk(b"bext", &bext), sound::chunk(b"LIST", &list)].concat(),
        ),
        (unpadded, sound::chunk(b"LIST", &list)),
    ] {
        let wav = Wav {
            before,
            after,
            ..Wav::pcm(44_100, 2, 16)
        };
        let signal = murmur(4000, 2, 16);
        let file = wav.file(&signal);
        let metadata = tags(&file);
        assert_eq!(metadata.title.as_deref(), Some("Café de nuit"));
        assert_eq!(metadata.artist.as_deref(), Some("Señora Ñ"));
        assert_eq!(sound::decode_bytes(file).unwrap().samples, signal);
    }
    let wide: Vec<u8> = "Dusk over 海\0"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let list = [&b"INFO"[..], &sound::chunk(b"INAM", &wide)].concat();
    let wav = Wav {
        after: sound::chunk(b"LIST", &list),
        ..Wav::pcm(44_100, 2, 16)
    };
    assert_eq!(
        tags(&wav.file(&[0.0; 8])).title.as_deref(),
        Some("Dusk over 海")
    );
    let aiff = sound::aiff(None, 2, 16, &[1; 400]);
    let loose = [&aiff[..], &id3(&[text(b"TIT2", "Loose")])].concat();
    assert_eq!(tags(&loose).title.as_deref(), Some("Loose"));
    let chunks = [
        sound::be_chunk(b"NAME", b"Dusk"),
        sound::be_chunk(b"AUTH", b"Someone"),
    ]
    .concat();
    let metadata = tags(&[aiff, chunks].concat());
    assert_eq!(
        (metadata.title.as_deref(), metadata.artist.as_deref()),
        (Some("Dusk"), Some("Someone"))
    );
}

#[test]
fn tags_behind_the_sound_are_read_by_their_worth() {
    let old = |title: &[u8]| {
        let mut tag = [&b"TAG"[..], &[b' '; 125]].concat();
        tag[3..3 + title.len()].copy_from_slice(title);
        tag[127] = 17;
        tag
    };
    let item = |key: &str, value: &str| {
        [
            &(value.len() as u32).to_le_bytes()[..],
            &[0; 4],
            key.as_bytes(),
            &[0],
            value.as_bytes(),
        ]
        .concat()
    };
    let items = [
        item("Title", "A title of more than thirty letters"),
        item("Artist", "A\0B"),
    ]
    .concat();
    let footer = |flags: u32| {
        let size = items.len() as u32 + 32;
        [
            &b"APETAGEX"[..],
            &2000u32.to_le_bytes(),
            &size.to_le_bytes(),
            &2u32.to_le_bytes(),
            &flags.to_le_bytes(),
            &[0; 8],
        ]
        .concat()
    };
    let ape = [footer(0xa000_0000), items.clone(), footer(0x8000_0000)].concat();
    let lyrics = b"LYRICSBEGININD0000200000021LYRICS200";
    let sound = [0x55; 500];
    let file = [
        &sound[..],
        &ape,
        lyrics,
        &old(b"A title of more than thirty le"),
    ]
    .concat();
    let metadata = tags(&file);
    assert_eq!(
        metadata.title.as_deref(),
        Some("A title of more than thirty letters")
    );
    assert_eq!(metadata.artist.as_deref(), Some("A; B"));
    assert_eq!(
        metadata.genre.as_deref(),
        Some("Rock"),
        "the old tag alone has one"
    );
    let first = [&id3(&[text(b"TIT2", "First")])[..], &file].concat();
    assert_eq!(tags(&first).title.as_deref(), Some("First"));
    let mut appended = id3(&[text(b"TIT2", "Appended")]);
    appended[3] = 4;
    let footer = [b"3DI", &appended[3..10]].concat();
    let metadata = tags(&[&sound[..], &appended, &footer].concat());
    assert_eq!(metadata.title.as_deref(), Some("Appended"));
}
