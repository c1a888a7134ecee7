//! One stretch of a recording that is being heard, fading in, out, or neither.
//!
//! Whatever would make a click ends in two voices that cross: a hop, a slip, a seek, the seam of a
//! loop, another gain. A voice also fades where its sound is not in memory yet, and comes back.

use std::f32::consts::FRAC_PI_2;
use std::sync::Arc;

use crate::duck::Ducking;
use crate::frames::seconds;
use crate::gain::amplitude;
use crate::interpolate::Interpolator;
use crate::reel::Reel;

/// Time in which a voice comes or goes, seconds.
pub const FADE_S: f64 = 0.005;

/// What is heard of a recording, and where it lies under the clip.
#[derive(Clone)]
pub struct Line {
    pub reel: Arc<Reel>,
    /// Frame of the recording at frame 0 of the clip.
    pub offset: i64,
    /// Factor.
    pub gain: f32,
    /// Where it yields to speech; `None` for what does not.
    pub ducking: Option<Arc<Ducking>>,
}

impl Line {
    /// Whether both sound the same at the same place of the clip.
    pub fn is_same(&self, other: &Line) -> bool {
        let ducks_alike = match (&self.ducking, &other.ducking) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        };
        Arc::ptr_eq(&self.reel, &other.reel)
            && (self.offset, self.gain) == (other.offset, other.gain)
            && ducks_alike
    }
}

/// How frames of the output follow from frames of the recording.
pub struct Motion<'a> {
    /// Frames of the recording for each of the output; negative backwards, never 0.
    pub step: f64,
    /// Share of a fade made in each frame of the output.
    pub fade: f32,
    pub interpolator: &'a Interpolator,
}

/// A line that is being heard.
pub struct Voice {
    pub line: Line,
    /// Frame of the recording that comes next.
    position: f64,
    /// How far it has come in: 0 to 1.
    level: f32,
    wanted: bool,
}

impl Voice {
    /// Comes in at that frame of the clip.
    pub fn new(line: Line, clip_frame: f64) -> Voice {
        Voice {
            position: clip_frame + line.offset as f64,
            line,
            level: 0.0,
            wanted: true,
        }
    }

    /// Goes out from here on.
    pub fn release(&mut self) {
        self.wanted = false;
    }

    /// Nothing of it will be heard any more.
    pub fn is_over(&self) -> bool {
        !self.wanted && self.level == 0.0
    }

    /// How much of it is heard: 0 to 1.
    pub fn level(&self) -> f32 {
        self.level
    }

    /// Adds its next frames to `out`, which is no longer than a block.
    pub fn add_to(&mut self, out: &mut [[f32; 2]], motion: &Motion, scratch: &mut Scratch) {
        let n = out.len();
        let is_fed = self.is_fed(n, motion);
        let goal = if self.wanted && is_fed { 1.0 } else { 0.0 };
        if self.level == 0.0 && goal == 0.0 {
            self.position += motion.step * n as f64;
            return;
        }
        let sound = &mut scratch.sound[..n];
        let is_whole = motion.step.abs() == 1.0 && self.position.fract() == 0.0;
        let whole = self.position as i64;
        if is_whole && motion.step > 0.0 {
            self.line.reel.read(whole, sound);
        } else if is_whole {
            self.line.reel.read(whole + 1 - n as i64, sound);
            sound.reverse();
        } else {
            let (first, needed) = Interpolator::needs(self.position, motion.step, n);
            let window = &mut scratch.window[..needed];
            self.line.reel.read(first, window);
            let place = (self.position, motion.step);
            motion.interpolator.stretch(window, first, place, sound);
        }
        let (mut gain, to) = (self.gain_at(0, motion), self.gain_at(n, motion));
        let rise = (to - gain) / n as f32;
        for (out, frame) in out.iter_mut().zip(sound) {
            let factor = gain * loudness(self.level);
            out[0] += frame[0] * factor;
            out[1] += frame[1] * factor;
            gain += rise;
            self.level = toward(self.level, goal, motion.fade);
        }
        self.position += motion.step * n as f64;
    }

    /// Whether there is sound for these frames and as many more as going out takes.
    fn is_fed(&self, n: usize, motion: &Motion) -> bool {
        let more = (1.0 / motion.fade).ceil() as usize;
        let (first, needed) = Interpolator::needs(self.position, motion.step, n + more);
        self.line.reel.holds(first..first + needed as i64)
    }

    /// Its gain so many frames of the output on.
    fn gain_at(&self, frames: usize, motion: &Motion) -> f32 {
        let ducking = self.line.ducking.as_ref().filter(|d| !d.is_idle());
        let Some(ducking) = ducking else {
            return self.line.gain;
        };
        let place = self.position + motion.step * frames as f64 - self.line.offset as f64;
        self.line.gain * amplitude(ducking.gain_db(seconds(place)))
    }
}

/// A step of the fade; sums of steps do not add up to 1 by themselves.
fn toward(level: f32, goal: f32, step: f32) -> f32 {
    let left = goal - level;
    if left.abs() < 1.5 * step {
        goal
    } else {
        level + step.copysign(left)
    }
}

/// Equal power: where one voice goes and another comes, the sum is as loud as each.
fn loudness(level: f32) -> f32 {
    if level >= 1.0 {
        1.0
    } else {
        (level * FRAC_PI_2).sin()
    }
}

/// Frames of the output that are made at once.
pub const BLOCK: usize = 64;
/// Frames of a recording that a block can take: 8 times the speed, on an output of 8 kHz.
const WINDOW: usize = BLOCK * 8 * 6 + 32;

/// Memory that is used over and over.
pub struct Scratch {
    sound: [[f32; 2]; BLOCK],
    window: Box<[[f32; 2]]>,
}

impl Scratch {
    /// All of it at once: nothing is allocated later.
    pub fn new() -> Scratch {
        Scratch {
            sound: [[0.0; 2]; BLOCK],
            window: vec![[0.0; 2]; WINDOW].into_boxed_slice(),
        }
    }
}

/// The voices of one kind: at most one that stays, and those that go.
pub struct Lane {
    voices: [Option<Voice>; 8],
    current: Option<usize>,
}

impl Lane {
    /// Silence.
    pub fn new() -> Lane {
        Lane {
            voices: Default::default(),
            current: None,
        }
    }

    /// The line that stays.
    pub fn line(&self) -> Option<&Line> {
        let voice = self.voices[self.current?].as_ref();
        voice.map(|voice| &voice.line)
    }

    /// Whatever is heard goes out.
    pub fn release(&mut self) {
        let current = self.current.take().and_then(|i| self.voices[i].as_mut());
        if let Some(voice) = current {
            voice.release();
        }
    }

    /// Crosses over to another line at that frame of the clip.
    pub fn cross(&mut self, line: Line, clip_frame: f64) {
        self.release();
        // With every place taken, eight hops within a fade, the faintest is cut off.
        let free = self.voices.iter().position(Option::is_none);
        let faintest = || {
            let level = |v: &Option<Voice>| v.as_ref().map_or(0.0, Voice::level);
            let levels = self.voices.iter().map(level).enumerate();
            levels
                .min_by(|a, b| a.1.total_cmp(&b.1))
                .map_or(0, |(i, _)| i)
        };
        let at = free.unwrap_or_else(faintest);
        self.voices[at] = Some(Voice::new(line, clip_frame));
        self.current = Some(at);
    }

    /// Whether anything of it may be heard.
    pub fn is_silent(&self) -> bool {
        self.voices.iter().all(Option::is_none)
    }

    /// Adds the next frames of every voice to `out`.
    pub fn add_to(&mut self, out: &mut [[f32; 2]], motion: &Motion, scratch: &mut Scratch) {
        for place in &mut self.voices {
            if let Some(voice) = place {
                voice.add_to(out, motion, scratch);
                if voice.is_over() {
                    *place = None;
                }
            }
        }
    }
}
