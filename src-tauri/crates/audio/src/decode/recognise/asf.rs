//! Windows Media and RealMedia: a picture stream makes a film.

use super::kind::Recognised::{self, Film, Unsupported};

const ASF: &[u8] = b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c";
/// Stream type of pictures (ASF specification, 10.4).
const PICTURES: &[u8] = b"\xc0\xef\x19\xbc\x4d\x5b\xcf\x11\xa8\xfd\x00\x80\x5f\x5c\x44\x2b";

/// What such a file is; `None` for any other. `head` is its beginning.
pub(super) fn by_streams(head: &[u8]) -> Option<Recognised> {
    let has = |wanted: &[u8]| head.windows(wanted.len()).any(|w| w == wanted);
    if head.starts_with(ASF) {
        let film = has(PICTURES).then_some(Film("Windows Media"));
        return Some(film.unwrap_or(Unsupported("Windows Media Audio (WMA)")));
    }
    if head.starts_with(b".RMF") {
        let film = has(b"video/x-pn-realvideo").then_some(Film("RealMedia"));
        return Some(film.unwrap_or(Unsupported("RealAudio")));
    }
    None
}
