//! Entry points of the fuzz targets: each reads foreign bytes and must return.

use crate::{
    bitstream::{Syntax, role},
    fields,
};

/// Reads a coded packet in every syntax, with and without the container's key flag.
pub fn packet(bytes: &[u8]) {
    let lengths = 1..=4;
    let avc = lengths.clone().map(Syntax::Avc);
    let hevc = lengths.map(Syntax::Hevc);
    let others = [
        Syntax::AvcBytes,
        Syntax::HevcBytes,
        Syntax::Mpeg2,
        Syntax::Mpeg4,
        Syntax::AllIntra,
        Syntax::Opaque,
    ];
    for syntax in avc.chain(hevc).chain(others) {
        for key in [false, true] {
            let role = role(syntax, key, bytes);
            assert!(!role.unreadable || role.entry == key, "{syntax:?}");
        }
    }
}

/// Reads the parameter sets of a packet and of a container's codec data.
pub fn parameter_sets(bytes: &[u8]) {
    let (_in_packet, _in_codec_data) = (fields::in_packet(bytes), fields::in_codec_data(bytes));
}
