//! One voice: a recording that plays at a place under the clip and fades in or out.
//!
//! Every change that would click becomes a crossfade between two voices ([`Lane`](crate::lane::Lane)). A
//! voice also fades out where its sound is not decoded yet, and in again once it is.

use std::f32::consts::FRAC_PI_2;
use std::sync::Arc;

use crate::duck::Ducking;
use crate::frames::seconds;
use crate::gain::amplitude;
use crate::interpolate::Interpolator;
use crate::track_buffer::TrackBuffer;

/// Length of a fade, seconds.
pub const FADE_S: f64 = 0.005;

/// A recording, its place under the clip and its level.
#[derive(Clone)]
pub struct Placement {
    pub buffer: Arc<TrackBuffer>,
    /// Frame of the recording at frame 0 of the clip.
    pub offset: i64,
    /// Amplitude factor; 1 leaves the samples as they are.
    pub gain: f32,
    /// Where its level goes down for speech; `None` for the clip's own sound.
    pub ducking: Option<Arc<Ducking>>,
}

impl Placement {
    /// Whether both sound the same at every place of the clip.
    pub fn is_same(&self, other: &Placement) -> bool {
        let same_ducking = match (&self.ducking, &other.ducking) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        Arc::ptr_eq(&self.buffer, &other.buffer)
            && (self.offset, self.gain) == (other.offset, other.gain)
            && same_ducking
    }
}

/// How frames of the recording become frames of output.
pub struct Motion<'a> {
    /// Frames of the recording a frame of output; negative backwards, never 0.
    pub step: f64,
    /// Change of a fading level a frame of output.
    pub fade: f32,
    pub interpolator: &'a Interpolator,
}

/// A placement that plays.
pub struct Voice {
    pub placement: Placement,
    /// Next frame of the recording.
    position: f64,
    /// Level of the fade, 0 to 1.
    level: f32,
    released: bool,
}

impl Voice {
    /// Fades in from that clip frame.
    pub fn new(placement: Placement, clip_frame: f64) -> Voice {
        Voice {
            position: clip_frame + placement.offset as f64,
            placement,
            level: 0.0,
            released: false,
        }
    }

    /// Starts to fade out.
    pub fn release(&mut self) {
        self.released = true;
    }

    /// Whether it has faded out for good.
    pub fn is_over(&self) -> bool {
        self.released && self.level == 0.0
    }

    /// Level of the fade, 0 to 1.
    pub fn level(&self) -> f32 {
        self.level
    }

    /// Adds its next frames to `out`, at most one block.
    pub fn add_to(&mut self, out: &mut [[f32; 2]], motion: &Motion, scratch: &mut Scratch) {
        let n = out.len();
        let is_decoded = self.is_decoded(n, motion);
        let goal = if !self.released && is_decoded {
            1.0
        } else {
            0.0
        };
        if self.level == 0.0 && goal == 0.0 {
            self.position += motion.step * n as f64;
            return;
        }
        let sound = &mut scratch.sound[..n];
        let is_whole = motion.step.abs() == 1.0 && self.position.fract() == 0.0;
        let whole = self.position as i64;
        if is_whole && motion.step > 0.0 {
            self.placement.buffer.read(whole, sound);
        } else if is_whole {
            self.placement.buffer.read(whole + 1 - n as i64, sound);
            sound.reverse();
        } else {
            let (first, needed) = Interpolator::needs(self.position, motion.step, n);
            let window = &mut scratch.window[..needed];
            self.placement.buffer.read(first, window);
            let place = (self.position, motion.step);
            motion.interpolator.stretch(window, first, place, sound);
        }
        let (mut gain, to) = (self.gain_at(0, motion), self.gain_at(n, motion));
        let rise = (to - gain) / n as f32;
        for (out, frame) in out.iter_mut().zip(sound) {
            let factor = gain * fade_gain(self.level);
            out[0] += frame[0] * factor;
            out[1] += frame[1] * factor;
            gain += rise;
            self.level = toward(self.level, goal, motion.fade);
        }
        self.position += motion.step * n as f64;
    }

    /// Whether the next `n` frames of output and a fade-out after them are in memory.
    pub fn is_decoded(&self, n: usize, motion: &Motion) -> bool {
        let more = (1.0 / motion.fade).ceil() as usize;
        let (first, needed) = Interpolator::needs(self.position, motion.step, n + more);
        self.placement.buffer.holds(first..first + needed as i64)
    }

    /// Gain that many frames of output from now.
    fn gain_at(&self, frames: usize, motion: &Motion) -> f32 {
        let ducking = self.placement.ducking.as_ref().filter(|d| !d.is_idle());
        let Some(ducking) = ducking else {
            return self.placement.gain;
        };
        let place = self.position + motion.step * frames as f64 - self.placement.offset as f64;
        self.placement.gain * amplitude(ducking.gain_db(seconds(place)))
    }
}

/// The level one step nearer to the goal. The last step is rounded, as steps do not sum to exactly 1.
fn toward(level: f32, goal: f32, step: f32) -> f32 {
    let left = goal - level;
    if left.abs() < 1.5 * step {
        goal
    } else {
        level + step.copysign(left)
    }
}

/// Equal-power fade curve: the power of a crossfade is constant.
fn fade_gain(level: f32) -> f32 {
    if level >= 1.0 {
        1.0
    } else {
        (level * FRAC_PI_2).sin()
    }
}

/// Frames of output rendered at once.
pub const BLOCK: usize = 64;
/// Most frames of a recording that a block reads: at rate 8 on an output of 8 kHz, plus the filter.
const WINDOW: usize = BLOCK * 8 * 6 + 32;

/// Work memory of the voices.
pub struct Scratch {
    sound: [[f32; 2]; BLOCK],
    window: Box<[[f32; 2]]>,
}

impl Scratch {
    /// Allocates all of it: rendering allocates nothing.
    pub fn new() -> Scratch {
        Scratch {
            sound: [[0.0; 2]; BLOCK],
            window: vec![[0.0; 2]; WINDOW].into_boxed_slice(),
        }
    }
}
