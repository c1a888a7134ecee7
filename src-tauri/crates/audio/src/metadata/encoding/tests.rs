//! Texts of many languages in the encodings that were usual for them.

use super::*;

fn decoded(declared: Declared, texts: &[&[u8]]) -> Vec<String> {
    let entries: Vec<Entry> = texts
        .iter()
        .map(|bytes| Entry {
            tag: 0,
            field: Field::Title,
            declared,
            bytes: bytes.to_vec(),
        })
        .collect();
    decode(&entries, &[])
        .all
        .into_iter()
        .map(|value| value.text)
        .collect()
}

fn written(encoding: &'static Encoding, texts: &[&str]) -> Vec<Vec<u8>> {
    texts
        .iter()
        .map(|text| encoding.encode(text).0.into_owned())
        .collect()
}

#[test]
fn texts_of_one_file_tell_their_encoding_together() {
    for (encoding, texts) in [
        (encoding_rs::SHIFT_JIS, ["夜明けの歌", "山田 太郎"]),
        (encoding_rs::EUC_JP, ["夜明けの歌", "山田 太郎"]),
        (encoding_rs::GBK, ["月光下的海", "无名"]),
        (encoding_rs::BIG5, ["月光下的海", "無名樂團"]),
        (encoding_rs::EUC_KR, ["새벽의 노래", "김철수"]),
        (encoding_rs::WINDOWS_1251, ["Полярная ночь", "Неизвестный"]),
        (encoding_rs::KOI8_R, ["Полярная ночь", "Неизвестный"]),
        (encoding_rs::IBM866, ["Полярная ночь", "Неизвестный"]),
        (
            encoding_rs::WINDOWS_1252,
            ["Don’t Stop – Reprise…", "Motörhead"],
        ),
        (encoding_rs::WINDOWS_1252, ["Été à la plage", "Åse"]),
        (
            encoding_rs::WINDOWS_1250,
            ["Příliš žluťoučký kůň", "Dvořák"],
        ),
        (
            encoding_rs::WINDOWS_1253,
            ["Το τραγούδι της αυγής", "Άγνωστος"],
        ),
        (
            encoding_rs::WINDOWS_1254,
            ["Şafak şarkısı", "Bilinmeyen Şarkıcı"],
        ),
        (encoding_rs::WINDOWS_1255, ["שיר השחר", "אלמוני"]),
        (encoding_rs::WINDOWS_1256, ["أغنية الفجر", "مجهول"]),
        (encoding_rs::WINDOWS_874, ["เพลงรุ่งอรุณ", "ไม่ทราบชื่อ"]),
    ] {
        let stored = written(encoding, &texts);
        let stored: Vec<&[u8]> = stored.iter().map(Vec::as_slice).collect();
        assert_eq!(
            decoded(Declared::Bytes, &stored),
            texts,
            "{}",
            encoding.name()
        );
    }
}

#[test]
fn the_album_decides_where_a_file_has_too_little_text() {
    let stored = written(encoding_rs::WINDOWS_1251, &["Ночь"]);
    let entry = Entry {
        tag: 0,
        field: Field::Title,
        declared: Declared::Bytes,
        bytes: stored[0].clone(),
    };
    let album = written(
        encoding_rs::WINDOWS_1251,
        &[
            "Полярная звезда над морем",
            "Песня о друге",
            "Вечерний звон",
        ],
    );
    let values = decode(&[entry], &album);
    assert_eq!(
        (values.all[0].text.as_str(), values.encoding),
        ("Ночь", Some("windows-1251"))
    );
    assert_eq!(
        values.all[0].guessed_from.as_ref(),
        Some(&stored[0]),
        "the bytes are kept"
    );
}

#[test]
fn a_word_without_ascii_letters_is_not_latin() {
    for texts in [["Трек  6", "Sofia Rotaru"], ["Ночь", "Live"]] {
        let stored = written(encoding_rs::WINDOWS_1251, &texts);
        let stored: Vec<&[u8]> = stored.iter().map(Vec::as_slice).collect();
        assert_eq!(decoded(Declared::Bytes, &stored), texts);
    }
}

#[test]
fn utf_8_and_utf_16_are_read_where_they_are_not_declared() {
    let utf8: &[&[u8]] = &["Été — Noël".as_bytes(), "Björk".as_bytes()];
    assert_eq!(decoded(Declared::Bytes, utf8), ["Été — Noël", "Björk"]);
    let little = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>()
    };
    let big = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect::<Vec<u8>>()
    };
    for text in ["No Mark Here", "夜明けの歌、山田太郎", "Ω", "Полярная ночь"]
    {
        assert_eq!(
            decoded(Declared::Utf16, &[&little(text)]),
            [text],
            "without a mark"
        );
        let marked = [&[0xfe, 0xff][..], &big(text)].concat();
        for declared in [Declared::Utf16, Declared::Bytes, Declared::Utf16Be] {
            assert_eq!(decoded(declared, &[&marked]), [text], "with a mark");
        }
    }
    assert_eq!(
        decoded(Declared::Utf16, &[&big("Without a mark")]),
        ["Without a mark"]
    );
    assert_eq!(decoded(Declared::Utf16, &[b"Plain bytes"]), ["Plain bytes"]);
    assert_eq!(decoded(Declared::Utf16, &[b"\xff\xfeO\0d\0d\0\0"]), ["Odd"]);
}

#[test]
fn values_are_separated_by_nul() {
    assert_eq!(
        decoded(Declared::Utf8, &[b"Alpha\0Beta\0\0Gamma\0"]),
        ["Alpha", "Beta", "Gamma"]
    );
    let each = b"\xff\xfeA\0\0\0\xff\xfeB\0\0\0\xfe\xff\0C";
    assert_eq!(decoded(Declared::Utf16, &[each]), ["A", "B", "C"]);
}

#[test]
fn text_that_was_read_in_a_wrong_encoding_before_is_repaired() {
    let mojibake = |bytes: &[u8]| bytes.iter().map(|&b| b as char).collect::<String>();
    let twice = mojibake("Été à Paris".as_bytes());
    assert_eq!(
        decoded(Declared::Utf8, &[twice.as_bytes()]),
        ["Été à Paris"]
    );
    let russian = mojibake(&written(encoding_rs::WINDOWS_1251, &["Полярная ночь над морем"])[0]);
    assert_eq!(
        decoded(Declared::Utf8, &[russian.as_bytes()]),
        ["Полярная ночь над морем"]
    );
    for kept in [
        "Motörhead",
        "Señor Uno",
        "Ä",
        "Øresund",
        "Où êtes-vous ?",
        "naïveté",
        "ÄÖÜ",
    ] {
        assert_eq!(decoded(Declared::Utf8, &[kept.as_bytes()]), [kept]);
    }
}

#[test]
fn bytes_of_no_encoding_stay_readable() {
    // 0x81 begins a character of Shift JIS and 0xff is none.
    let text = read_as(encoding_rs::SHIFT_JIS, b"A\x81\xff B\x8d");
    assert_eq!(text, "A\\x81\u{ff} B\\x8d");
}
