//! Fragmented MP4 read as a file with one index.
//!
//! A recorder that may die writes its index in pieces (`moof`), one for each second or two. GStreamer 1.22 takes the
//! first piece for the whole clip and stops before the end of a piece that is cut off. Here the pieces are read and one
//! index (`moov`) is made of them, as a finished recording has it. It lists only samples whose bytes are in the file.
//! The file itself is not changed: the new index is put before its bytes while it is read.

mod boxes;
mod fragment;
mod index;
mod track;

use boxes::{Top, Tops, find};
use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom},
    path::Path,
};
use track::Track;

/// Largest index that is read, bytes. An hour of video and sound takes about 4 MB.
const MOST_INDEX: u64 = 256 << 20;
/// Most samples of a file; ten hours of 60 pictures and 47 sound packets a second have 3.9 million.
const MOST_SAMPLES: usize = 4_000_000;

/// The index of a fragmented file.
pub(crate) struct Rebuilt {
    /// File type, index and the header of a data box that holds the whole original file.
    pub head: Vec<u8>,
    /// Bytes of the original file when it was read.
    pub length: u64,
    /// Bytes that the index names are missing: the recording was cut off.
    pub is_cut: bool,
}

/// What the boxes of a file tell.
pub(crate) enum Layout {
    /// No fragments, or no MP4.
    Plain,
    /// An MP4 or MOV whose index was never written: the recording was not finished.
    NoIndex,
    /// Fragments, with one index made of them.
    Fragmented(Rebuilt),
}

/// Reads the boxes of the file at `path`. A file that cannot be read is [`Layout::Plain`], so that the reader of the
/// media itself says why.
pub(crate) fn layout(path: &Path) -> Layout {
    let read = File::open(path).and_then(|mut file| layout_of(&mut file));
    read.unwrap_or_else(|error| {
        tracing::debug!(%error, "no boxes were read");
        Layout::Plain
    })
}

/// [`layout`] of bytes.
pub(crate) fn layout_of(file: &mut (impl Read + Seek)) -> io::Result<Layout> {
    let length = file.seek(SeekFrom::End(0))?;
    let mut tops = Tops::new(length);
    let mut kind: Option<Vec<u8>> = None;
    let mut tracks: Vec<Track> = Vec::new();
    let mut moov: Option<Vec<u8>> = None;
    let (mut fragments, mut data, mut is_cut, mut room) = (0u64, false, false, MOST_SAMPLES);
    while let Some(top) = tops.next(file)? {
        if tops.count() == 1 && !boxes::may_begin(&top.kind) {
            return Ok(Layout::Plain);
        }
        // Other bytes behind the last box may look like the begin of one.
        is_cut |= top.end > length && [*b"moof", *b"mdat"].contains(&top.kind);
        match &top.kind {
            b"ftyp" if kind.is_none() => kind = bytes(file, &top, length)?,
            b"moov" if moov.is_none() => {
                let Some(body) = bytes(file, &top, length)? else {
                    return Ok(Layout::Plain);
                };
                let told = find(&body, b"mvex").is_some();
                tracks = track::tracks(&body).unwrap_or_default();
                if !told || tracks.is_empty() {
                    return Ok(Layout::Plain);
                }
                moov = Some(body);
            }
            b"moof" if moov.is_some() => {
                // A cut index of a fragment names nothing that is left.
                if let Some(body) = bytes(file, &top, length)? {
                    fragments += 1;
                    fragment::read(&body, top.start, length, &mut tracks, &mut room);
                    if room == 0 {
                        return Ok(Layout::Plain);
                    }
                }
            }
            b"mdat" => data = true,
            _ => {}
        }
    }
    let Some(moov) = moov else {
        return Ok(match data {
            true => Layout::NoIndex,
            false => Layout::Plain,
        });
    };
    is_cut |= tracks.iter().any(|track| track.is_cut);
    if fragments == 0 || tracks.iter().all(|track| track.samples.is_empty()) {
        return Ok(Layout::Plain);
    }
    let head = index::build(&kind.unwrap_or_default(), &moov, &tracks, length);
    Ok(match head {
        Some(head) => Layout::Fragmented(Rebuilt {
            head,
            length,
            is_cut,
        }),
        None => Layout::Plain,
    })
}

/// The body of a box that is whole and not too large.
fn bytes(file: &mut (impl Read + Seek), top: &Top, length: u64) -> io::Result<Option<Vec<u8>>> {
    let size = top.end - top.body;
    if top.end > length || size > MOST_INDEX {
        return Ok(None);
    }
    file.seek(SeekFrom::Start(top.body))?;
    let mut body = vec![0; size as usize];
    file.read_exact(&mut body)?;
    Ok(Some(body))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn boxed(kind: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        let size = (content.len() + 8) as u32;
        [&size.to_be_bytes(), kind.as_slice(), &content].concat()
    }

    fn words(values: &[u32]) -> Vec<u8> {
        values
            .iter()
            .flat_map(|value| value.to_be_bytes())
            .collect()
    }

    /// A file with one track and one fragment of three samples of four bytes.
    fn fragmented() -> Vec<u8> {
        let header = |after: usize| words(&[0, 0, 0, 1000, 0]).into_iter().chain(vec![0; after]);
        let tkhd = [words(&[0, 0, 0, 1, 0, 0]), vec![0; 60]].concat();
        let stbl = boxed(
            b"stbl",
            &[&boxed(b"stsd", &[&[0; 8]]), &boxed(b"stsz", &[&[0; 12]])],
        );
        let mdhd: Vec<u8> = header(4).collect();
        let mdia = boxed(
            b"mdia",
            &[&boxed(b"mdhd", &[&mdhd]), &boxed(b"minf", &[&stbl])],
        );
        let mvhd: Vec<u8> = header(80).collect();
        let moov = boxed(
            b"moov",
            &[
                &boxed(b"mvhd", &[&mvhd]),
                &boxed(b"trak", &[&boxed(b"tkhd", &[&tkhd]), &mdia]),
                &boxed(b"mvex", &[&boxed(b"trex", &[&words(&[0, 1, 1, 40, 4, 0])])]),
            ],
        );
        let tfhd = boxed(b"tfhd", &[&words(&[0x2_0000, 1])]);
        let run = |offset| boxed(b"trun", &[&words(&[0x1, 3, offset])]);
        let moof = |offset| boxed(b"moof", &[&boxed(b"traf", &[&tfhd, &run(offset)])]);
        let offset = moof(0).len() as u32 + 8;
        let ftyp = boxed(b"ftyp", &[b"isom\0\0\0\0"]);
        [ftyp, moov, moof(offset), boxed(b"mdat", &[&[7; 12]])].concat()
    }

    #[test]
    fn fragments_give_one_index_also_of_a_cut_file() {
        let bytes = fragmented();
        let Layout::Fragmented(whole) = layout_of(&mut Cursor::new(&bytes)).unwrap() else {
            panic!("it has fragments");
        };
        assert!(!whole.is_cut);
        assert_eq!(whole.length, bytes.len() as u64);
        let cut = &bytes[..bytes.len() - 5];
        let Layout::Fragmented(cut) = layout_of(&mut Cursor::new(cut)).unwrap() else {
            panic!("one sample is whole");
        };
        assert!(cut.is_cut);
        assert!(cut.head.len() <= whole.head.len());
    }

    #[test]
    fn no_changed_byte_makes_it_fail() {
        let bytes = fragmented();
        for at in 0..bytes.len() {
            for value in [0, 1, 0x7F, 0x80, 0xFF] {
                let mut changed = bytes.clone();
                changed[at] = value;
                layout_of(&mut Cursor::new(&changed)).unwrap();
            }
            layout_of(&mut Cursor::new(&bytes[..at])).unwrap();
        }
    }
}
