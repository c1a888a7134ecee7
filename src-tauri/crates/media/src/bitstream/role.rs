//! The role of a packet among its neighbours: entry, intra, droppable.

use super::{bits::Bits, nal::Nals};

/// Syntax of the packets of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// H.264; each NAL unit has its length in front (in so many bytes).
    Avc(usize),
    /// H.264 with start codes.
    AvcBytes,
    /// H.265; each NAL unit has its length in front (in so many bytes).
    Hevc(usize),
    /// H.265 with start codes.
    HevcBytes,
    /// MPEG-1 and MPEG-2 video.
    Mpeg2,
    /// MPEG-4 part 2 video.
    Mpeg4,
    /// Each packet decodes alone (ProRes, MJPEG, DNxHD, raw video and others).
    AllIntra,
    /// Any other syntax: only the container's key flag is known.
    Opaque,
}

/// Role of a packet (one picture) among its neighbours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Role {
    /// Decoding can start here. For H.264 only an IDR: after a gap before any other picture libav
    /// invents the pictures that `frame_num` skipped and gives them wrong times.
    pub entry: bool,
    /// The picture refers to no other. If it is not an entry, the decoder still needs the packets
    /// before.
    pub intra: bool,
    /// No other picture refers to it.
    pub droppable: bool,
    /// The packet holds no readable picture.
    pub unreadable: bool,
}

/// The role of a packet; `key` is the key flag of the container or the parser.
pub(crate) fn role(syntax: Syntax, key: bool, data: &[u8]) -> Role {
    match syntax {
        Syntax::Avc(bytes) => avc(Nals::sized(data, bytes), key),
        Syntax::AvcBytes => avc(Nals::marked(data), key),
        Syntax::Hevc(bytes) => hevc(Nals::sized(data, bytes), key),
        Syntax::HevcBytes => hevc(Nals::marked(data), key),
        Syntax::Mpeg2 => coded_picture(data, key, |code, next| {
            (code == 0x00).then(|| next.get(1).is_some_and(|b| (b >> 3) & 7 == 3))
        }),
        Syntax::Mpeg4 => coded_picture(data, key, |code, next| {
            (code == 0xB6).then(|| next.first().is_some_and(|b| b >> 6 == 2))
        }),
        Syntax::AllIntra => Role {
            entry: true,
            intra: true,
            droppable: true,
            ..Role::default()
        },
        Syntax::Opaque => Role {
            entry: key,
            intra: key,
            ..Role::default()
        },
    }
}

fn avc<'a>(nals: impl Iterator<Item = &'a [u8]>, key: bool) -> Role {
    let (mut idr, mut slices, mut intra, mut refers) = (false, 0, true, false);
    for nal in nals {
        let Some((&head, payload)) = nal.split_first() else {
            continue;
        };
        match head & 0x1f {
            kind @ (1 | 5) => {
                slices += 1;
                idr |= kind == 5;
                refers |= head & 0x60 != 0;
                intra &= avc_slice_is_intra(payload);
            }
            // Data partitions: treat them as referred to.
            2..=4 => {
                slices += 1;
                refers = true;
                intra = false;
            }
            _ => {}
        }
    }
    if slices == 0 {
        return Role {
            entry: key,
            intra: key,
            unreadable: true,
            ..Role::default()
        };
    }
    Role {
        entry: idr,
        intra: idr || intra,
        droppable: !refers,
        ..Role::default()
    }
}

fn avc_slice_is_intra(payload: &[u8]) -> bool {
    let mut bits = Bits::new(payload);
    let kind = bits.golomb().and_then(|_first_mb| bits.golomb());
    matches!(kind.map(|k| k % 5), Some(2 | 4))
}

fn hevc<'a>(nals: impl Iterator<Item = &'a [u8]>, key: bool) -> Role {
    let (mut pictures, mut intra, mut drop) = (0, true, true);
    for nal in nals {
        let [head, layer, ..] = *nal else { continue };
        let kind = (head >> 1) & 0x3f;
        if kind > 31 {
            continue;
        }
        pictures += 1;
        intra &= (16..=21).contains(&kind);
        // Sub-layer non-reference pictures (even types below 16) of the base layer. With temporal
        // layers a higher layer may still refer to them.
        drop &= kind < 16 && kind % 2 == 0 && layer & 7 == 1;
    }
    if pictures == 0 {
        return Role {
            entry: key,
            intra: key,
            unreadable: true,
            ..Role::default()
        };
    }
    Role {
        entry: intra,
        intra,
        droppable: drop,
        ..Role::default()
    }
}

fn coded_picture(data: &[u8], key: bool, test: impl Fn(u8, &[u8]) -> Option<bool>) -> Role {
    let mut bidirectional = None;
    let mut rest = data;
    while let Some(code) = rest.windows(3).position(|w| w == [0, 0, 1]) {
        rest = rest.get(code + 3..).unwrap_or_default();
        let Some((&kind, next)) = rest.split_first() else {
            break;
        };
        if let Some(found) = test(kind, next) {
            bidirectional = Some(bidirectional.unwrap_or(true) && found);
            break;
        }
    }
    Role {
        entry: key,
        intra: key,
        droppable: !key && bidirectional == Some(true),
        ..Role::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // first_mb 0 ("1"), slice type 7 = I ("0001000"): 1000 1000
    const I_SLICE: u8 = 0b1000_1000;
    // first_mb 0, slice type 5 = P ("00110"): 1001 10..
    const P_SLICE: u8 = 0b1001_1000;
    // first_mb 0, slice type 6 = B ("00111")
    const B_SLICE: u8 = 0b1001_1100;

    fn sized(nals: &[&[u8]]) -> Vec<u8> {
        nals.iter()
            .flat_map(|n| {
                (n.len() as u32)
                    .to_be_bytes()
                    .into_iter()
                    .chain(n.iter().copied())
            })
            .collect()
    }

    fn marked(nals: &[&[u8]]) -> Vec<u8> {
        nals.iter()
            .flat_map(|n| [0, 0, 0, 1].into_iter().chain(n.iter().copied()))
            .collect()
    }

    #[test]
    fn h264_roles_are_read_from_both_packagings() {
        for (name, nals, want) in [
            (
                "IDR",
                vec![&[0x65, I_SLICE, 0x80][..]],
                Role {
                    entry: true,
                    intra: true,
                    ..Role::default()
                },
            ),
            (
                "I that is no entry",
                vec![&[0x61, I_SLICE, 0x80]],
                Role {
                    intra: true,
                    ..Role::default()
                },
            ),
            ("P", vec![&[0x41, P_SLICE, 0x80]], Role::default()),
            (
                "B kept as reference",
                vec![&[0x41, B_SLICE, 0x80]],
                Role::default(),
            ),
            (
                "B no one refers to",
                vec![&[0x01, B_SLICE, 0x80]],
                Role {
                    droppable: true,
                    ..Role::default()
                },
            ),
            (
                "I slice beside P slice",
                vec![&[0x41, I_SLICE, 0x80], &[0x41, P_SLICE, 0x80]],
                Role::default(),
            ),
        ] {
            assert_eq!(
                role(Syntax::Avc(4), false, &sized(&nals)),
                want,
                "{name}, sized"
            );
            assert_eq!(
                role(Syntax::AvcBytes, false, &marked(&nals)),
                want,
                "{name}, marked"
            );
        }
    }

    #[test]
    fn h265_roles_follow_the_unit_type() {
        let unit = |kind: u8, layer: u8| sized(&[&[kind << 1, layer, 0x80]]);
        let at = |kind, layer| role(Syntax::Hevc(4), false, &unit(kind, layer));
        assert!(at(19, 1).entry && at(19, 1).intra, "IDR");
        assert!(at(21, 1).entry, "CRA");
        assert!(at(0, 1).droppable, "TRAIL_N");
        assert!(!at(1, 1).droppable, "TRAIL_R");
        assert!(
            !at(0, 2).droppable,
            "a temporal layer above the base is left alone"
        );
    }

    #[test]
    fn mpeg_b_pictures_are_droppable() {
        let mpeg2 = |kind: u8| {
            role(
                Syntax::Mpeg2,
                kind == 1,
                &[0, 0, 1, 0, 0x12, kind << 3, 0xff, 0xf8],
            )
        };
        assert!(mpeg2(1).entry && !mpeg2(1).droppable, "I");
        assert!(!mpeg2(2).droppable, "P");
        assert!(mpeg2(3).droppable, "B");
        let mpeg4 = |kind: u8| role(Syntax::Mpeg4, false, &[0, 0, 1, 0xB6, kind << 6]);
        assert!(mpeg4(2).droppable && !mpeg4(1).droppable, "B-VOP alone");
    }

    #[test]
    fn unreadable_packets_are_never_droppable() {
        let mut seed = 7u32;
        for length in 0..200 {
            let noise: Vec<u8> = (0..length)
                .map(|_| {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (seed >> 24) as u8
                })
                .collect();
            for syntax in [
                Syntax::Avc(4),
                Syntax::Avc(1),
                Syntax::AvcBytes,
                Syntax::Hevc(2),
                Syntax::HevcBytes,
                Syntax::Mpeg2,
                Syntax::Mpeg4,
            ] {
                let _seen = role(syntax, false, &noise);
            }
        }
        assert_eq!(
            role(Syntax::Avc(4), true, &[]),
            Role {
                entry: true,
                intra: true,
                unreadable: true,
                ..Role::default()
            },
            "nothing to read: the flag stands"
        );
    }
}
