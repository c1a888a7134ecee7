//! The `tmcd` track of MOV and MP4 (QuickTime File Format, "Timecode Media"; ISO/IEC 14496-12).
//!
//! One sample holds the number of the first frame, the sample description how frames are counted
//! and, in a `name` box, the reel.

use std::io::{Read, Seek};
use std::ops::Range;

use super::bounded::Bounded;
use super::label::{Stored, StoredLabel};
use needledrop_timebase::FrameRate;

/// Number of boxes of one level that are read: a long recording in fragments has tens of thousands.
const MOST_BOXES: usize = 4_000;
/// First boxes of a file.
const OPENINGS: [&[u8; 4]; 8] = [
    b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"uuid",
];
/// Flags of the sample description.
const DROP_FRAME: u32 = 1;
const COUNTER: u32 = 8;
/// Longest `name` box that is read.
const NAME: usize = 1024;

struct Child {
    kind: [u8; 4],
    body: Range<u64>,
}

/// Boxes of a file or inside a box.
struct Boxes<'f, 'a, R> {
    file: &'f mut Bounded<'a, R>,
}

/// What a MOV or MP4 file holds; none where it is another kind of file or has no timecode track.
pub(super) fn stored(file: &mut Bounded<'_, impl Read + Seek>) -> Option<Stored> {
    let opening: [u8; 8] = file.array(0)?;
    if !OPENINGS.iter().any(|kind| opening[4..] == **kind) {
        return None;
    }
    let whole = 0..file.length();
    let mut boxes = Boxes { file };
    let moov = boxes.find(whole, b"moov")?;
    let tracks: Vec<Range<u64>> = boxes
        .children(moov)
        .into_iter()
        .filter(|child| child.kind == *b"trak")
        .map(|child| child.body)
        .collect();
    let referred = tracks.iter().find_map(|track| boxes.timecode_of(track));
    let timecode: Vec<&Range<u64>> = tracks
        .iter()
        .filter(|track| boxes.handler(track) == Some(*b"tmcd"))
        .collect();
    let named = timecode
        .iter()
        .find(|track| referred.is_some() && boxes.id(track) == referred);
    let track = (*named.or(timecode.first())?).clone();
    boxes.timecode(track)
}

impl<R: Read + Seek> Boxes<'_, '_, R> {
    fn children(&mut self, within: Range<u64>) -> Vec<Child> {
        let mut found = Vec::new();
        let mut at = within.start;
        while found.len() < MOST_BOXES
            && at + 8 <= within.end
            && let Some(child) = self.child(at, within.end)
        {
            at = child.body.end;
            found.push(child);
        }
        found
    }

    /// The box at `at`. A size of 0 reaches to the end, a size of 1 is followed by 64 bits of size.
    fn child(&mut self, at: u64, end: u64) -> Option<Child> {
        let [a, b, c, d, kind @ ..] = self.file.array::<8>(at)?;
        let (size, head) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (end.checked_sub(at)?, 8),
            1 => (u64::from_be_bytes(self.file.array(at + 8)?), 16),
            size => (size.into(), 8),
        };
        let body = at.checked_add(head)?..at.checked_add(size)?;
        (size >= head && body.end <= end).then_some(Child { kind, body })
    }

    fn find(&mut self, within: Range<u64>, kind: &[u8; 4]) -> Option<Range<u64>> {
        let children = self.children(within).into_iter();
        children
            .into_iter()
            .find_map(|child| (child.kind == *kind).then_some(child.body))
    }

    fn path(&mut self, within: &Range<u64>, kinds: &[&[u8; 4]]) -> Option<Range<u64>> {
        kinds
            .iter()
            .try_fold(within.clone(), |inner, kind| self.find(inner, kind))
    }

    fn u32_at(&mut self, body: &Range<u64>, offset: u64) -> Option<u32> {
        (body.start + offset + 4 <= body.end)
            .then(|| self.file.array(body.start + offset))?
            .map(u32::from_be_bytes)
    }

    /// What kind of media a track holds.
    fn handler(&mut self, track: &Range<u64>) -> Option<[u8; 4]> {
        let body = self.path(track, &[b"mdia", b"hdlr"])?;
        self.u32_at(&body, 8).map(u32::to_be_bytes)
    }

    /// The number of a track.
    fn id(&mut self, track: &Range<u64>) -> Option<u32> {
        let body = self.find(track.clone(), b"tkhd")?;
        let version = self.file.array::<1>(body.start)?[0];
        self.u32_at(&body, if version == 1 { 20 } else { 12 })
    }

    /// The number of the timecode track that a video track refers to.
    fn timecode_of(&mut self, track: &Range<u64>) -> Option<u32> {
        if self.handler(track)? != *b"vide" {
            return None;
        }
        let body = self.path(track, &[b"tref", b"tmcd"])?;
        self.u32_at(&body, 0)
    }

    fn timecode(&mut self, track: Range<u64>) -> Option<Stored> {
        let media = self.find(track.clone(), b"mdia")?;
        let table = self.path(&media, &[b"minf", b"stbl"])?;
        let descriptions = self.find(table.clone(), b"stsd")?;
        // Version, flags and the number of descriptions stand before the first one.
        let description = self.child(descriptions.start + 8, descriptions.end)?;
        if description.kind != *b"tmcd" {
            return None;
        }
        // 8 bytes that all descriptions share and 4 reserved ones stand before the flags.
        let body = description.body;
        let flags = self.u32_at(&body, 12)?;
        let (scale, frame) = (self.u32_at(&body, 16)?, self.u32_at(&body, 20)?);
        let rate = FrameRate::new(scale, frame).ok()?;
        let base = match self.file.array::<1>(body.start + 24)?[0] {
            0 => rate.nominal(),
            frames => frames.into(),
        };
        let reel = self.reel(body.start + 26..body.end);
        let first = self.first_sample(table);
        let offset = self.edited(&track, &media, rate);
        let start = first.zip(offset).and_then(|(first, offset)| {
            let frames = i64::from(first).checked_add(offset)?;
            StoredLabel::counted(frames, base, flags & DROP_FRAME != 0)
        });
        Some(Stored {
            start: start.filter(|_| flags & COUNTER == 0),
            reel,
        })
    }

    /// The text of a `name` box, behind its length and its language.
    fn reel(&mut self, extensions: Range<u64>) -> Option<String> {
        let body = self.find(extensions, b"name")?;
        let size = usize::try_from(body.end - body.start).ok()?;
        let bytes = self.file.bytes(body.start, size.min(NAME))?;
        let (length, text) = bytes.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length));
        let text = text.get(2..)?;
        let text = text.get(..length.min(text.len()))?;
        Some(String::from_utf8_lossy(text).into_owned())
    }

    /// The frame number in the first sample. Counting from midnight, it may be negative.
    fn first_sample(&mut self, table: Range<u64>) -> Option<i32> {
        let offset = match self.find(table.clone(), b"stco") {
            Some(body) => self.u32_at(&body, 8).map(u64::from),
            None => {
                let body = self.find(table, b"co64")?;
                (body.start + 16 <= body.end)
                    .then(|| self.file.array(body.start + 8))?
                    .map(u64::from_be_bytes)
            }
        };
        self.file.array(offset?).map(i32::from_be_bytes)
    }

    /// Frames that the track's edit list cuts off before the first shown one; none where that
    /// leads into another sample, which is not read.
    fn edited(&mut self, track: &Range<u64>, media: &Range<u64>, rate: FrameRate) -> Option<i64> {
        let Some(body) = self.path(track, &[b"edts", b"elst"]) else {
            return Some(0);
        };
        let wide = self.file.array::<1>(body.start)?[0] == 1;
        let entry = if wide { 20 } else { 12 };
        let count = u64::from(self.u32_at(&body, 4)?.min(16));
        let mut begins = None;
        for at in (0..count).map(|n| body.start + 8 + n * entry) {
            if at + entry > body.end {
                break;
            }
            let time = match wide {
                true => i64::from_be_bytes(self.file.array(at + 8)?),
                false => i32::from_be_bytes(self.file.array(at + 4)?).into(),
            };
            // An empty edit has the time -1.
            if time >= 0 {
                begins = Some(time);
                break;
            }
        }
        let begins = begins.unwrap_or(0);
        if begins == 0 {
            return Some(0);
        }
        let samples = self.path(media, &[b"minf", b"stbl", b"stsz"])?;
        if self.u32_at(&samples, 8)? > 1 {
            return None;
        }
        let header = self.find(media.clone(), b"mdhd")?;
        let version = self.file.array::<1>(header.start)?[0];
        let scale = self.u32_at(&header, if version == 1 { 20 } else { 12 })?;
        Some(rate.nearest_frame(begins, scale).ok()?.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn boxed(kind: &[u8; 4], bodies: &[&[u8]]) -> Vec<u8> {
        let body = bodies.concat();
        let size = (body.len() as u32 + 8).to_be_bytes();
        [&size[..], kind, &body].concat()
    }

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    /// A file with a timecode track at 25 frames a second, whose sample is `first`, and in front of
    /// it a track of another scene's timecode, to which no picture refers.
    struct Made {
        first: i32,
        flags: u32,
        edit: i64,
        /// Ticks in a second, which the edit list counts.
        scale: u32,
        samples: u32,
        /// Whether the sample has a description.
        described: bool,
    }

    impl Made {
        fn track(&self, id: u32, offset: u32) -> Vec<u8> {
            let header = boxed(b"tkhd", &[&words(&[0, 0, 0, id, 0, 0])]);
            let (high, low) = ((self.edit >> 32) as u32, self.edit as u32);
            let edits = match i32::try_from(self.edit) {
                Ok(_) => words(&[0, 2, 100, u32::MAX, 1 << 16, 100, low, 1 << 16]),
                Err(_) => words(&[1 << 24, 1, 0, 100, high, low, 1 << 16]),
            };
            let edits = boxed(b"edts", &[&boxed(b"elst", &[&edits])]);
            let handler = boxed(b"hdlr", &[&words(&[0, 0]), b"tmcd", &words(&[0, 0, 0])]);
            let media = boxed(b"mdhd", &[&words(&[0, 0, 0, self.scale, 100_000, 0])]);
            let name = boxed(b"name", &[&[0, 4, 0, 0], b"B007"]);
            let counting = words(&[0, 1, 0, self.flags, 25_000, 1000]);
            let entry = boxed(b"tmcd", &[&counting, &[25, 0], &name]);
            let descriptions = match self.described {
                true => boxed(b"stsd", &[&words(&[0, 1]), &entry]),
                false => boxed(b"stsd", &[]),
            };
            let table = boxed(
                b"stbl",
                &[
                    &descriptions,
                    &boxed(b"stsz", &[&words(&[0, 4, self.samples])]),
                    &boxed(b"stco", &[&words(&[0, 1, offset])]),
                ],
            );
            let media = boxed(b"mdia", &[&handler, &media, &boxed(b"minf", &[&table])]);
            boxed(b"trak", &[&header, &edits, &media])
        }

        fn read(&self) -> Option<Stored> {
            let samples = words(&[99, self.first as u32]);
            let data = boxed(b"mdat", &[&samples]);
            let picture = boxed(
                b"trak",
                &[
                    &boxed(b"tkhd", &[&words(&[0, 0, 0, 1, 0, 0])]),
                    &boxed(b"tref", &[&boxed(b"tmcd", &[&words(&[3])])]),
                    &boxed(
                        b"mdia",
                        &[&boxed(
                            b"hdlr",
                            &[&words(&[0, 0]), b"vide", &words(&[0, 0, 0])],
                        )],
                    ),
                ],
            );
            let moov = boxed(b"moov", &[&picture, &self.track(2, 8), &self.track(3, 12)]);
            let file = [data, moov].concat();
            stored(&mut Bounded::new(&mut Cursor::new(file))?)
        }

        fn start(&self) -> Option<String> {
            let start = self.read()?.start?;
            start.at(FrameRate::FPS_25).map(|start| start.to_string())
        }
    }

    const PLAIN: Made = Made {
        first: 900_010,
        flags: 2,
        edit: 0,
        scale: 25_000,
        samples: 1,
        described: true,
    };

    #[test]
    fn the_timecode_track_that_the_picture_refers_to_counts() {
        assert_eq!(PLAIN.start().as_deref(), Some("10:00:00:10"));
        assert_eq!(
            PLAIN.read().and_then(|stored| stored.reel).as_deref(),
            Some("B007")
        );
    }

    #[test]
    fn an_edit_list_that_cuts_the_start_moves_the_timecode() {
        let cut = Made {
            edit: 50_000,
            ..PLAIN
        };
        assert_eq!(cut.start().as_deref(), Some("10:00:02:10"));
        let other_sample = Made { samples: 2, ..cut };
        assert_eq!(other_sample.start(), None, "another sample is not read");
    }

    #[test]
    fn a_table_without_a_description_and_an_endless_edit_give_no_timecode() {
        let bare = Made {
            described: false,
            ..PLAIN
        };
        assert_eq!(bare.read(), None, "no description");
        let endless = Made {
            edit: i64::MAX,
            scale: 1,
            ..PLAIN
        };
        assert_eq!(endless.start(), None, "more frames than an i64 holds");
    }

    #[test]
    fn a_tape_counter_is_no_timecode_and_midnight_is_crossed() {
        let counter = Made {
            flags: COUNTER,
            ..PLAIN
        };
        assert_eq!(counter.start(), None);
        let before = Made { first: -1, ..PLAIN };
        assert_eq!(before.start().as_deref(), Some("23:59:59:24"));
    }
}
