//! The lengths that ID3v2 and APE tags state.

/// Length of an ID3v2 tag with its header and footer, by its first ten bytes (id3.org, "ID3v2.4.0", 3.1).
pub(super) fn id3v2(head: &[u8]) -> Option<u64> {
    let [b'I', b'D', b'3', _, _, flags, a, b, c, d, ..] = *head else {
        return None;
    };
    let footer = if flags & 0x10 != 0 { 10 } else { 0 };
    Some(10 + synchsafe([a, b, c, d])? + footer)
}

/// A number of four bytes with seven bits each; `None` where a byte has eight.
pub(super) fn synchsafe(bytes: [u8; 4]) -> Option<u64> {
    let is_valid = bytes.iter().all(|byte| byte & 0x80 == 0);
    is_valid.then(|| {
        bytes
            .iter()
            .fold(0, |sum, &byte| sum << 7 | u64::from(byte))
    })
}

/// The header or footer of an APE tag (wiki.hydrogenaudio.org, "APEv2 specification").
pub(super) struct ApeEnd {
    /// Length of the items and the footer, bytes.
    pub bytes: u64,
    /// Whether these are the header and not the footer.
    pub is_header: bool,
    /// Whether the tag has a header.
    pub has_header: bool,
}

/// Reads the first 24 bytes of a header or footer.
pub(super) fn ape(head: &[u8]) -> Option<ApeEnd> {
    let size = head.strip_prefix(b"APETAGEX")?.get(4..8)?;
    let flags = *head.get(23)?;
    Some(ApeEnd {
        bytes: u64::from(u32::from_le_bytes(size.try_into().ok()?)),
        is_header: flags & 0x20 != 0,
        has_header: flags & 0x80 != 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_and_impossible_ones_refused() {
        assert_eq!(id3v2(b"ID3\x04\0\0\0\0\x02\x01"), Some(10 + 257));
        assert_eq!(id3v2(b"ID3\x04\0\x10\0\0\x02\x01"), Some(20 + 257));
        assert_eq!(id3v2(b"ID3\x04\0\0\0\0\x82\x01"), None);
        assert_eq!(id3v2(b"ID3\x04\0\0"), None);
        let header = ape(b"APETAGEX\xd0\x07\0\0\x0c\0\0\0\x01\0\0\0\0\0\0\xa0").unwrap();
        assert_eq!(header.bytes, 12);
        assert!(header.is_header && header.has_header);
        let footer = ape(b"APETAGEX\xd0\x07\0\0\x0c\0\0\0\x01\0\0\0\0\0\0\0").unwrap();
        assert!(!footer.is_header && !footer.has_header);
        assert!(ape(b"APETAGEX\xd0\x07\0\0\x0c\0").is_none());
    }
}
