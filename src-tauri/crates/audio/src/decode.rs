//! Decoding: from a file to blocks of samples, with bounds on length, channels, sample rate and
//! work.

mod atoms;
mod audible;
mod decoder;
mod layout;
mod mp4;
mod mpeg;
mod ogg;
mod open;
mod recognise;
mod riff;
mod seek;
mod stereo;
mod tags;
mod view;

pub use decoder::{Decoder, MAX_DURATION_S};
pub use layout::{MAX_CHANNELS, SAMPLE_RATES_HZ};
pub use recognise::{Recognised, recognise, recognise_bytes};
pub use stereo::{STEREO_RATE_HZ, stereo};
