//! A picture of a clip as packed RGB24, and the size it is delivered in.

/// The size frames are delivered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FrameSize {
    /// As shown: pixel aspect and rotation applied, otherwise untouched.
    Native,
    /// The shorter side this many pixels, display aspect kept, never enlarged.
    ShortSide(u32),
    /// This width and height, whatever the aspect.
    Stretch(u32, u32),
}

/// One frame of the strip.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Stream time in seconds at which the frame appears in the clip.
    pub time_s: f64,
    /// The sampling times in seconds that it stands for, ascending and never empty; their
    /// number is its weight in a mean.
    pub times_s: Vec<f64>,
    /// Pixels a row.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Packed RGB24, upright, `width * height * 3` bytes.
    pub rgb: Vec<u8>,
}
