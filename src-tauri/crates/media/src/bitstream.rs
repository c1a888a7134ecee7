//! Just enough of the coded bits to know which packets cost little.
//!
//! Sources: ITU-T H.264 7.3.1, 7.3.3 and 7.4.1; ITU-T H.265 7.3.1.2 and
//! table 7-1; ISO/IEC 13818-2 6.2.3; ISO/IEC 14496-2 6.2.5. Whatever cannot be
//! read here is called neither intra nor droppable, which costs time, never frames.

mod bits;
mod nal;
mod role;

pub(crate) use bits::Bits;
pub(crate) use nal::Nals;
pub(crate) use role::{Role, Syntax, role};
