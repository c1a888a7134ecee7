//! Bits of a NAL unit and the numbers coded in them.

/// Bits of a NAL unit without emulation prevention bytes.
pub(crate) struct Bits<'a> {
    data: &'a [u8],
    byte: usize,
    bit: u32,
    zeros: u32,
}

impl<'a> Bits<'a> {
    pub(crate) fn new(data: &'a [u8]) -> Self {
        Self {
            data,
            byte: 0,
            bit: 0,
            zeros: 0,
        }
    }

    pub(crate) fn one(&mut self) -> Option<u32> {
        if self.bit == 0 && self.zeros >= 2 && self.data.get(self.byte) == Some(&3) {
            self.byte += 1;
            self.zeros = 0;
        }
        let byte = *self.data.get(self.byte)?;
        let value = (byte >> (7 - self.bit)) & 1;
        self.bit += 1;
        if self.bit == 8 {
            self.zeros = if byte == 0 { self.zeros + 1 } else { 0 };
            self.bit = 0;
            self.byte += 1;
        }
        Some(value.into())
    }

    /// An unsigned Exp-Golomb number (H.264 9.1).
    pub(crate) fn golomb(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while self.one()? == 0 {
            zeros += 1;
            if zeros > 31 {
                return None;
            }
        }
        let mut value = 1u64;
        for _ in 0..zeros {
            value = (value << 1) | u64::from(self.one()?);
        }
        u32::try_from(value - 1).ok()
    }
}
