//! NAL units of an access unit, from either packaging of H.264 and H.265.

/// NAL units of one access unit.
pub(crate) enum Nals<'a> {
    Sized { rest: &'a [u8], bytes: usize },
    Marked { rest: &'a [u8] },
}

impl<'a> Nals<'a> {
    pub(crate) fn sized(rest: &'a [u8], bytes: usize) -> Self {
        Self::Sized { rest, bytes }
    }

    pub(crate) fn marked(data: &'a [u8]) -> Self {
        Self::Marked {
            rest: after_start_code(data),
        }
    }
}

fn after_start_code(data: &[u8]) -> &[u8] {
    match data.windows(3).position(|w| w == [0, 0, 1]) {
        Some(at) => data.get(at + 3..).unwrap_or_default(),
        None => &[],
    }
}

impl<'a> Iterator for Nals<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        match self {
            Self::Sized { rest, bytes } => {
                let (head, tail) = rest.split_at_checked(*bytes)?;
                let size = head.iter().fold(0usize, |n, b| (n << 8) | *b as usize);
                let (nal, tail) = tail.split_at_checked(size.min(tail.len()))?;
                *rest = tail;
                (!nal.is_empty()).then_some(nal)
            }
            Self::Marked { rest } => {
                if rest.is_empty() {
                    return None;
                }
                let nal = *rest;
                // The end of the last slice is not needed; in a picture of several slices it is.
                let end = nal
                    .windows(3)
                    .position(|w| w == [0, 0, 1])
                    .unwrap_or(nal.len());
                let (nal, after) = nal.split_at_checked(end)?;
                *rest = after_start_code(after);
                Some(nal)
            }
        }
    }
}
