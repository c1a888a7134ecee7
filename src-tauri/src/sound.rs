//! The audition as the window moves it.

use std::path::Path;
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};
use std::{io, thread};

use needledrop_engine::Library;
use needledrop_engine::catalog::Track;
use needledrop_engine::matching::ResultDoc;
use needledrop_engine::media::ClipInfo;
use needledrop_engine::music::audition::{
    Audition, ClipSound, Cue, Event, OutputChoice, PlayerError, Recording, cue, outputs,
};

use crate::desk::lock;
use crate::fault::Fault;
use crate::screen::{Clock, Device, Levels, Settings};
use crate::told::{Teller, Told};

mod clock;

/// How much the music gives way to speech, dB.
const DUCKED_DB: f64 = 10.0;
/// How often the clock is told while it runs.
const CLOCK: Duration = Duration::from_millis(250);

/// The audition, what it offers, and how its clock is told.
pub struct Sound {
    own: Arc<Own>,
}

struct Own {
    /// Nothing where the system gave no thread.
    audition: Result<Audition, Fault>,
    began: Instant,
    offered: Mutex<Vec<Cue>>,
    levels: Mutex<Levels>,
    /// Name of the device that sound last went to.
    device: Mutex<String>,
    speech_s: Mutex<Vec<(f64, f64)>>,
}

impl Sound {
    /// Opens the sound behind the window. Without any device the clock runs all the same.
    pub fn open(settings: &Settings, teller: &Teller) -> Sound {
        let (told, heard) = std::sync::mpsc::channel::<Event>();
        let audition = Audition::open(choice(settings.device.clone()), move |event| {
            // Nobody listens any more once the window is gone.
            drop(told.send(event));
        });
        if let Err(error) = &audition {
            tracing::error!("{error}");
        }
        let own = Arc::new(Own {
            audition: audition.map_err(Fault::from),
            began: Instant::now(),
            offered: Mutex::default(),
            levels: Mutex::new(settings.levels),
            device: Mutex::default(),
            speech_s: Mutex::default(),
        });
        let sound = Sound { own };
        sound.levels(settings.levels);
        // Thirty tracks take longer to hear than a range lasts.
        sound.with(|audition| audition.set_loop(true));
        if let Err(error) = sound.tell(heard, teller.clone()) {
            tracing::error!("the clock cannot be told: {error}");
        }
        sound
    }

    /// Tells what the audition says, and the clock at even times while it runs.
    fn tell(&self, heard: std::sync::mpsc::Receiver<Event>, teller: Teller) -> io::Result<()> {
        let own: Weak<Own> = Arc::downgrade(&self.own);
        thread::Builder::new()
            .name("clock".to_owned())
            .spawn(move || {
                loop {
                    let event = heard.recv_timeout(CLOCK);
                    let Some(own) = own.upgrade() else { return };
                    match event {
                        Ok(event) => own.told(event, &teller),
                        Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                            let clock = own.clock();
                            if clock.playing {
                                teller.tell(Told::Clock { clock });
                            }
                        }
                        Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => return,
                    }
                }
            })
            .map(|_| ())
    }

    /// Milliseconds since the audition was opened.
    pub fn now_ms(&self) -> f64 {
        self.own.began.elapsed().as_secs_f64() * 1000.0
    }

    /// Where the sound is.
    pub fn clock(&self) -> Clock {
        self.own.clock()
    }

    /// Makes a clip's own sound ready; nothing is offered against it yet.
    pub fn load(&self, path: &Path, info: &ClipInfo, range_s: (f64, f64)) {
        self.with(|audition| {
            audition.pause();
            lock(&self.own.offered).clear();
            audition.offer(Vec::new());
            self.speech(&[]);
            let sound = info.has_audio.then(|| {
                let sound: Arc<dyn Recording> = Arc::new(ClipSound {
                    path: path.to_owned(),
                    origin_s: info.origin_s,
                });
                sound
            });
            audition.load_clip(sound, info.duration_s);
            audition.set_range(range_s.0, range_s.1);
            audition.seek(range_s.0);
        });
    }

    /// Lets go of the clip.
    pub fn unload(&self) {
        self.with(|audition| {
            audition.pause();
            lock(&self.own.offered).clear();
            audition.offer(Vec::new());
            audition.load_clip(None, 0.0);
        });
    }

    /// Offers the rows of a match; the best are decoded ahead. The track that is heard stays where it
    /// is, listed or not.
    pub fn offer(&self, library: &Library, rows: &[ResultDoc]) {
        self.with(|audition| {
            let selected = audition.asked().selected;
            let mut offered = lock(&self.own.offered);
            let kept = offered
                .iter()
                .find(|cue| Some(&cue.id) == selected.as_ref())
                .cloned();
            let mut cues: Vec<Cue> = rows
                .iter()
                .filter_map(|row| {
                    let id = &row.track.track_id;
                    match &kept {
                        Some(kept) if kept.id == *id => Some(kept.clone()),
                        _ => {
                            let track = library.track(id).ok()?;
                            Some(cue(&track, row.track.start_s))
                        }
                    }
                })
                .collect();
            if let Some(kept) = kept
                && cues.iter().all(|cue| cue.id != kept.id)
            {
                cues.push(kept);
            }
            offered.clone_from(&cues);
            audition.offer(cues);
        });
    }

    /// Offers one track more, and hops to it.
    pub fn offer_one(&self, track: &Track, start_s: f64) {
        self.with(|audition| {
            let mut offered = lock(&self.own.offered);
            offered.push(cue(track, start_s));
            audition.offer(offered.clone());
        });
        self.hop(Some(&track.id), start_s);
    }

    /// Hops to a track that is on offer, or to none; false where it is not on offer.
    pub fn hop(&self, track: Option<&str>, start_s: f64) -> bool {
        let Ok(audition) = &self.own.audition else {
            return true;
        };
        if let Some(id) = track {
            if lock(&self.own.offered).iter().all(|cue| cue.id != id) {
                return false;
            }
            self.slip(id, start_s);
        }
        log(audition.select(track));
        true
    }

    /// Moves a track against the picture.
    pub fn slip(&self, track: &str, start_s: f64) {
        self.with(|audition| {
            let mut offered = lock(&self.own.offered);
            if let Some(cue) = offered.iter_mut().find(|cue| cue.id == track)
                && (cue.start_s - start_s).abs() > 1e-6
            {
                cue.start_s = start_s;
                log(audition.set_start(track, start_s));
            }
        });
    }

    /// Plays.
    pub fn play(&self) {
        self.with(Audition::play);
    }

    /// Pauses.
    pub fn pause(&self) {
        self.with(Audition::pause);
    }

    /// Goes to a place of the clip.
    pub fn seek(&self, position_s: f64) {
        self.with(|audition| audition.seek(position_s));
    }

    /// Plays faster, slower or backwards.
    pub fn rate(&self, rate: f64) {
        self.with(|audition| audition.set_rate(rate));
    }

    /// Sets in, out and whether they loop.
    pub fn range(&self, (in_s, out_s): (f64, f64), looping: bool) {
        self.with(|audition| {
            audition.set_range(in_s, out_s);
            audition.set_loop(looping);
        });
    }

    /// Sets how loud what is.
    pub fn levels(&self, levels: Levels) {
        *lock(&self.own.levels) = levels;
        self.with(|audition| {
            audition.set_levels(fader_db(levels.music), fader_db(levels.clip));
            audition.set_matching(levels.match_loudness);
        });
        self.duck();
    }

    /// Where somebody speaks in the clip.
    pub fn speech(&self, speech_s: &[[f64; 2]]) {
        *lock(&self.own.speech_s) = speech_s.iter().map(|&[from, to]| (from, to)).collect();
        self.duck();
    }

    fn duck(&self) {
        let spans = if lock(&self.own.levels).duck {
            lock(&self.own.speech_s).clone()
        } else {
            Vec::new()
        };
        self.with(|audition| audition.set_ducking(&spans, DUCKED_DB));
    }

    /// Devices that sound can go to; none where the system tells none.
    pub fn devices(&self) -> Vec<Device> {
        let found = outputs().unwrap_or_else(|error| {
            tracing::warn!("{error}");
            Vec::new()
        });
        found
            .into_iter()
            .map(|output| Device {
                id: output.id,
                name: output.name,
                standard: output.is_default,
            })
            .collect()
    }

    /// Sends the sound to a device.
    pub fn choose(&self, device: Option<String>) -> Result<(), Fault> {
        match &self.own.audition {
            Ok(audition) => {
                audition.choose_output(choice(device));
                Ok(())
            }
            Err(fault) => Err(fault.clone()),
        }
    }

    fn with(&self, act: impl FnOnce(&Audition)) {
        if let Ok(audition) = &self.own.audition {
            act(audition);
        }
    }
}

fn choice(device: Option<String>) -> OutputChoice {
    device.map_or(OutputChoice::Default, OutputChoice::Named)
}

/// A fader's place as decibels: silence at 0, full at 1, and even steps for the ear between.
fn fader_db(level: f64) -> f64 {
    if level <= 0.0 {
        return -120.0;
    }
    40.0 * level.min(1.0).log10()
}

fn log(done: Result<(), PlayerError>) {
    if let Err(error) = done {
        tracing::warn!("{error}");
    }
}

#[cfg(test)]
mod tests {
    use super::fader_db;

    #[test]
    fn a_fader_goes_from_silence_to_full() {
        assert_eq!(fader_db(1.0), 0.0);
        assert!(
            (fader_db(0.5) + 12.0).abs() < 0.1,
            "half way sounds half as loud"
        );
        assert!(fader_db(0.0) < -90.0);
    }
}
