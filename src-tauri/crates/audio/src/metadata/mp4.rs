//! The tags of MP4: the items of `moov/udta/meta/ilst` (QuickTime File Format, "Metadata").

use std::io::Result;

use super::entries::{Declared, Entries, Field, MOST_TEXT_BYTES, by_name};
use crate::decode::atoms::{Body, child, children};
use crate::decode::view::View;

/// Longest name of a user's item, bytes.
const MOST_NAME_BYTES: u64 = 256;

/// Reads the texts of an MP4 file.
pub(super) fn read(view: &mut View, tag: u8, entries: &mut Entries) -> Result<()> {
    let whole = Body(0, view.len());
    let Some(moov) = child(view, whole, b"moov")? else {
        return Ok(());
    };
    // Some writers leave an empty list, and the tags in a second one.
    let within = children(view, moov)?;
    let parents = within
        .iter()
        .filter(|(name, _)| name == b"udta")
        .map(|(_, body)| *body);
    for parent in parents.chain([moov]) {
        for (_, meta) in children(view, parent)?
            .into_iter()
            .filter(|(name, _)| name == b"meta")
        {
            // MP4 has four bytes of version and flags before the atoms, QuickTime has none.
            for from in [meta.0 + 4, meta.0] {
                if let Some(list) = child(view, Body(from.min(meta.1), meta.1), b"ilst")? {
                    items(view, list, tag, entries)?;
                    break;
                }
            }
        }
    }
    Ok(())
}

fn items(view: &mut View, list: Body, tag: u8, entries: &mut Entries) -> Result<()> {
    for (name, item) in children(view, list)? {
        let field = match &name {
            b"\xa9nam" => Some(Field::Title),
            b"\xa9ART" => Some(Field::Artist),
            b"aART" => Some(Field::AlbumArtist),
            b"\xa9wrt" => Some(Field::Composer),
            b"\xa9alb" => Some(Field::Album),
            b"\xa9gen" | b"gnre" => Some(Field::Genre),
            b"cprt" => Some(Field::Copyright),
            b"\xa9cmt" => Some(Field::Comment),
            b"desc" => Some(Field::Description),
            b"tmpo" => Some(Field::Bpm),
            b"----" => match child(view, item, b"name")? {
                Some(Body(from, to)) => {
                    let name =
                        view.part(from + 4, (to - from).min(MOST_NAME_BYTES).saturating_sub(4))?;
                    by_name(&String::from_utf8_lossy(&name))
                }
                None => None,
            },
            _ => None,
        };
        let Some(field) = field else { continue };
        for (_, Body(from, to)) in children(view, item)?
            .into_iter()
            .filter(|(n, _)| n == b"data")
        {
            let value = view.part(
                from + 8,
                (to - from).saturating_sub(8).min(MOST_TEXT_BYTES as u64),
            )?;
            let kind = view.peek::<4>(from)?.map_or(0, u32::from_be_bytes);
            data(&name, (field, kind), &value, tag, entries);
        }
    }
    Ok(())
}

fn data(name: &[u8; 4], (field, kind): (Field, u32), value: &[u8], tag: u8, entries: &mut Entries) {
    let number = || {
        value
            .iter()
            .take(8)
            .fold(0u64, |sum, &b| sum << 8 | u64::from(b))
    };
    match (name, kind) {
        (b"gnre", _) => {
            let genre = format!("({})", number().saturating_sub(1));
            entries.add(tag, field, Declared::Utf8, genre.as_bytes());
        }
        (b"tmpo", _) | (_, 21 | 22) => {
            entries.add(tag, field, Declared::Utf8, number().to_string().as_bytes());
        }
        (_, 2) => entries.add(tag, field, Declared::Utf16Be, value),
        (_, 0 | 1) => entries.add(tag, field, Declared::Utf8, value),
        _ => {}
    }
}
