//! The audition of a session: its clip, the tracks on offer, range, levels and clock.

use std::path::Path;
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};
use std::{io, thread};

use needledrop_engine::Library;
use needledrop_engine::catalog::Track;
use needledrop_engine::matching::ResultDoc;
use needledrop_engine::media::ClipInfo;
use needledrop_engine::music::audition::{
    Audition, ClipSound, Cue, Event as PlayerEvent, OutputChoice, PlayerError, Recording, cue,
    outputs,
};
use needledrop_engine::projects::ClipId;

use crate::dto::{Clock, Device, Levels, Settings};
use crate::events::{Event, EventSink};
use crate::fault::Fault;
use crate::sync::lock;

mod clock;

/// Reduction of the music under speech, dB.
const DUCKED_DB: f64 = 10.0;
/// Time between two reports of a running clock.
const CLOCK: Duration = Duration::from_millis(250);

/// The audition, with the tracks that it offers.
pub(crate) struct Sound {
    shared: Arc<Shared>,
}

struct Shared {
    /// An error if the system could not start the audition's threads.
    audition: Result<Audition, Fault>,
    began: Instant,
    /// The clip whose sound is loaded. Locked while the clip is replaced and while the clock is read, so that a clock has
    /// the range of the clip that it names.
    clip: Mutex<Option<ClipId>>,
    offered: Mutex<Vec<Cue>>,
    levels: Mutex<Levels>,
    /// Name of the last device.
    device: Mutex<String>,
    speech_s: Mutex<Vec<(f64, f64)>>,
}

impl Sound {
    /// Opens the sound in the background. The clock runs without a device, too. `output` overrides the device of the settings.
    pub(crate) fn open(
        output: Option<OutputChoice>,
        settings: &Settings,
        sink: &EventSink,
    ) -> Sound {
        let (sender, events) = std::sync::mpsc::channel::<PlayerEvent>();
        let output = output.unwrap_or_else(|| choice(settings.device.clone()));
        let audition = Audition::open(output, move |event| {
            // The receiver exists as long as the session.
            drop(sender.send(event));
        });
        if let Err(error) = &audition {
            tracing::error!("{error}");
        }
        let shared = Arc::new(Shared {
            audition: audition.map_err(Fault::from),
            began: Instant::now(),
            clip: Mutex::default(),
            offered: Mutex::default(),
            levels: Mutex::new(settings.levels),
            device: Mutex::default(),
            speech_s: Mutex::default(),
        });
        let sound = Sound { shared };
        sound.levels(settings.levels);
        // Comparing thirty tracks takes longer than one range, so the range repeats.
        sound.with(|audition| audition.set_loop(true));
        if let Err(error) = sound.report(events, sink.clone()) {
            tracing::error!("the clock cannot be reported: {error}");
        }
        sound
    }

    /// Starts the thread that reports the audition's events, and its clock every [`CLOCK`] while it runs.
    fn report(
        &self,
        events: std::sync::mpsc::Receiver<PlayerEvent>,
        sink: EventSink,
    ) -> io::Result<()> {
        let shared: Weak<Shared> = Arc::downgrade(&self.shared);
        thread::Builder::new()
            .name("clock".to_owned())
            .spawn(move || {
                loop {
                    let event = events.recv_timeout(CLOCK);
                    let Some(shared) = shared.upgrade() else {
                        return;
                    };
                    match event {
                        Ok(event) => shared.report(event, &sink),
                        Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                            let clock = shared.clock();
                            if clock.playing {
                                sink(Event::Clock { clock });
                            }
                        }
                        Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => return,
                    }
                }
            })
            .map(|_| ())
    }

    /// Milliseconds since the audition was opened.
    pub(crate) fn now_ms(&self) -> f64 {
        self.shared.began.elapsed().as_secs_f64() * 1000.0
    }

    /// The audition's present clock.
    pub(crate) fn clock(&self) -> Clock {
        self.shared.clock()
    }

    /// Loads a clip's own sound; no track is on offer yet.
    pub(crate) fn load(&self, id: ClipId, path: &Path, info: &ClipInfo, range_s: (f64, f64)) {
        let mut clip = lock(&self.shared.clip);
        *clip = Some(id);
        self.with(|audition| {
            audition.pause();
            lock(&self.shared.offered).clear();
            audition.offer(Vec::new());
            self.speech(&[]);
            let sound = info.has_audio.then(|| {
                let sound: Arc<dyn Recording> =
                    Arc::new(ClipSound::new(path.to_owned(), info.clone()));
                sound
            });
            audition.load_clip(sound, info.duration_s);
            audition.set_range(range_s.0, range_s.1);
            audition.seek(range_s.0);
        });
    }

    /// Unloads the clip and its offers.
    pub(crate) fn unload(&self) {
        let mut clip = lock(&self.shared.clip);
        *clip = None;
        self.with(|audition| {
            audition.pause();
            lock(&self.shared.offered).clear();
            audition.offer(Vec::new());
            audition.load_clip(None, 0.0);
        });
    }

    /// Cues of rows, in their order.
    pub(crate) fn cues(&self, library: &Library, rows: &[ResultDoc]) -> Vec<Cue> {
        rows.iter()
            .filter_map(|row| {
                let track = library.track(&row.track.track_id).ok()?;
                Some(cue(&track, row.track.start_s))
            })
            .collect()
    }

    /// Offers cues; the best are decoded ahead. The selected track keeps its start. It stays on offer if the
    /// new rows do not list it.
    pub(crate) fn offer(&self, mut cues: Vec<Cue>) {
        self.with(|audition| {
            let selected = audition.asked().selected;
            let mut offered = lock(&self.shared.offered);
            let kept = offered
                .iter()
                .find(|cue| Some(&cue.id) == selected.as_ref())
                .cloned();
            if let Some(kept) = kept {
                match cues.iter_mut().find(|cue| cue.id == kept.id) {
                    Some(cue) => *cue = kept,
                    None => cues.push(kept),
                }
            }
            offered.clone_from(&cues);
            audition.offer(cues);
        });
    }

    /// Ids of the tracks on offer, best first.
    pub(crate) fn offered(&self) -> Vec<String> {
        let offered = lock(&self.shared.offered);
        offered.iter().map(|cue| cue.id.clone()).collect()
    }

    /// Offers one more track and selects it.
    pub(crate) fn offer_one(&self, track: &Track, start_s: f64) {
        self.with(|audition| {
            let mut offered = lock(&self.shared.offered);
            offered.push(cue(track, start_s));
            audition.offer(offered.clone());
        });
        self.hop(Some(&track.id), start_s);
    }

    /// Selects a track that is on offer, or none; returns false if it is not on offer.
    pub(crate) fn hop(&self, track: Option<&str>, start_s: f64) -> bool {
        let Ok(audition) = &self.shared.audition else {
            return true;
        };
        if let Some(id) = track {
            if lock(&self.shared.offered).iter().all(|cue| cue.id != id) {
                return false;
            }
            self.slip(id, start_s);
        }
        log(audition.select(track));
        true
    }

    /// Moves a track against the picture: its second `start_s` meets the in-point.
    pub(crate) fn slip(&self, track: &str, start_s: f64) {
        self.with(|audition| {
            let mut offered = lock(&self.shared.offered);
            if let Some(cue) = offered.iter_mut().find(|cue| cue.id == track)
                && (cue.start_s - start_s).abs() > 1e-6
            {
                cue.start_s = start_s;
                log(audition.set_start(track, start_s));
            }
        });
    }

    /// Starts playback at the playhead.
    pub(crate) fn play(&self) {
        self.with(Audition::play);
    }

    /// Stops playback; the playhead stays.
    pub(crate) fn pause(&self) {
        self.with(Audition::pause);
    }

    /// Moves the playhead to a second of the clip.
    pub(crate) fn seek(&self, position_s: f64) {
        self.with(|audition| audition.seek(position_s));
    }

    /// Sets the speed: 1 is real time, negative plays backwards.
    pub(crate) fn rate(&self, rate: f64) {
        self.with(|audition| audition.set_rate(rate));
    }

    /// Sets in, out and whether the range loops.
    pub(crate) fn range(&self, range_s: (f64, f64), looping: bool) {
        self.with(|audition| audition.set_loop(looping));
        self.set_range(range_s);
    }

    /// Sets in and out; the same range again changes nothing.
    pub(crate) fn set_range(&self, (in_s, out_s): (f64, f64)) {
        self.with(|audition| {
            if audition.asked().range_s != (in_s, out_s) {
                audition.set_range(in_s, out_s);
            }
        });
    }

    /// Sets faders, loudness matching and the lowering under speech.
    pub(crate) fn levels(&self, levels: Levels) {
        *lock(&self.shared.levels) = levels;
        self.with(|audition| {
            audition.set_levels(fader_db(levels.music), fader_db(levels.clip));
            audition.set_matching(levels.match_loudness);
        });
        self.duck();
    }

    /// Sets the spans of speech, under which the music is lowered.
    pub(crate) fn speech(&self, speech_s: &[[f64; 2]]) {
        *lock(&self.shared.speech_s) = speech_s.iter().map(|&[from, to]| (from, to)).collect();
        self.duck();
    }

    fn duck(&self) {
        let spans = if lock(&self.shared.levels).duck {
            lock(&self.shared.speech_s).clone()
        } else {
            Vec::new()
        };
        self.with(|audition| audition.set_ducking(&spans, DUCKED_DB));
    }

    /// The sound devices; an empty list if the system cannot list them.
    pub(crate) fn devices(&self) -> Vec<Device> {
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

    /// Plays through another device; `None` is the system's default.
    pub(crate) fn choose(&self, device: Option<String>) -> Result<(), Fault> {
        match &self.shared.audition {
            Ok(audition) => {
                audition.choose_output(choice(device));
                Ok(())
            }
            Err(fault) => Err(fault.clone()),
        }
    }

    fn with(&self, act: impl FnOnce(&Audition)) {
        if let Ok(audition) = &self.shared.audition {
            act(audition);
        }
    }
}

fn choice(device: Option<String>) -> OutputChoice {
    device.map_or(OutputChoice::Default, OutputChoice::Named)
}

/// Gain of a fader in dB: 40 times the decimal logarithm of its position, −120 at 0.
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
    fn a_fader_reaches_from_silence_to_full_level() {
        assert_eq!(fader_db(1.0), 0.0);
        assert!(
            (fader_db(0.5) + 12.0).abs() < 0.1,
            "half way sounds half as loud"
        );
        assert!(fader_db(0.0) < -90.0);
    }
}
