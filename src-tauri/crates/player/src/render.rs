//! The renderer: mixes the voices and moves the playhead, frame by frame, without any device.
//!
//! It runs on the audio thread, so it does not allocate, free, lock or wait.

mod command;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::clock::{Clock, Segment};
use crate::duck::Ducking;
use crate::frames::RATE_HZ;
use crate::gain::SmoothedGain;
use crate::interpolate::Interpolator;
use crate::lane::Lane;
use crate::limiter::Limiter;
use crate::track_buffer::TrackBuffer;
use crate::transport::{Boundary, Transport};
pub use crate::voice::BLOCK;
use crate::voice::{FADE_S, Motion, Placement, Scratch};
pub use command::{Command, RenderReport, SelectedTrack};

/// The playhead, the voices and the faders.
pub struct Renderer {
    commands: rtrb::Consumer<Command>,
    clock: Arc<Clock>,
    report: Arc<RenderReport>,
    transport: Transport,
    music: Lane,
    clip: Lane,
    selected: Option<SelectedTrack>,
    clip_buffer: Option<Arc<TrackBuffer>>,
    ducking: Arc<Ducking>,
    levels: [SmoothedGain; 2],
    limiter: Limiter,
    interpolator: Interpolator,
    scratch: Scratch,
    mix: [[f32; 2]; BLOCK],
    rate_hz: u32,
    /// Frames rendered so far.
    frame: u64,
    /// While voices cross over the seam of a loop: clip frames from the playhead to the new voices.
    jump: Option<i64>,
    /// Step of the playhead when it last moved; voices that fade out keep it.
    last_step: f64,
    /// Whether the playhead plays and moves, so that there are voices for it.
    sounding: bool,
}

impl Renderer {
    /// A standing playhead at the start of an empty clip; output at 48 kHz.
    pub fn new(
        commands: rtrb::Consumer<Command>,
        clock: Arc<Clock>,
        report: Arc<RenderReport>,
        ducking: Arc<Ducking>,
    ) -> Renderer {
        Renderer {
            commands,
            clock,
            report,
            transport: Transport::default(),
            music: Lane::new(),
            clip: Lane::new(),
            selected: None,
            clip_buffer: None,
            ducking,
            levels: [SmoothedGain::at(1.0, RATE_HZ); 2],
            limiter: Limiter::new(RATE_HZ),
            interpolator: Interpolator::new(),
            scratch: Scratch::new(),
            mix: [[0.0; 2]; BLOCK],
            rate_hz: RATE_HZ,
            frame: 0,
            jump: None,
            last_step: 1.0,
            sounding: false,
        }
    }

    /// Changes the frames a second of the output.
    pub fn set_rate_hz(&mut self, rate_hz: u32) {
        if rate_hz != self.rate_hz && rate_hz > 0 {
            self.rate_hz = rate_hz;
            self.levels = self.levels.map(|level| level.at_rate(rate_hz));
            self.limiter = Limiter::new(rate_hz);
            self.publish_motion();
        }
    }

    /// Continues on another output. `heard` is the frame of output that is heard now; the next rendered
    /// frame is heard `latency_s` later. Frames beyond that, which no device played, are rendered again.
    pub fn resume(&mut self, heard: f64, latency_s: f64) {
        let (now, moves, _) = self.clock.place(heard);
        if !moves || !self.transport.playing {
            return;
        }
        // Not beyond the last rendered frame: the clock waits where the new output is slower.
        let most = (self.frame as f64 - heard).max(0.0);
        let lead = (latency_s * f64::from(self.rate_hz)).min(most).round();
        self.frame = heard.round() as u64 + lead as u64;
        self.clock.rendered(self.frame);
        self.transport.continue_at(now + lead * self.step());
        self.restart();
    }

    /// Frames rendered so far.
    pub fn frame(&self) -> u64 {
        self.frame
    }

    /// Renders the next frames into `out`.
    pub fn render(&mut self, out: &mut [[f32; 2]]) {
        for block in out.chunks_mut(BLOCK) {
            self.apply_commands();
            let mut done = 0;
            while done < block.len() {
                done += self.render_segment(&mut block[done..]);
            }
        }
        self.clock.rendered(self.frame);
    }

    /// Clip frames a frame of output while the playhead moves.
    fn step(&self) -> f64 {
        self.transport.rate * f64::from(RATE_HZ) / f64::from(self.rate_hz)
    }

    fn fade_frames(&self) -> u64 {
        (FADE_S * f64::from(self.rate_hz)).round() as u64
    }

    /// Renders up to the next boundary of the playhead; the number of frames rendered.
    fn render_segment(&mut self, out: &mut [[f32; 2]]) -> usize {
        let step = self.step();
        let mut n = out.len() as u64;
        let mut reached = None;
        if let Some(boundary) = self.transport.next_boundary(step) {
            if let Boundary::Seam { after, jump } = boundary
                && self.jump.is_none()
            {
                // The crossfade ends at the seam, so that the first frame at the in-point has full level.
                let crossing = after.saturating_sub(self.fade_frames());
                if crossing == 0 {
                    self.jump = Some(jump);
                    self.start();
                } else {
                    n = n.min(crossing);
                }
            }
            if boundary.after() <= n {
                n = boundary.after();
                reached = Some(boundary);
            }
        }
        self.mix_voices(&mut out[..n as usize]);
        if self.transport.playing {
            self.transport.position += step * n as f64;
        }
        if let Some(boundary) = reached {
            self.cross_boundary(boundary);
        }
        n as usize
    }

    fn cross_boundary(&mut self, boundary: Boundary) {
        match boundary {
            Boundary::Seam { jump, .. } => {
                self.transport.position += jump as f64;
                self.jump = None;
            }
            Boundary::Stop { at, .. } => {
                self.transport.seek(at);
                self.transport.pause();
                self.stop();
                self.report.ended.fetch_add(1, Ordering::Release);
            }
        }
        self.publish_motion();
    }

    /// Mixes voices, faders and limiter; no boundary lies within `out`.
    fn mix_voices(&mut self, out: &mut [[f32; 2]]) {
        let n = out.len();
        self.frame += n as u64;
        if self.music.is_silent() && self.clip.is_silent() {
            out.fill([0.0; 2]);
            return;
        }
        if self.sounding {
            self.last_step = self.step();
        }
        let motion = Motion {
            step: self.last_step,
            fade: 1.0 / self.fade_frames() as f32,
            interpolator: &self.interpolator,
        };
        let mix = &mut self.mix[..n];
        out.fill([0.0; 2]);
        for (lane, level) in [&mut self.music, &mut self.clip]
            .into_iter()
            .zip(&mut self.levels)
        {
            mix.fill([0.0; 2]);
            lane.add_to(mix, &motion, &mut self.scratch);
            for (out, frame) in out.iter_mut().zip(&*mix) {
                let level = level.next();
                out[0] += frame[0] * level;
                out[1] += frame[1] * level;
            }
        }
        for frame in out {
            *frame = self.limiter.hold(*frame);
        }
    }

    fn apply_commands(&mut self) {
        while let Ok(command) = self.commands.pop() {
            match command {
                Command::Play => {
                    self.transport.play();
                    self.restart();
                }
                Command::Pause => {
                    self.transport.pause();
                    self.stop();
                    self.publish_motion();
                }
                Command::Seek(frame) => {
                    self.transport.seek(frame);
                    self.restart();
                }
                Command::Rate(rate) => {
                    self.transport.set_rate(rate);
                    // Backwards the loop has another seam, so a crossfade under way is void.
                    let moves = self.transport.playing && self.step() != 0.0;
                    if moves != self.sounding || self.jump.is_some() {
                        self.restart();
                    }
                    self.publish_motion();
                }
                Command::Range(from, to) => {
                    self.transport.set_range(from, to);
                    if self.jump.is_some() {
                        self.restart();
                    }
                    self.refresh();
                }
                Command::Loop(looping) => {
                    self.transport.looping = looping;
                    if self.jump.is_some() {
                        self.restart();
                    }
                }
                Command::Clip(buffer, length) => {
                    self.stop();
                    self.clip_buffer = buffer;
                    self.transport.load(length);
                    self.publish_motion();
                }
                Command::Music(selected) => {
                    self.selected = selected;
                    self.refresh();
                }
                Command::Levels(music, clip) => {
                    self.levels[0].go(music);
                    self.levels[1].go(clip);
                }
                Command::Ducking(ducking) => {
                    self.ducking = ducking;
                    self.refresh();
                }
            }
        }
    }

    /// Fades the voices out and fades in new ones at the playhead.
    fn restart(&mut self) {
        self.stop();
        self.start();
        self.publish_motion();
    }

    fn stop(&mut self) {
        self.jump = None;
        self.sounding = false;
        self.music.release();
        self.clip.release();
    }

    fn start(&mut self) {
        self.sounding = self.transport.playing && self.step() != 0.0;
        if !self.sounding {
            return;
        }
        let at = self.voices_at();
        match self.music_placement() {
            Some(placement) => self.music.cross(placement, at),
            None => self.music.release(),
        }
        match self.clip_placement() {
            Some(placement) => self.clip.cross(placement, at),
            None => self.clip.release(),
        }
    }

    /// Crosses over to the music that is asked for, unless it is playing already.
    fn refresh(&mut self) {
        if !self.sounding {
            return;
        }
        match (self.music_placement(), self.music.placement()) {
            (Some(wanted), Some(playing)) if wanted.is_same(playing) => {}
            (Some(wanted), _) => self.music.cross_decoded(wanted, self.voices_at()),
            (None, _) => self.music.release(),
        }
    }

    /// Clip frame at which new voices start: behind the seam while one is crossed.
    fn voices_at(&self) -> f64 {
        self.transport.position + self.jump.unwrap_or(0) as f64
    }

    fn music_placement(&self) -> Option<Placement> {
        let selected = self.selected.as_ref()?;
        Some(Placement {
            buffer: Arc::clone(&selected.buffer),
            offset: selected.start - self.transport.range().0,
            gain: selected.gain,
            ducking: Some(Arc::clone(&self.ducking)),
        })
    }

    fn clip_placement(&self) -> Option<Placement> {
        Some(Placement {
            buffer: Arc::clone(self.clip_buffer.as_ref()?),
            offset: 0,
            gain: 1.0,
            ducking: None,
        })
    }

    /// Writes the playhead's motion from this frame on into the clock.
    fn publish_motion(&self) {
        let step = if self.transport.playing {
            self.step()
        } else {
            0.0
        };
        self.clock.note(Segment {
            from: self.frame,
            position: self.transport.position,
            step,
            rate: self.transport.rate,
        });
    }
}

#[cfg(test)]
mod tests;
