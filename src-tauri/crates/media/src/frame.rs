//! A frame of a clip as packed RGB24, and its size.

/// Size of the delivered frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FrameSize {
    /// As displayed: pixel aspect and rotation applied, no scaling.
    Native,
    /// The shorter side in pixels; keeps the display aspect and never enlarges.
    ShortSide(u32),
    /// Exactly this width and height; ignores the aspect.
    Stretch(u32, u32),
}

/// One frame of a clip.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Stream time at which the frame appears, seconds.
    pub time_s: f64,
    /// Sampling times in seconds that the frame stands for, ascending and never empty. Their number
    /// is the weight of the frame in a mean.
    pub times_s: Vec<f64>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Packed RGB24, upright, `width * height * 3` bytes.
    pub rgb: Vec<u8>,
}
