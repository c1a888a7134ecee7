//! Start timecode of the material package and name of the tape in an MXF file's header metadata
//! (SMPTE ST 377-1: 6.2 KLV, 7.1 partition pack, 9.5 local sets, annex A and B properties).

use std::collections::HashMap;
use std::io::{Read, Seek};

use super::bounded::Bounded;
use super::label::{Stored, StoredLabel};

/// Bytes before the first partition that a file may have (6.5).
const RUN_IN: usize = 64 << 10;
/// Header metadata that is read. Those of cameras take 16 KiB to 1 MiB.
const METADATA: usize = 4 << 20;
/// Local sets that are kept.
const MOST_SETS: usize = 20_000;

/// A header partition pack's key without its last three bytes, which say how complete it is.
const HEADER_PARTITION: [u8; 14] = [
    0x06, 0x0e, 0x2b, 0x34, 0x02, 0x05, 0x01, 0x01, 0x0d, 0x01, 0x02, 0x01, 0x01, 0x02,
];
/// The key of a local set of header metadata: then the kind of the set and a zero.
const LOCAL_SET: [u8; 14] = [
    0x06, 0x0e, 0x2b, 0x34, 0x02, 0x53, 0x01, 0x01, 0x0d, 0x01, 0x01, 0x01, 0x01, 0x01,
];

/// The byte of a key that names the kind of a set.
mod kind {
    pub(super) const SEQUENCE: u8 = 0x0f;
    pub(super) const TIMECODE: u8 = 0x14;
    pub(super) const TAPE_DESCRIPTOR: u8 = 0x2e;
    pub(super) const MATERIAL_PACKAGE: u8 = 0x36;
    pub(super) const SOURCE_PACKAGE: u8 = 0x37;
}

/// Local tags of properties, which the standard fixes for these sets.
mod tag {
    pub(super) const INSTANCE: u16 = 0x3c0a;
    pub(super) const COMPONENTS: u16 = 0x1001;
    pub(super) const START: u16 = 0x1501;
    pub(super) const BASE: u16 = 0x1502;
    pub(super) const DROP_FRAME: u16 = 0x1503;
    pub(super) const PACKAGE_NAME: u16 = 0x4402;
    pub(super) const TRACKS: u16 = 0x4403;
    pub(super) const DESCRIPTOR: u16 = 0x4701;
    pub(super) const TRACK_SEQUENCE: u16 = 0x4803;
}

/// Name of a set, to which others refer.
type Instance = [u8; 16];

struct Set<'a> {
    kind: u8,
    properties: &'a [u8],
}

impl<'a> Set<'a> {
    fn get(&self, wanted: u16) -> Option<&'a [u8]> {
        properties(self.properties).find_map(|(tag, value)| (tag == wanted).then_some(value))
    }

    fn reference(&self, tag: u16) -> Option<Instance> {
        self.get(tag)?.try_into().ok()
    }

    /// References behind a count and the size of each.
    fn references(&self, tag: u16) -> impl Iterator<Item = Instance> + 'a {
        let list = self.get(tag).and_then(|list| list.get(8..));
        let (each, _) = list.unwrap_or_default().as_chunks();
        each.iter().copied()
    }
}

/// What an MXF file holds; none where it is another kind of file.
pub(super) fn stored(file: &mut Bounded<'_, impl Read + Seek>) -> Option<Stored> {
    let opening = file.bytes(0, RUN_IN + HEADER_PARTITION.len())?;
    let width = HEADER_PARTITION.len();
    let at = opening.windows(width).position(|w| w == HEADER_PARTITION)? as u64;
    let head = file.bytes(at, 16 + 9 + 40)?;
    let (pack, size) = value(&head, 16)?;
    let bytes = head.get(pack..)?.get(32..40)?.try_into().ok()?;
    let metadata = usize::try_from(u64::from_be_bytes(bytes)).unwrap_or(usize::MAX);
    let from = at.checked_add(pack as u64)?.checked_add(size)?;
    let metadata = file.bytes(from, metadata.min(METADATA))?;
    Some(read(&metadata))
}

fn read(metadata: &[u8]) -> Stored {
    let mut sets: HashMap<Instance, Set<'_>> = HashMap::new();
    // A file that was written while it was recorded may hold a package more than once: the order
    // of the file decides.
    let mut packages = Vec::new();
    for (key, properties) in packets(metadata).take(MOST_SETS) {
        let [head @ .., kind, _] = key;
        let set = Set { kind, properties };
        let Some(instance) = set.reference(tag::INSTANCE).filter(|_| head == LOCAL_SET) else {
            continue;
        };
        if matches!(kind, kind::MATERIAL_PACKAGE | kind::SOURCE_PACKAGE) {
            packages.push(instance);
        }
        sets.entry(instance).or_insert(set);
    }
    let packages = packages.iter().filter_map(|instance| sets.get(instance));
    let material = packages
        .clone()
        .find(|set| set.kind == kind::MATERIAL_PACKAGE);
    Stored {
        start: material.and_then(|package| start(package, &sets)),
        reel: packages
            .clone()
            .find_map(|package| tape_name(package, &sets)),
    }
}

/// The first timecode component among a package's tracks.
fn start(package: &Set<'_>, sets: &HashMap<Instance, Set<'_>>) -> Option<StoredLabel> {
    let component = package
        .references(tag::TRACKS)
        .filter_map(|track| sets.get(&sets.get(&track)?.reference(tag::TRACK_SEQUENCE)?))
        .find_map(|sequence| match sequence.kind {
            kind::TIMECODE => Some(sequence),
            kind::SEQUENCE => sequence
                .references(tag::COMPONENTS)
                .filter_map(|component| sets.get(&component))
                .find(|component| component.kind == kind::TIMECODE),
            _ => None,
        })?;
    let frames = i64::from_be_bytes(component.get(tag::START)?.try_into().ok()?);
    let base = u16::from_be_bytes(component.get(tag::BASE)?.try_into().ok()?);
    let drop_frame = component.get(tag::DROP_FRAME).is_some_and(|v| v == [1]);
    StoredLabel::counted(frames, base.into(), drop_frame)
}

/// The name of a package that describes a tape.
fn tape_name(package: &Set<'_>, sets: &HashMap<Instance, Set<'_>>) -> Option<String> {
    let descriptor = sets.get(&package.reference(tag::DESCRIPTOR)?)?;
    if descriptor.kind != kind::TAPE_DESCRIPTOR {
        return None;
    }
    let (name, _) = package.get(tag::PACKAGE_NAME)?.as_chunks();
    let name: Vec<u16> = name.iter().map(|&unit| u16::from_be_bytes(unit)).collect();
    Some(String::from_utf16_lossy(&name))
}

/// Where the value of the packet with a key of `key` bytes begins, and its size (BER).
fn value(bytes: &[u8], key: usize) -> Option<(usize, u64)> {
    let first = *bytes.get(key)?;
    if first < 0x80 {
        return Some((key + 1, first.into()));
    }
    let count = usize::from(first & 0x7f);
    let length = bytes.get(key + 1..)?.get(..count)?;
    let fits = (1..=8).contains(&count);
    let size = length.iter().fold(0, |size, &b| (size << 8) | u64::from(b));
    fits.then_some((key + 1 + count, size))
}

/// The packets of header metadata: keys of 16 bytes with their values. Ends at the first that does
/// not fit.
fn packets(mut rest: &[u8]) -> impl Iterator<Item = ([u8; 16], &[u8])> {
    std::iter::from_fn(move || {
        let key = *rest.first_chunk()?;
        let (start, size) = value(rest, 16)?;
        let (found, next) = rest
            .get(start..)?
            .split_at_checked(usize::try_from(size).ok()?)?;
        rest = next;
        Some((key, found))
    })
}

/// The properties of a local set: tags and sizes of two bytes.
fn properties(mut rest: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        let ([a, b, c, d], body) = rest.split_first_chunk()?;
        let size = u16::from_be_bytes([*c, *d]);
        let (found, next) = body.split_at_checked(size.into())?;
        rest = next;
        Some((u16::from_be_bytes([*a, *b]), found))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use needledrop_timebase::FrameRate;

    fn set(kind: u8, number: u8, properties: &[(u16, &[u8])]) -> Vec<u8> {
        let own = (tag::INSTANCE, &[number; 16][..]);
        let body: Vec<u8> = [&[own], properties]
            .concat()
            .iter()
            .flat_map(|(tag, value)| {
                let size = value.len() as u16;
                [&tag.to_be_bytes()[..], &size.to_be_bytes(), value].concat()
            })
            .collect();
        let size = (body.len() as u16).to_be_bytes();
        [&LOCAL_SET[..], &[kind, 0, 0x82], &size, &body].concat()
    }

    fn list(numbers: &[u8]) -> Vec<u8> {
        let head = [0, 0, 0, numbers.len() as u8, 0, 0, 0, 16];
        let each = numbers.iter().flat_map(|&number| [number; 16]);
        head.into_iter().chain(each).collect()
    }

    fn timecode(number: u8, start: i64) -> Vec<u8> {
        let start = start.to_be_bytes();
        let properties = [
            (tag::START, &start[..]),
            (tag::BASE, &[0, 30]),
            (tag::DROP_FRAME, &[1]),
        ];
        set(kind::TIMECODE, number, &properties)
    }

    #[test]
    fn the_material_package_gives_the_start_and_the_tape_package_the_reel() {
        let name: Vec<u8> = "B007\0".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let track = |number, sequence| {
            let sequence = [sequence; 16];
            set(0x3b, number, &[(tag::TRACK_SEQUENCE, &sequence)])
        };
        let metadata = [
            set(0x2f, 1, &[]),
            set(kind::SOURCE_PACKAGE, 2, &[(tag::TRACKS, &list(&[3]))]),
            track(3, 4),
            timecode(4, 0),
            set(kind::MATERIAL_PACKAGE, 5, &[(tag::TRACKS, &list(&[99, 6]))]),
            track(6, 7),
            set(kind::SEQUENCE, 7, &[(tag::COMPONENTS, &list(&[8]))]),
            timecode(8, 1800),
            set(
                kind::SOURCE_PACKAGE,
                9,
                &[(tag::DESCRIPTOR, &[10; 16]), (tag::PACKAGE_NAME, &name)],
            ),
            set(kind::TAPE_DESCRIPTOR, 10, &[]),
        ]
        .concat();
        let stored = read(&metadata);
        let start = stored
            .start
            .and_then(|start| start.at(FrameRate::FPS_29_97));
        assert_eq!(
            start.map(|start| start.to_string()).as_deref(),
            Some("00:01:00;02")
        );
        assert_eq!(stored.reel.as_deref(), Some("B007\0"));
        for end in 0..metadata.len() {
            read(&metadata[..end]);
        }
    }
}
