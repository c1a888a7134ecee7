//! What is heard, frame by frame, without any device: voices, faders, the playhead.
//!
//! Runs on the audio thread: it takes commands and gives sound, and neither allocates, frees, locks
//! nor waits. What commands bring along is also held by whoever sent them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::clock::{Clock, Stretch};
use crate::duck::Ducking;
use crate::frames::RATE_HZ;
use crate::gain::Glide;
use crate::interpolate::Interpolator;
use crate::limiter::Limiter;
use crate::reel::Reel;
use crate::transport::{Ahead, Transport};
pub use crate::voice::BLOCK;
use crate::voice::{FADE_S, Lane, Line, Motion, Scratch};

/// A track that has been chosen.
#[derive(Clone)]
pub struct Deck {
    pub reel: Arc<Reel>,
    /// Frame of the track at the in-point.
    pub start: i64,
    /// Factor.
    pub gain: f32,
}

/// What the audition asks for.
pub enum Command {
    Play,
    Pause,
    /// To a clip frame.
    Seek(i64),
    Rate(f64),
    Range(i64, i64),
    Loop(bool),
    /// Another clip: its own sound and its length in frames. The playhead goes to its start.
    Clip(Option<Arc<Reel>>, i64),
    /// Another track, or the same elsewhere.
    Deck(Option<Deck>),
    /// Factors of music and clip.
    Levels(f32, f32),
    Ducking(Arc<Ducking>),
}

/// What rendering tells whoever looks.
#[derive(Default)]
pub struct Told {
    /// How often the playhead stopped at an end.
    pub ended: AtomicU64,
}

/// All that sounds.
pub struct Renderer {
    commands: rtrb::Consumer<Command>,
    clock: Arc<Clock>,
    told: Arc<Told>,
    transport: Transport,
    music: Lane,
    clip: Lane,
    deck: Option<Deck>,
    clip_reel: Option<Arc<Reel>>,
    ducking: Arc<Ducking>,
    levels: [Glide; 2],
    limiter: Limiter,
    interpolator: Interpolator,
    scratch: Scratch,
    mix: [[f32; 2]; BLOCK],
    rate_hz: u32,
    /// Frames rendered so far.
    frame: u64,
    /// The playhead is so many clip frames before the voices: a seam is being crossed.
    jump: Option<i64>,
    /// The voices were last heard in this motion; those that go out keep it.
    last_step: f64,
    /// Whether there are voices for the playhead: it plays, and moves.
    sounding: bool,
}

impl Renderer {
    /// Silence at the start of a clip, for an output of 48 kHz.
    pub fn new(
        commands: rtrb::Consumer<Command>,
        clock: Arc<Clock>,
        told: Arc<Told>,
        ducking: Arc<Ducking>,
    ) -> Renderer {
        Renderer {
            commands,
            clock,
            told,
            transport: Transport::default(),
            music: Lane::new(),
            clip: Lane::new(),
            deck: None,
            clip_reel: None,
            ducking,
            levels: [Glide::at(1.0, RATE_HZ); 2],
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

    /// Goes on for an output of another rate.
    pub fn set_rate_hz(&mut self, rate_hz: u32) {
        if rate_hz != self.rate_hz && rate_hz > 0 {
            self.rate_hz = rate_hz;
            self.levels = self.levels.map(|level| level.at_rate(rate_hz));
            self.limiter = Limiter::new(rate_hz);
            self.note();
        }
    }

    /// Another output goes on where the clock is: at that frame of output now, at the next frame when
    /// that is heard, so many seconds later. What was rendered for nobody beyond is rendered again.
    pub fn resume(&mut self, heard: f64, latency_s: f64) {
        let (now, moves, _) = self.clock.place(heard);
        if !moves || !self.transport.playing {
            return;
        }
        // No more than there is: the clock waits where an output is slower than the one before.
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

    /// Fills `out` with what comes next.
    pub fn render(&mut self, out: &mut [[f32; 2]]) {
        for block in out.chunks_mut(BLOCK) {
            self.obey();
            let mut done = 0;
            while done < block.len() {
                done += self.stretch(&mut block[done..]);
            }
        }
        self.clock.rendered(self.frame);
    }

    /// Clip frames for each frame of output, were the playhead to move.
    fn step(&self) -> f64 {
        self.transport.rate * f64::from(RATE_HZ) / f64::from(self.rate_hz)
    }

    fn fade_frames(&self) -> u64 {
        (FADE_S * f64::from(self.rate_hz)).round() as u64
    }

    /// Renders up to the next turn of the playhead; the frames done.
    fn stretch(&mut self, out: &mut [[f32; 2]]) -> usize {
        let step = self.step();
        let mut n = out.len() as u64;
        let mut turn = None;
        if let Some(ahead) = self.transport.ahead(step) {
            if let Ahead::Seam { after, jump } = ahead
                && self.jump.is_none()
            {
                // Voices cross before the seam, so that what begins at the in-point is whole.
                let crossing = after.saturating_sub(self.fade_frames());
                if crossing == 0 {
                    self.jump = Some(jump);
                    self.start();
                } else {
                    n = n.min(crossing);
                }
            }
            if ahead.after() <= n {
                n = ahead.after();
                turn = Some(ahead);
            }
        }
        self.sound(&mut out[..n as usize]);
        if self.transport.playing {
            self.transport.position += step * n as f64;
        }
        if let Some(ahead) = turn {
            self.turn(ahead);
        }
        n as usize
    }

    fn turn(&mut self, ahead: Ahead) {
        match ahead {
            Ahead::Seam { jump, .. } => {
                self.transport.position += jump as f64;
                self.jump = None;
            }
            Ahead::End { at, .. } => {
                self.transport.seek(at);
                self.transport.pause();
                self.stop();
                self.told.ended.fetch_add(1, Ordering::Release);
            }
        }
        self.note();
    }

    /// Voices, faders and limiter for a stretch without turns.
    fn sound(&mut self, out: &mut [[f32; 2]]) {
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

    /// Takes what has been asked for.
    fn obey(&mut self) {
        while let Ok(command) = self.commands.pop() {
            match command {
                Command::Play => {
                    self.transport.play();
                    self.restart();
                }
                Command::Pause => {
                    self.transport.pause();
                    self.stop();
                    self.note();
                }
                Command::Seek(frame) => {
                    self.transport.seek(frame);
                    self.restart();
                }
                Command::Rate(rate) => {
                    self.transport.set_rate(rate);
                    // A seam that was being crossed the other way is none any more.
                    let moves = self.transport.playing && self.step() != 0.0;
                    if moves != self.sounding || self.jump.is_some() {
                        self.restart();
                    }
                    self.note();
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
                Command::Clip(reel, length) => {
                    self.stop();
                    self.clip_reel = reel;
                    self.transport.load(length);
                    self.note();
                }
                Command::Deck(deck) => {
                    self.deck = deck;
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

    /// What is heard goes out, and what belongs at the playhead comes in.
    fn restart(&mut self) {
        self.stop();
        self.start();
        self.note();
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
        match self.music_line() {
            Some(line) => self.music.cross(line, at),
            None => self.music.release(),
        }
        match self.clip_line() {
            Some(line) => self.clip.cross(line, at),
            None => self.clip.release(),
        }
    }

    /// Crosses over to what the music should be, where it is something else.
    fn refresh(&mut self) {
        if !self.sounding {
            return;
        }
        match (self.music_line(), self.music.line()) {
            (Some(wanted), Some(heard)) if wanted.is_same(heard) => {}
            (Some(wanted), _) => self.music.cross(wanted, self.voices_at()),
            (None, _) => self.music.release(),
        }
    }

    /// Where voices are that begin now: across the seam, while one is crossed.
    fn voices_at(&self) -> f64 {
        self.transport.position + self.jump.unwrap_or(0) as f64
    }

    fn music_line(&self) -> Option<Line> {
        let deck = self.deck.as_ref()?;
        Some(Line {
            reel: Arc::clone(&deck.reel),
            offset: deck.start - self.transport.range().0,
            gain: deck.gain,
            ducking: Some(Arc::clone(&self.ducking)),
        })
    }

    fn clip_line(&self) -> Option<Line> {
        Some(Line {
            reel: Arc::clone(self.clip_reel.as_ref()?),
            offset: 0,
            gain: 1.0,
            ducking: None,
        })
    }

    /// Tells the clock that the playhead moves otherwise from here on.
    fn note(&self) {
        let step = if self.transport.playing {
            self.step()
        } else {
            0.0
        };
        self.clock.note(Stretch {
            from: self.frame,
            position: self.transport.position,
            step,
            rate: self.transport.rate,
        });
    }
}

#[cfg(test)]
mod tests;
