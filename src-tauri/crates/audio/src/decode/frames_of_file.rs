//! The MPEG frames of a whole file: how many there are, whatever its header counts, and where one
//! file was joined to another.
//!
//! The count of a Xing, Info or VBRI header is often wrong: written by a recorder that could not
//! go back, kept when a file was cut, or followed by a second file. symphonia ends at this count.

use std::io::Result;

use super::mpeg::Frame;
use super::tag_sizes;
use super::view::View;

/// Bytes that are held at a time.
const WINDOW_BYTES: u64 = 1 << 18;
/// Bytes that are searched for the next frame after other data.
const SEARCHED_BYTES: u64 = 1 << 17;
/// Frames in a row that are needed after other data.
const LEAST_FRAMES: usize = 3;
/// Parts of a file beyond this number are left out.
const MOST_PARTS: usize = 1000;
/// A file may lack so many of the bytes that its header counts: the header's own frame, or tags.
const SLACK_BYTES: u64 = 4096;

/// A part of a file that was a file of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub start: u64,
    pub end: u64,
    /// Frames of sound, without a header's own frame.
    pub frames: u32,
    count: Option<Count>,
}

/// The number of frames that a header declares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Count {
    at: u64,
    frames: u32,
    /// Bytes of the file, where the header counts them.
    bytes: Option<u32>,
}

impl Part {
    /// Position and value of the count, where it must be corrected. Where bytes are missing too, the
    /// file was cut off and the count is right.
    pub fn correction(&self) -> Option<(u64, u32)> {
        let count = self.count?;
        let there = self.end - self.start + SLACK_BYTES;
        let is_whole = count
            .bytes
            .is_some_and(|bytes| bytes > 0 && u64::from(bytes) <= there);
        let is_wrong = count.frames < self.frames || count.frames > self.frames && is_whole;
        (is_wrong && self.frames > 0).then_some((count.at, self.frames))
    }
}

/// The parts of a file whose first frame is at the start of the view.
pub(super) fn parts(view: &mut View) -> Result<Vec<Part>> {
    let mut file = Window {
        view,
        start: 0,
        bytes: Vec::new(),
    };
    let (mut parts, mut at) = (Vec::<Part>::new(), 0);
    let (mut part, mut kind) = (Part::default(), None);
    while parts.len() < MOST_PARTS {
        let frame = Frame::of(file.at(at, 4)?);
        let is_same = frame.is_some_and(|frame| kind.is_none_or(|kind| kind == frame.kind()));
        let Some(frame) = frame.filter(|_| is_same) else {
            let Some((next, is_tag)) = next_frame(&mut file, at)? else {
                break;
            };
            let new = Frame::of(file.at(next, 4)?).map(|frame| frame.kind());
            if is_tag || new != kind {
                part.end = at;
                parts.push(std::mem::take(&mut part));
                part.start = next;
                kind = new;
            }
            at = next;
            continue;
        };
        let end = at + frame.bytes as u64;
        if end > file.view.len() {
            break;
        }
        kind = Some(frame.kind());
        if let Some(count) = count(&mut file, at, &frame)? {
            if part.frames > 0 {
                part.end = at;
                parts.push(std::mem::take(&mut part));
                part.start = at;
            }
            part.count = count;
        } else {
            part.frames += 1;
        }
        at = end;
    }
    part.end = at;
    parts.push(part);
    // The decoder looks for a frame that was cut off in what follows.
    if let Some(last) = parts
        .last_mut()
        .filter(|_| tag_at(&mut file, at).is_ok_and(|t| t.is_none()))
    {
        last.end = file.view.len();
    }
    parts.retain(|part| part.frames > 0);
    Ok(parts)
}

/// The start of the next frames after other data, and whether a tag lies between.
fn next_frame(file: &mut Window, from: u64) -> Result<Option<(u64, bool)>> {
    let (mut at, mut is_tag) = (from, false);
    while let Some(length) = tag_at(file, at)? {
        at += length;
        is_tag = true;
    }
    let searched = file.at(at, SEARCHED_BYTES)?;
    let found = (0..searched.len()).find(|&within| searched.get(within..).is_some_and(is_run));
    Ok(found.map(|within| (at + within as u64, is_tag)))
}

fn is_run(mut bytes: &[u8]) -> bool {
    let first = Frame::of(bytes).map(|frame| frame.kind());
    (0..LEAST_FRAMES).all(|_| match Frame::of(bytes) {
        Some(frame) if Some(frame.kind()) == first => {
            bytes = bytes.get(frame.bytes..).unwrap_or_default();
            true
        }
        _ => false,
    })
}

/// Length of the tag at a position.
fn tag_at(file: &mut Window, at: u64) -> Result<Option<u64>> {
    let head = file.at(at, 32)?;
    if let Some(length) = tag_sizes::id3v2(head) {
        return Ok(Some(length));
    }
    if let Some(tag) = tag_sizes::ape(head) {
        return Ok(Some(if tag.is_header { 32 + tag.bytes } else { 32 }));
    }
    Ok(match head {
        [b'T', b'A', b'G', ..] => Some(128),
        [b'L', b'Y', b'R', b'I', b'C', b'S', ..] => {
            let text = file.at(at, SEARCHED_BYTES)?;
            let end = text
                .windows(9)
                .position(|w| w == b"LYRICS200" || w == b"LYRICSEND");
            Some(end.map_or(11, |end| end as u64 + 9))
        }
        _ => None,
    })
}

/// The header in a frame: `Some(None)` for one that counts no frames, `None` for sound.
fn count(file: &mut Window, at: u64, frame: &Frame) -> Result<Option<Option<Count>>> {
    if frame.layer != 3 {
        return Ok(None);
    }
    let bytes = file.at(at, 64)?;
    let word = |at: usize| {
        let word = bytes.get(at..at + 4).and_then(|word| word.try_into().ok());
        word.map_or(0, u32::from_be_bytes)
    };
    let side = frame.after_side_information();
    let name = |at: usize| bytes.get(at..at + 4).unwrap_or_default();
    if matches!(name(side), b"Xing" | b"Info") {
        let flags = word(side + 4);
        let counted = (flags & 1 != 0).then(|| Count {
            at: at + side as u64 + 8,
            frames: word(side + 8),
            bytes: (flags & 2 != 0).then(|| word(side + 12)),
        });
        return Ok(Some(counted));
    }
    Ok((name(36) == b"VBRI").then(|| {
        Some(Count {
            at: at + 50,
            frames: word(50),
            bytes: Some(word(46)),
        })
    }))
}

/// Reads a view forward in large steps.
struct Window<'a> {
    view: &'a mut View,
    start: u64,
    bytes: Vec<u8>,
}

impl Window<'_> {
    /// Up to `most` bytes at a position.
    fn at(&mut self, at: u64, most: u64) -> Result<&[u8]> {
        let most = most.min(self.view.len().saturating_sub(at));
        let held = self.start..self.start + self.bytes.len() as u64;
        if at < held.start || at + most > held.end {
            self.bytes = self.view.part(at, most.max(WINDOW_BYTES))?;
            self.start = at;
        }
        let from = (at - self.start) as usize;
        let to = (from + most as usize).min(self.bytes.len());
        Ok(self.bytes.get(from..to).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(fill: u8) -> Vec<u8> {
        let mut frame = vec![fill; 417];
        frame[..4].copy_from_slice(&[0xff, 0xfb, 0x90, 0x00]);
        frame
    }

    fn header(frames: u32, bytes: u32) -> Vec<u8> {
        let mut header = frame(0);
        header[36..44].copy_from_slice(b"Xing\0\0\0\x03");
        header[44..48].copy_from_slice(&frames.to_be_bytes());
        header[48..52].copy_from_slice(&bytes.to_be_bytes());
        header
    }

    fn of(bytes: &[u8]) -> Vec<Part> {
        let mut view = View::new(Box::new(std::io::Cursor::new(bytes.to_vec()))).unwrap();
        parts(&mut view).unwrap()
    }

    #[test]
    fn a_wrong_count_is_corrected_and_that_of_a_cut_file_is_kept() {
        let sound = frame(7).repeat(100);
        let whole = 417 * 101;
        for (frames, bytes, want) in [
            (100, whole, None),
            (0, whole, Some(100)),
            (50, whole, Some(100)),
            (101, whole, Some(100)),
            (1000, whole, Some(100)),
            (1000, 10 * whole, None),
        ] {
            let parts = of(&[header(frames, bytes), sound.clone()].concat());
            assert_eq!(parts.len(), 1);
            assert_eq!(
                parts[0].correction(),
                want.map(|n| (44, n)),
                "{frames} and {bytes}"
            );
        }
    }

    #[test]
    fn joined_files_are_told_apart_by_their_headers_and_tags() {
        let file = [header(50, 417 * 51), frame(7).repeat(50)].concat();
        let tag = [&b"ID3\x03\0\0\0\0\x02\0"[..], &[0xff; 256]].concat();
        let last = [&b"TAG"[..], &[0x20; 125]].concat();
        let parts = of(&[&file[..], &file, &tag, &frame(9).repeat(20), &last].concat());
        let frames: Vec<u32> = parts.iter().map(|part| part.frames).collect();
        assert_eq!(frames, [50, 50, 20]);
        assert_eq!(parts[1].start, file.len() as u64);
        assert_eq!(parts[2].start, (2 * file.len() + tag.len()) as u64);
        assert_eq!(
            parts[2].end,
            parts[2].start + 20 * 417,
            "the tag is left out"
        );
    }

    #[test]
    fn damage_within_a_file_does_not_divide_it() {
        let bytes = [frame(7).repeat(20), vec![0x11; 700], frame(7).repeat(20)].concat();
        let parts = of(&bytes);
        assert_eq!((parts.len(), parts[0].frames), (1, 40));
    }
}
