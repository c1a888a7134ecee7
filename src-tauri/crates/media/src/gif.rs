//! The number of pictures in a GIF (GIF89a, 15 to 25), which its demuxer does not end with.

use std::{
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
};

/// Pictures that are counted.
const MOST: usize = 200_000;

/// The number of whole pictures in the file at `path`; 0 if it is no GIF.
pub(crate) fn pictures(path: &Path) -> usize {
    File::open(path).map_or(0, |file| count(&mut BufReader::new(file)))
}

/// [`pictures`] of bytes.
pub(crate) fn count(bytes: &mut impl Read) -> usize {
    let mut found = 0;
    // A file that ends early has the pictures before its end.
    if let Err(error) = blocks(bytes, &mut found) {
        tracing::debug!(%error, found, "the GIF ends early");
    }
    found
}

fn blocks(bytes: &mut impl Read, found: &mut usize) -> io::Result<()> {
    let [g, i, f, .., flags, _, _] = array::<13>(bytes)?;
    if [g, i, f] != *b"GIF" {
        return Ok(());
    }
    skip(bytes, colours(flags))?;
    while *found < MOST {
        match array(bytes)? {
            [0x21] => {
                let [_label] = array(bytes)?;
                sub_blocks(bytes)?;
            }
            [0x2C] => {
                let [.., flags] = array::<9>(bytes)?;
                skip(bytes, colours(flags))?;
                let [_code_size] = array(bytes)?;
                sub_blocks(bytes)?;
                *found += 1;
            }
            _ => break,
        }
    }
    Ok(())
}

/// Bytes of the colour table that `flags` announce.
fn colours(flags: u8) -> u64 {
    match flags & 0x80 {
        0 => 0,
        _ => 3 << (flags & 7) << 1,
    }
}

fn sub_blocks(bytes: &mut impl Read) -> io::Result<()> {
    loop {
        match array(bytes)? {
            [0] => return Ok(()),
            [size] => skip(bytes, u64::from(size))?,
        }
    }
}

fn array<const N: usize>(bytes: &mut impl Read) -> io::Result<[u8; N]> {
    let mut all = [0; N];
    bytes.read_exact(&mut all)?;
    Ok(all)
}

fn skip(bytes: &mut impl Read, count: u64) -> io::Result<()> {
    match io::copy(&mut bytes.take(count), &mut io::sink())? {
        skipped if skipped == count => Ok(()),
        _ => Err(io::ErrorKind::UnexpectedEof.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_pictures_are_counted() {
        let mut bytes = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff".to_vec();
        bytes.extend(b"\x21\xf9\x04\0\x0a\0\0\0");
        let picture = b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0";
        bytes.extend(picture);
        bytes.extend(picture);
        assert_eq!(count(&mut bytes.as_slice()), 2, "no trailer");
        bytes.push(0x3B);
        bytes.extend(picture);
        assert_eq!(count(&mut bytes.as_slice()), 2, "behind the trailer");
        assert_eq!(count(&mut &bytes[..40]), 0, "cut off");
        assert_eq!(count(&mut b"RIFF and something else".as_slice()), 0);
    }
}
