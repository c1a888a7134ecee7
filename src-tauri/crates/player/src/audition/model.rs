//! What has been asked for so far, and what is on its way to the audio thread.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use super::Asked;
use crate::clock::Clock;
use crate::duck::Ducking;
use crate::frames::{frame_at, seconds};
use crate::gain::amplitude;
use crate::plan::Scene;
use crate::recording::Cue;
use crate::reel::Reel;
use crate::render::{Command, Deck};
use crate::transport::Transport;

/// The asking side.
pub(super) struct Model {
    pub asked: Asked,
    /// Kept for its rules: where in and out may be, how fast it may go.
    pub transport: Transport,
    /// By rank; a chosen one that is no longer on offer comes last.
    pub cues: Vec<Cue>,
    /// When the plan last followed the playhead.
    pub planned: Instant,
    commands: rtrb::Producer<Command>,
    /// Commands that found no room.
    backlog: VecDeque<Command>,
    /// Kept as long as the audio thread may hold them: nothing is freed there.
    duckings: Vec<Arc<Ducking>>,
    /// Clip frame that the playhead was sent to last.
    sought: Option<i64>,
}

impl Model {
    pub fn new(commands: rtrb::Producer<Command>, ducking: Arc<Ducking>, now: Instant) -> Model {
        let transport = Transport::default();
        let asked = Asked {
            playing: false,
            rate: 1.0,
            range_s: (0.0, 0.0),
            duration_s: 0.0,
            looping: false,
            selected: None,
            music_db: 0.0,
            clip_db: 0.0,
            music_muted: false,
            clip_muted: false,
            matching: true,
        };
        let mut model = Model {
            asked,
            transport,
            cues: Vec::new(),
            planned: now,
            commands,
            backlog: VecDeque::new(),
            duckings: vec![ducking],
            sought: None,
        };
        model.note_range();
        model
    }

    /// Sends a command on its way, after those that wait.
    pub fn send(&mut self, command: Command) {
        self.backlog.push_back(command);
        self.flush();
    }

    /// Sends what waits, as far as there is room.
    pub fn flush(&mut self) {
        while let Some(command) = self.backlog.pop_front() {
            if let Err(rtrb::PushError::Full(command)) = self.commands.push(command) {
                self.backlog.push_front(command);
                return;
            }
        }
    }

    /// Whether a command has not been taken yet.
    pub fn has_waiting(&self) -> bool {
        !self.backlog.is_empty() || self.commands.slots() < self.commands.buffer().capacity()
    }

    /// Where the playhead was sent and has not come to yet.
    pub fn sought_meanwhile(&self) -> Option<i64> {
        self.sought.filter(|_| self.has_waiting())
    }

    /// Sends the playhead to a clip frame.
    pub fn seek(&mut self, frame: i64) {
        self.transport.seek(frame);
        let frame = self.transport.position as i64;
        self.sought = Some(frame);
        self.send(Command::Seek(frame));
    }

    /// Clip frame of the playhead, as it has been or will be rendered.
    pub fn playhead(&self, clock: &Clock) -> i64 {
        let sought = self.sought_meanwhile();
        sought.unwrap_or_else(|| clock.newest().0.round() as i64)
    }

    /// Takes range and length over into what has been asked for.
    pub fn note_range(&mut self) {
        let (from, to) = self.transport.range();
        self.asked.range_s = (seconds(from as f64), seconds(to as f64));
        self.asked.duration_s = seconds(self.transport.length() as f64);
    }

    /// Rank of a cue.
    pub fn rank(&self, id: &str) -> Option<usize> {
        self.cues.iter().position(|cue| cue.id == id)
    }

    /// The chosen cue's deck.
    pub fn deck(&self, reel: Option<Arc<Reel>>) -> Option<Deck> {
        let cue = &self.cues[self.rank(self.asked.selected.as_deref()?)?];
        let gain_db = if self.asked.matching {
            cue.gain_db
        } else {
            0.0
        };
        Some(Deck {
            reel: reel?,
            start: frame_at(cue.start_s),
            gain: amplitude(gain_db),
        })
    }

    /// Factors of music and clip.
    pub fn levels(&self) -> (f32, f32) {
        let asked = &self.asked;
        let level = |db: f64, muted: bool| if muted { 0.0 } else { amplitude(db) };
        (
            level(asked.music_db, asked.music_muted),
            level(asked.clip_db, asked.clip_muted),
        )
    }

    /// Sends other ducking on its way.
    pub fn duck(&mut self, ducking: Ducking) {
        let ducking = Arc::new(ducking);
        self.duckings.retain(|kept| Arc::strong_count(kept) > 1);
        self.duckings.push(Arc::clone(&ducking));
        self.send(Command::Ducking(ducking));
    }

    /// What is on stage, for the plan.
    pub fn scene(&self, playhead: i64) -> Scene {
        let selected = self.asked.selected.as_deref();
        Scene {
            starts: self.cues.iter().map(|cue| frame_at(cue.start_s)).collect(),
            chosen: selected.and_then(|id| self.rank(id)),
            range: self.transport.range(),
            playhead,
            rate: self.transport.rate,
        }
    }
}
