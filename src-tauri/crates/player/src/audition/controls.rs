//! What may be asked of an audition. Nothing here waits for sound; all of it is heard within the
//! latency of the output, and none of it clicks.

use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Instant;

use super::{Audition, Model};
use crate::PlayerError;
use crate::duck::Ducking;
use crate::event::Event;
use crate::frames::frame_at;
use crate::keeper::Note;
use crate::output::OutputChoice;
use crate::recording::{Cue, Recording};
use crate::render::Command;

impl Audition {
    /// Takes another clip on: its own sound, where it has any, and its length. The playhead stands at
    /// its start, in and out are its ends.
    pub fn load_clip(&self, sound: Option<Arc<dyn Recording>>, duration_s: f64) {
        self.change(true, |model| {
            let reel = self.inner.stock.load_clip(sound, duration_s);
            model.transport.load(frame_at(duration_s));
            model.note_range();
            model.asked.playing = false;
            let length = model.transport.length();
            model.send(Command::Clip(reel, length));
            model.seek(0);
        });
    }

    /// Sets in and out, clip seconds: what is fitted and looped. Kept within the clip, and at least a
    /// tenth of a second long.
    pub fn set_range(&self, in_s: f64, out_s: f64) {
        self.change(true, |model| {
            model.transport.set_range(frame_at(in_s), frame_at(out_s));
            model.note_range();
            let (from, to) = model.transport.range();
            model.send(Command::Range(from, to));
        });
    }

    /// Whether the playhead goes back to in at out. Otherwise it stops there; beyond out, it plays to
    /// the end of the clip.
    pub fn set_loop(&self, looping: bool) {
        self.change(false, |model| {
            model.asked.looping = looping;
            model.send(Command::Loop(looping));
        });
    }

    /// Plays from the playhead; from in where it stands at the end.
    pub fn play(&self) {
        self.change(false, |model| {
            model.asked.playing = true;
            model.send(Command::Play);
        });
    }

    /// Stops where it is.
    pub fn pause(&self) {
        self.change(false, |model| {
            model.asked.playing = false;
            model.send(Command::Pause);
        });
    }

    /// Puts the playhead somewhere in the clip, seconds, playing or not.
    pub fn seek(&self, clip_s: f64) {
        self.change(true, |model| model.seek(frame_at(clip_s)));
    }

    /// Moves the standing playhead by so many seconds, stopping it first: a frame of picture, say.
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

    /// Clip seconds for each second, −8 to 8; the sound follows like tape.
    pub fn set_rate(&self, rate: f64) {
        self.change(true, |model| {
            model.transport.set_rate(rate);
            model.asked.rate = model.transport.rate;
            let rate = model.transport.rate;
            model.send(Command::Rate(rate));
        });
    }

    /// Offers cues in rank order. What was offered before and has the same id keeps its sound in
    /// memory; a chosen cue that is not among them stays chosen.
    pub fn offer(&self, cues: Vec<Cue>) {
        self.change(true, |model| {
            let before = std::mem::replace(&mut model.cues, cues);
            let chosen = model.asked.selected.clone();
            if let Some(id) = chosen.filter(|id| model.rank(id).is_none()) {
                model
                    .cues
                    .extend(before.into_iter().find(|cue| cue.id == id));
            }
            self.inner.stock.offer(&model.cues);
            self.send_deck(model);
        });
    }

    /// Hops to a cue, or to none: the playhead stays, the music crosses over.
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
            model.asked.selected = id.map(str::to_owned);
            self.send_deck(model);
        });
        Ok(())
    }

    /// Slips a cue: its track begins at that second under in.
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
        self.send_deck(&mut model);
        self.changed(model, true);
        Ok(())
    }

    /// Levels of the music and of the clip's own sound, dB; silence from −90 down.
    pub fn set_levels(&self, music_db: f64, clip_db: f64) {
        self.change(false, |model| {
            (model.asked.music_db, model.asked.clip_db) = (music_db, clip_db);
            send_levels(model);
        });
    }

    /// Mutes the music, the clip's own sound, both or neither.
    pub fn set_mutes(&self, music: bool, clip: bool) {
        self.change(false, |model| {
            (model.asked.music_muted, model.asked.clip_muted) = (music, clip);
            send_levels(model);
        });
    }

    /// Lets the music yield by so many dB where somebody speaks, clip seconds; by 0, or to nobody, it
    /// does not.
    pub fn set_ducking(&self, speech_s: &[(f64, f64)], amount_db: f64) {
        self.change(false, |model| model.duck(Ducking::new(speech_s, amount_db)));
    }

    /// Whether cues are played with their [`gain_db`](Cue::gain_db).
    pub fn set_matching(&self, matching: bool) {
        self.change(false, |model| {
            model.asked.matching = matching;
            self.send_deck(model);
        });
    }

    /// Takes another output.
    pub fn choose_output(&self, choice: OutputChoice) {
        // Without a keeper there is no output either.
        self.inner.notes.send(Note::Choose(choice)).ok();
        (self.inner.sink)(Event::Changed);
    }

    fn send_deck(&self, model: &mut Model) {
        let selected = model.asked.selected.as_deref();
        let reel = selected.and_then(|id| self.inner.stock.reel(id));
        let deck = model.deck(reel);
        model.send(Command::Deck(deck));
    }

    fn change(&self, plans: bool, change: impl FnOnce(&mut Model)) {
        let mut model = self.model();
        change(&mut model);
        self.changed(model, plans);
    }

    /// The command is on its way by now; planning may take a moment.
    fn changed(&self, mut model: MutexGuard<'_, Model>, plans: bool) {
        let status = self.inner.status.lock();
        let silent = status.unwrap_or_else(PoisonError::into_inner).silent;
        if silent {
            self.inner.notes.send(Note::Wake).ok();
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
