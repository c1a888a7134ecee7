//! Reads as much of the coded bits as the choice of packets needs.
//!
//! Sources: ITU-T H.264 7.3.1, 7.3.3 and 7.4.1; ITU-T H.265 7.3.1.2 and table 7-1; ISO/IEC 13818-2
//! 6.2.3; ISO/IEC 14496-2 6.2.5. A packet that cannot be read counts as neither intra nor
//! droppable: that costs time but never a frame.

mod bits;
mod nal;
mod role;

pub(crate) use bits::Bits;
pub(crate) use nal::Nals;
pub(crate) use role::{Role, Syntax, role};
