//! The index (`moov`) of a finished file, made of the samples of all fragments.

use super::{
    boxes::{be32, be64, children, find},
    track::{Sample, Track, edit},
};

/// A box of a kind around content.
fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len() + 8).unwrap_or(u32::MAX);
    let mut all = Vec::with_capacity(content.len() + 8);
    all.extend(size.to_be_bytes());
    all.extend(kind);
    all.extend(content);
    all
}

/// A box of a kind with version, flags 0 and a table of entries.
fn table(kind: &[u8; 4], version: u8, entries: u32, rows: &[u8]) -> Vec<u8> {
    let mut content = vec![version, 0, 0, 0];
    content.extend(entries.to_be_bytes());
    content.extend(rows);
    boxed(kind, &content)
}

/// The bytes that precede the original file: its type, the index, and the header of a data box that spans the file.
/// `None` for an index that cannot be read.
pub(super) fn build(ftyp: &[u8], moov: &[u8], tracks: &[Track], length: u64) -> Option<Vec<u8>> {
    let ftyp = boxed(b"ftyp", ftyp);
    // The size of the index does not depend on the offsets in it.
    let size = index(moov, tracks, 0)?.len();
    let ahead = (ftyp.len() + size + 16) as u64;
    let mut head = ftyp;
    head.extend(index(moov, tracks, ahead)?);
    head.extend(1u32.to_be_bytes());
    head.extend(b"mdat");
    head.extend((length + 16).to_be_bytes());
    Some(head)
}

fn index(moov: &[u8], tracks: &[Track], ahead: u64) -> Option<Vec<u8>> {
    let mvhd = find(moov, b"mvhd")?;
    let movie = be32(mvhd, if mvhd.first() == Some(&1) { 20 } else { 12 })?.max(1);
    // Clocks of a stream that was joined late do not start at 0.
    let starts = tracks.iter().filter(|track| !track.samples.is_empty());
    let begin_s = |track: &Track| track.first.unwrap_or(0) as f64 / f64::from(track.timescale);
    let earliest_s = starts.map(begin_s).fold(f64::INFINITY, f64::min);
    let mut content = Vec::new();
    let mut longest = 0;
    let mut each = tracks.iter();
    for (kind, body) in children(moov) {
        match &kind {
            b"trak" => {
                let track = each.next()?;
                let late_s = match track.samples.is_empty() {
                    true => 0.0,
                    false => (begin_s(track) - earliest_s).max(0.0),
                };
                let made = trak(body, track, movie, late_s, ahead)?;
                longest = longest.max(made.1);
                content.extend(boxed(b"trak", &made.0));
            }
            b"mvhd" | b"mvex" => {}
            _ => content.extend(boxed(&kind, body)),
        }
    }
    let mut all = boxed(b"mvhd", &lengthened(mvhd, 4, longest)?);
    all.extend(content);
    Some(boxed(b"moov", &all))
}

/// A track with its samples, and its length in units of the movie.
fn trak(body: &[u8], track: &Track, movie: u32, late_s: f64, ahead: u64) -> Option<(Vec<u8>, u64)> {
    let (empty, media) = edit(body);
    let late = empty.saturating_add((late_s * f64::from(movie)).round() as u64);
    let shown = track.length.saturating_sub(media);
    let shown = (u128::from(shown) * u128::from(movie) / u128::from(track.timescale)) as u64;
    let length = late.saturating_add(shown);
    let mut content = Vec::new();
    for (kind, inner) in children(body) {
        match &kind {
            b"tkhd" => content.extend(boxed(b"tkhd", &lengthened(inner, 8, length)?)),
            b"mdia" => {
                let mut mdia = Vec::new();
                for (kind, inner) in children(inner) {
                    match &kind {
                        b"mdhd" => {
                            let mdhd = lengthened(inner, 4, track.length)?;
                            mdia.extend(boxed(b"mdhd", &mdhd));
                        }
                        b"minf" => mdia.extend(boxed(b"minf", &minf(inner, track, ahead)?)),
                        _ => mdia.extend(boxed(&kind, inner)),
                    }
                }
                content.extend(boxed(b"mdia", &mdia));
            }
            b"edts" => {}
            _ => content.extend(boxed(&kind, inner)),
        }
    }
    if late > 0 || media > 0 {
        let mut rows = Vec::new();
        let mut row = |length: u64, media: u64| {
            rows.extend(length.to_be_bytes());
            rows.extend(media.to_be_bytes());
            rows.extend(0x1_0000u32.to_be_bytes());
        };
        if late > 0 {
            row(late, u64::MAX);
        }
        row(shown, media);
        let count = 1 + u32::from(late > 0);
        content.extend(boxed(b"edts", &table(b"elst", 1, count, &rows)));
    }
    Some((content, length))
}

/// A header box (`mvhd`, `tkhd`, `mdhd`) in its 64-bit form with another length. `between` is the number of bytes
/// between its times and the length: the units of time, or the track's number.
fn lengthened(body: &[u8], between: usize, length: u64) -> Option<Vec<u8>> {
    let long = body.first()? == &1;
    let time = if long { 8 } else { 4 };
    let at = |index: usize| 4 + index * time;
    let mut all = vec![1];
    all.extend(body.get(1..4)?);
    for index in 0..2 {
        let stamp = match long {
            true => be64(body, at(index))?,
            false => u64::from(be32(body, at(index))?),
        };
        all.extend(stamp.to_be_bytes());
    }
    let from = at(2);
    all.extend(body.get(from..from + between)?);
    all.extend(length.to_be_bytes());
    all.extend(body.get(from + between + time..)?);
    Some(all)
}

fn minf(body: &[u8], track: &Track, ahead: u64) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    for (kind, inner) in children(body) {
        match &kind {
            b"stbl" => {
                let mut stbl = boxed(b"stsd", find(inner, b"stsd")?);
                stbl.extend(tables(&track.samples, ahead));
                content.extend(boxed(b"stbl", &stbl));
            }
            _ => content.extend(boxed(&kind, inner)),
        }
    }
    Some(content)
}

/// Runs of equal values, as `stts` and `ctts` store them.
fn runs(values: impl Iterator<Item = u32>) -> (u32, Vec<u8>) {
    let mut all: Vec<(u32, u32)> = Vec::new();
    for value in values {
        match all.last_mut() {
            Some((count, last)) if *last == value => *count += 1,
            _ => all.push((1, value)),
        }
    }
    let rows = all.iter().flat_map(|(count, value)| [*count, *value]);
    (all.len() as u32, rows.flat_map(u32::to_be_bytes).collect())
}

/// The tables of a track. Samples that follow each other in the file form a chunk.
fn tables(samples: &[Sample], ahead: u64) -> Vec<u8> {
    let (count, rows) = runs(samples.iter().map(|s| s.duration));
    let mut all = table(b"stts", 0, count, &rows);
    if samples.iter().any(|s| s.shown_after != 0) {
        let (count, rows) = runs(samples.iter().map(|s| s.shown_after as u32));
        all.extend(table(b"ctts", 1, count, &rows));
    }
    if samples.iter().any(|s| !s.key) {
        let keys = samples.iter().zip(1u32..).filter(|(s, _)| s.key);
        let rows: Vec<u8> = keys.flat_map(|(_, number)| number.to_be_bytes()).collect();
        all.extend(table(b"stss", 0, (rows.len() / 4) as u32, &rows));
    }
    let (mut chunks, mut offsets): (Vec<[u32; 3]>, Vec<u8>) = (Vec::new(), Vec::new());
    let mut number = 0;
    for chunk in samples.chunk_by(|a, b| {
        a.offset + u64::from(a.bytes) == b.offset && a.description == b.description
    }) {
        let Some(first) = chunk.first() else { continue };
        number += 1;
        offsets.extend((first.offset + ahead).to_be_bytes());
        let held = chunk.len() as u32;
        let same = |last: &[u32; 3]| last[1] == held && last[2] == first.description;
        if !chunks.last().is_some_and(same) {
            chunks.push([number, held, first.description]);
        }
    }
    let rows: Vec<u8> = chunks
        .iter()
        .flatten()
        .flat_map(|v| v.to_be_bytes())
        .collect();
    all.extend(table(b"stsc", 0, chunks.len() as u32, &rows));
    let mut sizes = vec![0; 8];
    sizes.extend((samples.len() as u32).to_be_bytes());
    sizes.extend(samples.iter().flat_map(|s| s.bytes.to_be_bytes()));
    all.extend(boxed(b"stsz", &sizes));
    all.extend(table(b"co64", 0, number, &offsets));
    all
}
