//! What happens in a clip over time: its small pictures and its sound, analysed side by side once and cached.

mod analyse;
mod cached;
mod peaks;
mod placing;
mod rhythm;

pub(crate) use analyse::{ClipAnalysis, analyse_clip};
pub(crate) use peaks::PEAKS_HZ;
pub(crate) use rhythm::{NO_PULSE, PictureRhythm};
