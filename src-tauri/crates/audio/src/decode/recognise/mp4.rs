//! MP4 and QuickTime: a picture track makes a film, otherwise the codec decides.

use std::io::Result;

use super::super::atoms::{Body, child, children};
use super::super::view::View;
use super::kind::Recognised::{self, Film, Music, Other, Unsupported};

/// What a file of atoms is; `None` for any other.
pub(super) fn by_tracks(view: &mut View) -> Result<Option<Recognised>> {
    let Some([_, _, _, _, name @ .., a, b, c, d]): Option<[u8; 12]> = view.peek(0)? else {
        return Ok(None);
    };
    let brand = [a, b, c, d];
    let is_typed = &name == b"ftyp";
    if !is_typed && !matches!(&name, b"moov" | b"mdat" | b"wide" | b"skip" | b"pnot") {
        return Ok(None);
    }
    let whole = Body(0, view.len());
    let Some(moov) = child(view, whole, b"moov")? else {
        return Ok(is_typed.then_some(without_tracks(&brand)));
    };
    let (mut has_pictures, mut codec) = (false, None);
    for (name, track) in children(view, moov)? {
        if &name != b"trak" {
            continue;
        }
        match handler(view, track)? {
            Some(kind) if &kind == b"vide" => has_pictures = true,
            Some(kind) if &kind == b"soun" && codec.is_none() => codec = entry(view, track)?,
            _ => {}
        }
    }
    // Audio books have their chapters' pictures in a track.
    let is_film = has_pictures && !matches!(&brand, b"M4A " | b"M4B " | b"M4P ");
    Ok(Some(match codec {
        _ if is_film => Film("MP4"),
        _ if !is_typed => Unsupported("QuickTime without a file type"),
        Some(codec) => by_codec(&codec),
        None => Other,
    }))
}

/// For files whose tracks cannot be found: they are cut off, or fragments of a stream.
fn without_tracks(brand: &[u8; 4]) -> Recognised {
    match brand {
        b"M4A " | b"M4B " => Music("MP4"),
        b"avif" | b"avis" | b"heic" | b"heix" | b"mif1" | b"msf1" | b"crx " => Other,
        _ => Film("MP4"),
    }
}

fn by_codec(codec: &[u8; 4]) -> Recognised {
    match codec {
        b"ac-3" | b"ec-3" => Unsupported("AC-3 in MP4"),
        b"ac-4" => Unsupported("AC-4 in MP4"),
        b"dtsc" | b"dtsh" | b"dtsl" | b"dtse" => Unsupported("DTS in MP4"),
        b"samr" | b"sawb" => Unsupported("AMR in MP4"),
        b"drms" | b"enca" => Unsupported("protected sound in MP4"),
        b"QDM2" | b"QDMC" => Unsupported("QDesign Music in MP4"),
        b"ima4" => Unsupported("ADPCM in MP4"),
        b"MAC3" | b"MAC6" => Unsupported("MACE in MP4"),
        b"agsm" => Unsupported("GSM in MP4"),
        b"mlpa" => Unsupported("TrueHD in MP4"),
        b"mha1" | b"mhm1" => Unsupported("MPEG-H in MP4"),
        _ => Music("MP4"),
    }
}

/// The kind of a track: `vide`, `soun` and others.
fn handler(view: &mut View, track: Body) -> Result<Option<[u8; 4]>> {
    let mdia = child(view, track, b"mdia")?;
    let Some(mdia) = mdia else { return Ok(None) };
    match child(view, mdia, b"hdlr")? {
        Some(Body(at, _)) => view.peek(at + 8),
        None => Ok(None),
    }
}

/// Name of the first sample entry of a track.
fn entry(view: &mut View, track: Body) -> Result<Option<[u8; 4]>> {
    let mut within = track;
    for name in [b"mdia", b"minf", b"stbl", b"stsd"] {
        let Some(next) = child(view, within, name)? else {
            return Ok(None);
        };
        within = next;
    }
    view.peek(within.0 + 12)
}
