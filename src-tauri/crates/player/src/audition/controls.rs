//! The controls of an audition. None of them waits for sound, each is heard after the latency of the
//! output, and none clicks.

use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Instant;

use super::Audition;
use super::model::Model;
use crate::PlayerError;
use crate::duck::Ducking;
use crate::event::Event;
use crate::frames::frame_at;
use crate::output::OutputChoice;
use crate::output_message::Message;
use crate::recording::{Cue, Recording};
use crate::render::Command;

impl Audition {
    /// Loads a clip: its own sound, where it has any, and its length. The playhead goes to its start and
    /// stops; the range is the whole clip.
    pub fn load_clip(&self, sound: Option<Arc<dyn Recording>>, duration_s: f64) {
        self.change(true, |model| {
            let buffer = self.inner.cache.load_clip(sound, duration_s);
            model.transport.load(frame_at(duration_s));
            model.note_range();
            model.asked.playing = false;
            let length = model.transport.length();
            model.send(Command::Clip(buffer, length));
            model.seek(0);
        });
    }

    /// Sets in-point and out-point, clip seconds. Held within the clip and at least 0.1 s apart.
    pub fn set_range(&self, in_s: f64, out_s: f64) {
        self.change(true, |model| {
            model.transport.set_range(frame_at(in_s), frame_at(out_s));
            model.note_range();
            let (from, to) = model.transport.range();
            model.send(Command::Range(from, to));
        });
    }

    /// Sets whether the playhead jumps from the out-point to the in-point. Otherwise it stops at the
    /// out-point; from beyond it, it plays to the end of the clip.
    pub fn set_loop(&self, looping: bool) {
        self.change(true, |model| {
            model.asked.looping = looping;
            model.send(Command::Loop(looping));
        });
    }

    /// Plays from the playhead; from the in-point where it stands at the end.
    pub fn play(&self) {
        self.change(false, |model| {
            model.asked.playing = true;
            model.send(Command::Play);
        });
    }

    /// Stops at the playhead.
    pub fn pause(&self) {
        self.change(false, |model| {
            model.asked.playing = false;
            model.send(Command::Pause);
        });
    }

    /// Moves the playhead to a place in the clip, seconds, while it plays or stands.
    pub fn seek(&self, clip_s: f64) {
        self.change(true, |model| model.seek(frame_at(clip_s)));
    }

    /// Stops the playhead and moves it by that many seconds, for steps of one picture.
    pub fn step(&self, by_s: f64) {
        self.change(true, |model| {
            model.asked.playing = false;
            model.send(Command::Pause);
            let sought = model.sought_meanwhile();
            let heard = || self.inner.clock.now(Instant::now()).0;
            let at = sought.unwrap_or_else(|| frame_at(heard()));
            model.seek(at.saturating_add(frame_at(by_s)));
        });
    }

    /// Sets the rate, clip seconds a second, −8 to 8; the pitch changes with it.
    pub fn set_rate(&self, rate: f64) {
        self.change(true, |model| {
            model.transport.set_rate(rate);
            model.asked.rate = model.transport.rate;
            let rate = model.transport.rate;
            model.send(Command::Rate(rate));
        });
    }

    /// Offers cues in rank order, in place of the ones before. A cue with a known id keeps its decoded
    /// sound. A selected cue that is not among them stays selected.
    pub fn offer(&self, cues: Vec<Cue>) {
        self.change(true, |model| {
            let before = std::mem::replace(&mut model.cues, cues);
            let selected = model.asked.selected.clone();
            if let Some(id) = selected.filter(|id| model.rank(id).is_none()) {
                model
                    .cues
                    .extend(before.into_iter().find(|cue| cue.id == id));
            }
            self.inner.cache.offer(&model.cues);
            self.send_music(model);
        });
    }

    /// Selects a cue, or none: the music crossfades, the playhead keeps its place.
    ///
    /// # Errors
    /// [`PlayerError::UnknownCue`].
    pub fn select(&self, id: Option<&str>) -> Result<(), PlayerError> {
        {
            let model = self.model();
            if let Some(id) = id.filter(|id| model.rank(id).is_none()) {
                return Err(PlayerError::UnknownCue {
                    id: id.to_owned(),
                    offered: model.cues.len(),
                });
            }
        }
        self.change(true, |model| {
            model.select(id);
            self.send_music(model);
        });
        Ok(())
    }

    /// Slips a cue: that second of its track lies under the in-point.
    ///
    /// # Errors
    /// [`PlayerError::UnknownCue`].
    pub fn set_start(&self, id: &str, start_s: f64) -> Result<(), PlayerError> {
        let mut model = self.model();
        let Some(rank) = model.rank(id) else {
            return Err(PlayerError::UnknownCue {
                id: id.to_owned(),
                offered: model.cues.len(),
            });
        };
        model.cues[rank].start_s = start_s;
        self.send_music(&mut model);
        self.changed(model, true);
        Ok(())
    }

    /// Sets the levels of the music and of the clip's own sound, dB; −90 and below is silence.
    pub fn set_levels(&self, music_db: f64, clip_db: f64) {
        self.change(false, |model| {
            (model.asked.music_db, model.asked.clip_db) = (music_db, clip_db);
            send_levels(model);
        });
    }

    /// Mutes or unmutes the music and the clip's own sound.
    pub fn set_mutes(&self, music: bool, clip: bool) {
        self.change(false, |model| {
            (model.asked.music_muted, model.asked.clip_muted) = (music, clip);
            send_levels(model);
        });
    }

    /// Ducks the music by that many dB during speech, spans in clip seconds. 0 dB or no spans switch it
    /// off.
    pub fn set_ducking(&self, speech_s: &[(f64, f64)], amount_db: f64) {
        self.change(false, |model| model.duck(Ducking::new(speech_s, amount_db)));
    }

    /// Sets whether cues play with their [`gain_db`](Cue::gain_db).
    pub fn set_matching(&self, matching: bool) {
        self.change(false, |model| {
            model.asked.matching = matching;
            self.send_music(model);
        });
    }

    /// Opens another output in the background.
    pub fn choose_output(&self, choice: OutputChoice) {
        // Without a supervisor there is no output to change.
        self.inner.messages.send(Message::Choose(choice)).ok();
        (self.inner.sink)(Event::Changed);
    }

    fn send_music(&self, model: &mut Model) {
        let selected = model.asked.selected.as_deref();
        let buffer = selected.and_then(|id| self.inner.cache.buffer(id));
        let selected = model.selected_track(buffer);
        model.send(Command::Music(selected));
    }

    fn change(&self, plans: bool, change: impl FnOnce(&mut Model)) {
        let mut model = self.model();
        change(&mut model);
        self.changed(model, plans);
    }

    /// Wakes the supervisor, replans and reports the change. The command is in the queue already.
    fn changed(&self, mut model: MutexGuard<'_, Model>, plans: bool) {
        let status = self.inner.status.lock();
        let silent = status.unwrap_or_else(PoisonError::into_inner).silent;
        if silent {
            self.inner.messages.send(Message::Wake).ok();
        }
        if plans {
            self.plan(&mut model, Instant::now());
        }
        drop(model);
        (self.inner.sink)(Event::Changed);
    }
}

fn send_levels(model: &mut Model) {
    let (music, clip) = model.levels();
    model.send(Command::Levels(music, clip));
}
