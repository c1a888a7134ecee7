//! The voices of the music or of the clip.
//!
//! A hop, a slip, a seek, the seam of a loop and another gain are crossfades between two voices. After a hop
//! or a slip the voice before plays on until the new one is decoded, so that there is no gap.

use crate::voice::{FADE_S, Motion, Placement, Scratch, Voice};

/// Longest time that a voice plays on for one that is not decoded yet, seconds.
const MOST_BRIDGED_S: f64 = 0.25;

/// One current voice at most, and those that fade out.
pub struct Lane {
    voices: [Option<Voice>; 8],
    current: Option<usize>,
    /// The voice before, which plays on until the current one is decoded.
    bridge: Option<Bridge>,
}

struct Bridge {
    voice: usize,
    /// Time left for it, in lengths of a fade.
    fades_left: f32,
}

impl Lane {
    /// A lane that has no voices yet.
    pub fn new() -> Lane {
        Lane {
            voices: Default::default(),
            current: None,
            bridge: None,
        }
    }

    /// The current voice's placement.
    pub fn placement(&self) -> Option<&Placement> {
        let voice = self.voices[self.current?].as_ref();
        voice.map(|voice| &voice.placement)
    }

    /// Fades the current voice out.
    pub fn release(&mut self) {
        let bridge = self.bridge.take().map(|bridge| bridge.voice);
        for voice in [bridge, self.current.take()].into_iter().flatten() {
            if let Some(voice) = &mut self.voices[voice] {
                voice.release();
            }
        }
    }

    /// Crossfades to another placement at that clip frame.
    pub fn cross(&mut self, placement: Placement, clip_frame: f64) {
        self.release();
        self.start(placement, clip_frame);
    }

    /// As [`cross`](Lane::cross), but the voice before plays on until the new one is decoded.
    pub fn cross_decoded(&mut self, placement: Placement, clip_frame: f64) {
        let before = self.current.take();
        if self.bridge.is_none() {
            self.bridge = before.map(|voice| Bridge {
                voice,
                fades_left: (MOST_BRIDGED_S / FADE_S) as f32,
            });
        } else if let Some(unheard) = before.and_then(|i| self.voices[i].as_mut()) {
            unheard.release();
        }
        self.start(placement, clip_frame);
    }

    fn start(&mut self, placement: Placement, clip_frame: f64) {
        // With all eight slots taken (eight hops within 5 ms) the quietest voice is cut off.
        let free = self.voices.iter().position(Option::is_none);
        let quietest = || {
            let level = |v: &Option<Voice>| v.as_ref().map_or(0.0, Voice::level);
            let levels = self.voices.iter().map(level).enumerate();
            levels
                .min_by(|a, b| a.1.total_cmp(&b.1))
                .map_or(0, |(i, _)| i)
        };
        let at = free.unwrap_or_else(quietest);
        self.bridge = self.bridge.take().filter(|bridge| bridge.voice != at);
        self.voices[at] = Some(Voice::new(placement, clip_frame));
        self.current = Some(at);
    }

    /// Whether it has no voices.
    pub fn is_silent(&self) -> bool {
        self.voices.iter().all(Option::is_none)
    }

    /// Adds the next frames of every voice to `out`.
    pub fn add_to(&mut self, out: &mut [[f32; 2]], motion: &Motion, scratch: &mut Scratch) {
        self.end_bridge(out.len(), motion);
        for place in &mut self.voices {
            if let Some(voice) = place {
                voice.add_to(out, motion, scratch);
                if voice.is_over() {
                    *place = None;
                }
            }
        }
    }

    /// Fades the voice before out once the current one is decoded or the time is over.
    fn end_bridge(&mut self, n: usize, motion: &Motion) {
        let Some(bridge) = &mut self.bridge else {
            return;
        };
        let current = self.current.and_then(|i| self.voices[i].as_ref());
        let is_decoded = current.is_none_or(|voice| voice.is_decoded(n, motion));
        if is_decoded || bridge.fades_left <= 0.0 {
            if let Some(voice) = &mut self.voices[bridge.voice] {
                voice.release();
            }
            self.bridge = None;
        } else {
            bridge.fades_left -= n as f32 * motion.fade;
        }
    }
}
