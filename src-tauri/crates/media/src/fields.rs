//! Detects H.264 that may be coded in fields; its caps do not say so. Pure.
//!
//! Source: ITU-T H.264 7.3.2.1.1 (sequence parameter set) and ISO/IEC 14496-15 5.3.3.1.

use crate::bitstream::{Bits, Nals};

/// Finds a sequence parameter set in a packet of a byte stream and reads its flag.
pub(crate) fn in_packet(packet: &[u8]) -> Option<bool> {
    Nals::marked(packet).find_map(in_unit)
}

/// Finds a sequence parameter set in the `codec_data` of MP4 and similar containers.
pub(crate) fn in_codec_data(data: &[u8]) -> Option<bool> {
    let sets = usize::from(data.get(5)? & 31);
    let (length, rest) = data.get(6..)?.split_first_chunk::<2>()?;
    let unit = rest.get(..usize::from(u16::from_be_bytes(*length)))?;
    (sets > 0).then(|| in_unit(unit))?
}

/// Profiles whose parameter set holds chroma and scaling fields.
const HIGH: [u32; 13] = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];

/// The inverse of `frame_mbs_only_flag`.
fn in_unit(unit: &[u8]) -> Option<bool> {
    let (head, body) = unit.split_first()?;
    if head & 31 != 7 {
        return None;
    }
    let mut bits = Bits::new(body);
    let profile = fixed(&mut bits, 8)?;
    fixed(&mut bits, 16)?;
    bits.golomb()?;
    if HIGH.contains(&profile) {
        let chroma = bits.golomb()?;
        if chroma == 3 {
            bits.one()?;
        }
        bits.golomb()?;
        bits.golomb()?;
        bits.one()?;
        if bits.one()? == 1 {
            for list in 0..if chroma == 3 { 12 } else { 8 } {
                if bits.one()? == 1 {
                    skip_scaling(&mut bits, if list < 6 { 16 } else { 64 })?;
                }
            }
        }
    }
    bits.golomb()?;
    match bits.golomb()? {
        0 => {
            bits.golomb()?;
        }
        1 => {
            bits.one()?;
            signed(&mut bits)?;
            signed(&mut bits)?;
            let cycle = bits.golomb()?;
            for _ in 0..cycle.min(255) {
                signed(&mut bits)?;
            }
        }
        _ => {}
    }
    bits.golomb()?;
    bits.one()?;
    bits.golomb()?;
    bits.golomb()?;
    Some(bits.one()? == 0)
}

fn fixed(bits: &mut Bits<'_>, count: u32) -> Option<u32> {
    (0..count).try_fold(0, |value, _| Some((value << 1) | bits.one()?))
}

/// A signed Exp-Golomb number (H.264 9.1.1).
fn signed(bits: &mut Bits<'_>) -> Option<i64> {
    let code = i64::from(bits.golomb()?);
    Some(if code % 2 == 1 {
        code / 2 + 1
    } else {
        -code / 2
    })
}

/// Skips a scaling list (H.264 7.3.2.1.1.1).
fn skip_scaling(bits: &mut Bits<'_>, count: usize) -> Option<()> {
    let (mut last, mut next) = (8, 8);
    for _ in 0..count {
        if next != 0 {
            next = (last + signed(bits)? + 256) % 256;
        }
        if next != 0 {
            last = next;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A parameter set from text: bits with blanks between them, after the header.
    fn set(profile: u8, bits: &str) -> Vec<u8> {
        let bits: Vec<u8> = bits
            .bytes()
            .filter(|b| *b != b' ')
            .map(|b| b - b'0')
            .collect();
        let bytes = bits.chunks(8).map(|c| {
            let value = c.iter().fold(0, |v, b| (v << 1) | b);
            value << (8 - c.len())
        });
        [0x67, profile, 0, 30].into_iter().chain(bytes).collect()
    }

    #[test]
    fn fields_and_frames_are_distinguished_in_every_kind_of_parameter_set() {
        // id, frame numbers, order of kind 0 with its number, references, gaps, width, height, flag
        let main = "1 1 1 1 010 0 00101 00101";
        // order of kind 1: flag, two offsets, a cycle of one
        let other = "1 1 010 0 1 1 010 1 010 0 00101 00101";
        // chroma 1, depths, bypass, one scaling list of 16 that repeats at once
        let high = format!("1 010 1 1 0 1 1 0 0 0 1 000 {}", &main[2..]);
        let list = "000010001";
        let high = high.replace("1 1 0 0 0 1 000", &format!("1 1 {list} 0000000"));
        for (profile, fields) in [(77, main), (77, other), (100, high.as_str())] {
            for (flag, wanted) in [("0", true), ("1", false)] {
                let set = set(profile, &format!("{fields} {flag} 1 1"));
                assert_eq!(in_unit(&set), Some(wanted), "profile {profile}: {fields}");
                let packet = [&[0, 0, 0, 1, 9, 16, 0, 0, 1], set.as_slice()].concat();
                assert_eq!(in_packet(&packet), Some(wanted));
                let length = (set.len() as u16).to_be_bytes();
                let data = [&[1, profile, 0, 30, 255, 0xe1], &length[..], &set].concat();
                assert_eq!(in_codec_data(&data), Some(wanted));
            }
        }
    }

    #[test]
    fn unreadable_parameter_sets_give_no_answer() {
        assert_eq!(in_packet(&[]), None);
        assert_eq!(in_codec_data(&[1, 2, 3, 4, 5, 0xe1, 0, 200, 0x67]), None);
        for length in 0..200 {
            let noise: Vec<u8> = (0..length).map(|i| (i * 73 % 251) as u8).collect();
            in_unit(&[&[0x67], noise.as_slice()].concat());
        }
    }
}
