//! The renderer, to the sample, without a device.

mod hops;
mod levels;
mod playhead;
mod ranges;
mod speeds;

use std::sync::Arc;
use std::time::Instant;

use super::{Command, RenderReport, Renderer, SelectedTrack};
use crate::clock::Clock;
use crate::frames::RATE_HZ;
use crate::track_buffer::TrackBuffer;
use crate::voice::FADE_S;

const SECOND: usize = RATE_HZ as usize;
const FADE: usize = (FADE_S * RATE_HZ as f64) as usize;

/// A renderer and its queue of commands.
struct Rig {
    ask: rtrb::Producer<Command>,
    renderer: Renderer,
    clock: Arc<Clock>,
    report: Arc<RenderReport>,
}

impl Rig {
    fn new(length: usize) -> Rig {
        let (ask, commands) = rtrb::RingBuffer::new(64);
        let (clock, report) = (
            Arc::new(Clock::new(Instant::now())),
            Arc::<RenderReport>::default(),
        );
        let renderer = Renderer::new(commands, clock.clone(), report.clone(), Arc::default());
        let mut rig = Rig {
            ask,
            renderer,
            clock,
            report,
        };
        rig.ask(Command::Clip(None, length as i64));
        rig
    }

    fn ask(&mut self, command: Command) {
        assert!(self.ask.push(command).is_ok(), "room for a command");
    }

    fn select(&mut self, buffer: &Arc<TrackBuffer>, start: i64) {
        let selected = SelectedTrack {
            buffer: buffer.clone(),
            start,
            gain: 1.0,
        };
        self.ask(Command::Music(Some(selected)));
    }

    fn frames(&mut self, n: usize) -> Vec<[f32; 2]> {
        let mut out = vec![[9.0; 2]; n];
        self.renderer.render(&mut out);
        out
    }

    /// Clip frame at a frame of output.
    fn place(&self, frame: u64) -> f64 {
        self.clock.place(frame as f64).0
    }
}

fn tone(hz: f64, level: f64, n: usize) -> Vec<[f32; 2]> {
    let at = |i: usize| (std::f64::consts::TAU * hz * i as f64 / 48_000.0).sin() * level;
    // Rounded to 16 bits, so that a buffer returns it exactly.
    let round = |x: f64| ((x * 32_768.0).round().min(32_767.0) / 32_768.0) as f32;
    (0..n).map(|i| [round(at(i)); 2]).collect()
}

/// Asserts that all frames are equal; names the first that is not.
fn assert_same(got: &[[f32; 2]], want: &[[f32; 2]], what: &str) {
    assert_eq!(got.len(), want.len(), "{what}");
    let differs = got.iter().zip(want).position(|(a, b)| a != b);
    if let Some(i) = differs {
        panic!("{what}: frame {i} is {:?}, not {:?}", got[i], want[i]);
    }
}

/// The largest change from one frame to the next.
fn steepest(sound: &[[f32; 2]]) -> f32 {
    let steps = sound.windows(2).map(|w| (w[1][0] - w[0][0]).abs());
    steps.fold(0.0, f32::max)
}
