//! The requested state, and the commands on their way to the audio thread.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

use super::asked::Asked;
use crate::clock::Clock;
use crate::duck::Ducking;
use crate::frames::{frame_at, seconds};
use crate::gain::amplitude;
use crate::plan::{Playback, RECENT};
use crate::recording::Cue;
use crate::render::{Command, SelectedTrack};
use crate::track_buffer::TrackBuffer;
use crate::transport::Transport;

/// The state behind [`Audition`](super::Audition).
pub(super) struct Model {
    pub asked: Asked,
    /// Holds range and rate within their limits, as the renderer does.
    pub transport: Transport,
    /// By rank; a selected cue that is no longer on offer comes last.
    pub cues: Vec<Cue>,
    /// When the last plan was made.
    pub planned: Instant,
    commands: rtrb::Producer<Command>,
    /// Commands that wait for room in the queue.
    backlog: VecDeque<Command>,
    /// Kept while the audio thread may hold them, so that it frees none.
    duckings: Vec<Arc<Ducking>>,
    /// Clip frame of the last seek, and the number of commands sent up to it.
    sought: Option<(i64, usize)>,
    /// Number of commands sent so far.
    sent: usize,
    /// Ids of the cues selected before, the last one first.
    recent: VecDeque<String>,
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
            sent: 0,
            recent: VecDeque::new(),
        };
        model.note_range();
        model
    }

    /// Queues a command behind those that wait.
    pub fn send(&mut self, command: Command) {
        self.backlog.push_back(command);
        self.sent += 1;
        self.flush();
    }

    /// Moves waiting commands into the queue, as far as there is room.
    pub fn flush(&mut self) {
        while let Some(command) = self.backlog.pop_front() {
            if let Err(rtrb::PushError::Full(command)) = self.commands.push(command) {
                self.backlog.push_front(command);
                return;
            }
        }
    }

    /// Whether the audio thread has commands to take.
    pub fn has_waiting(&self) -> bool {
        self.waiting() > 0
    }

    fn waiting(&self) -> usize {
        let queued = self.commands.buffer().capacity() - self.commands.slots();
        self.backlog.len() + queued
    }

    /// Clip frame of a seek that the audio thread has not taken yet.
    pub fn sought_meanwhile(&self) -> Option<i64> {
        let taken = self.sent - self.waiting();
        let (frame, _) = self.sought.filter(|(_, number)| taken < *number)?;
        Some(frame)
    }

    /// Moves the playhead to a clip frame.
    pub fn seek(&mut self, frame: i64) {
        self.transport.seek(frame);
        let frame = self.transport.position as i64;
        self.send(Command::Seek(frame));
        self.sought = Some((frame, self.sent));
    }

    /// Clip frame of the playhead: of a seek under way, else of the last rendered frame.
    pub fn playhead(&self, clock: &Clock) -> i64 {
        let sought = self.sought_meanwhile();
        sought.unwrap_or_else(|| clock.newest().0.round() as i64)
    }

    /// Copies range and length into `asked`.
    pub fn note_range(&mut self) {
        let (from, to) = self.transport.range();
        self.asked.range_s = (seconds(from as f64), seconds(to as f64));
        self.asked.duration_s = seconds(self.transport.length() as f64);
    }

    /// Rank of a cue, from 0.
    pub fn rank(&self, id: &str) -> Option<usize> {
        self.cues.iter().position(|cue| cue.id == id)
    }

    /// Selects a cue of that id, or none.
    pub fn select(&mut self, id: Option<&str>) {
        if let Some(before) = std::mem::replace(&mut self.asked.selected, id.map(str::to_owned)) {
            self.recent.retain(|recent| *recent != before);
            self.recent.push_front(before);
            // One more than the plan uses: the selected cue can be among them.
            self.recent.truncate(RECENT + 1);
        }
    }

    /// The selected cue for the renderer.
    pub fn selected_track(&self, buffer: Option<Arc<TrackBuffer>>) -> Option<SelectedTrack> {
        let cue = &self.cues[self.rank(self.asked.selected.as_deref()?)?];
        let gain_db = if self.asked.matching {
            cue.gain_db
        } else {
            0.0
        };
        Some(SelectedTrack {
            buffer: buffer?,
            start: frame_at(cue.start_s),
            gain: amplitude(gain_db),
        })
    }

    /// Amplitude factors of music and clip.
    pub fn levels(&self) -> (f32, f32) {
        let asked = &self.asked;
        let level = |db: f64, muted: bool| if muted { 0.0 } else { amplitude(db) };
        (
            level(asked.music_db, asked.music_muted),
            level(asked.clip_db, asked.clip_muted),
        )
    }

    /// Replaces the ducking on the audio thread.
    pub fn duck(&mut self, ducking: Ducking) {
        let ducking = Arc::new(ducking);
        self.duckings.retain(|kept| Arc::strong_count(kept) > 1);
        self.duckings.push(Arc::clone(&ducking));
        self.send(Command::Ducking(ducking));
    }

    /// The state that the plan depends on.
    pub fn playback(&self, playhead: i64) -> Playback {
        let selected = self.asked.selected.as_deref();
        Playback {
            starts: self.cues.iter().map(|cue| frame_at(cue.start_s)).collect(),
            selected: selected.and_then(|id| self.rank(id)),
            recent: self.recent.iter().filter_map(|id| self.rank(id)).collect(),
            range: self.transport.range(),
            looping: self.asked.looping,
            playhead,
            rate: self.transport.rate,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seek_counts_until_the_audio_thread_has_taken_it() {
        let (commands, mut taken) = rtrb::RingBuffer::new(2);
        let mut model = Model::new(commands, Arc::default(), Instant::now());
        model.transport.load(480_000);
        model.send(Command::Play);
        model.seek(48_000);
        model.send(Command::Loop(true));
        assert_eq!(model.sought_meanwhile(), Some(48_000));
        assert!(matches!(taken.pop(), Ok(Command::Play)));
        assert_eq!(model.sought_meanwhile(), Some(48_000));
        assert!(matches!(taken.pop(), Ok(Command::Seek(48_000))));
        assert!(model.has_waiting(), "a later command waits");
        assert_eq!(model.sought_meanwhile(), None);
    }
}
