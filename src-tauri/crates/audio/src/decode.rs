//! Decoding: from a file to blocks of samples, with bounds on length, channels, sample rate and
//! work.

mod audible;
mod decoder;
mod layout;
mod mp4;
mod ogg;
mod open;
mod riff;
mod seek;
mod stereo;
mod tags;
mod view;

pub use decoder::{Decoder, MAX_DURATION_S};
pub use layout::{MAX_CHANNELS, SAMPLE_RATES_HZ};
pub use stereo::{STEREO_RATE_HZ, stereo};
