//! Decoding: from a file to blocks of samples, with bounds on length, channels, sample rate and
//! work.

mod adapt;
pub(crate) mod atoms;
mod audible;
mod converter;
mod decoder;
mod frames_of_file;
mod layout;
mod mix;
mod mp4;
mod mpeg;
mod ogg;
mod open;
mod origin;
pub(crate) mod padding;
mod recognise;
mod riff;
mod seek;
mod stereo;
mod tag_sizes;
mod tags;
pub(crate) mod trailing;
pub(crate) mod view;

pub use decoder::{Decoder, MAX_DURATION_S};
pub use layout::{MAX_CHANNELS, SAMPLE_RATES_HZ};
pub use recognise::{Recognised, recognise, recognise_bytes};
pub use stereo::{STEREO_RATE_HZ, stereo};
