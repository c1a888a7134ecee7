//! The audition as its callers hold it.

mod controls;
mod model;

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Instant;

use crate::PlayerError;
use crate::clock::{Clock, Snapshot};
use crate::drive::Drive;
use crate::duck::Ducking;
use crate::event::{Event, Sink};
use crate::frames::seconds;
use crate::keeper::{self, Note, OnStep, Status};
use crate::output::OutputChoice;
use crate::render::{Renderer, Told};
use crate::stock::Stock;
use model::Model;

/// Memory for decoded sound unless told otherwise, bytes: half an hour and more.
pub const BUDGET_BYTES: usize = 384 << 20;
/// Commands that the audio thread has not taken yet.
const MOST_WAITING: usize = 1024;
/// How often the plan follows the playhead, seconds.
const REPLAN_S: f64 = 0.5;

/// What has been asked for. What is heard of it follows within the latency; see [`Snapshot`].
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Whether it should play.
    pub playing: bool,
    /// Clip seconds for each second, −8 to 8.
    pub rate: f64,
    /// In and out, clip seconds.
    pub range_s: (f64, f64),
    /// Length of the clip, seconds; a day where none was loaded.
    pub duration_s: f64,
    /// Back to the in-point at the out-point.
    pub looping: bool,
    /// The chosen cue.
    pub selected: Option<String>,
    /// Level of the music, dB; silence from −90 down.
    pub music_db: f64,
    /// Level of the clip's own sound, dB.
    pub clip_db: f64,
    /// The music is muted.
    pub music_muted: bool,
    /// The clip's own sound is muted.
    pub clip_muted: bool,
    /// Cues are matched in loudness.
    pub matching: bool,
}

struct Inner {
    model: Mutex<Model>,
    stock: Arc<Stock>,
    drive: Arc<Drive>,
    clock: Arc<Clock>,
    status: Arc<Mutex<Status>>,
    notes: Sender<Note>,
    sink: Sink,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.stock.close();
        // The keeper may have gone first; then there is nothing to close.
        self.notes.send(Note::Close).ok();
    }
}

/// Up to thirty cues against one clip. Cheap to clone; the last clone to go closes the output.
#[derive(Clone)]
pub struct Audition {
    inner: Arc<Inner>,
}

impl Audition {
    /// Opens an audition that holds [`BUDGET_BYTES`] of sound at most. The output is opened in the
    /// background; until then, and without any, the playhead moves by the computer's clock.
    /// `sink` is called from threads of the audition and of callers, never from the one that makes
    /// sound; it should be quick.
    ///
    /// # Errors
    /// [`PlayerError::NoThread`].
    pub fn open(
        choice: OutputChoice,
        sink: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<Audition, PlayerError> {
        Audition::with_budget(choice, BUDGET_BYTES, sink)
    }

    /// As [`open`](Audition::open), with another budget in bytes.
    ///
    /// # Errors
    /// As there.
    pub fn with_budget(
        choice: OutputChoice,
        budget_bytes: usize,
        sink: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<Audition, PlayerError> {
        let (sink, now): (Sink, _) = (Arc::new(sink), Instant::now());
        let (clock, told) = (Arc::new(Clock::new(now)), Arc::<Told>::default());
        let (commands, taken) = rtrb::RingBuffer::new(MOST_WAITING);
        let ducking = Arc::<Ducking>::default();
        let renderer = Renderer::new(
            taken,
            Arc::clone(&clock),
            Arc::clone(&told),
            Arc::clone(&ducking),
        );
        let drive = Arc::new(Drive::new(renderer, Arc::clone(&clock)));
        let status = Arc::<Mutex<Status>>::default();
        // The keeper is there before what it keeps.
        let later = Arc::<OnceLock<Weak<Inner>>>::default();
        let on_step: OnStep = {
            let later = Arc::clone(&later);
            Box::new(move |now, has_ended| {
                if let Some(inner) = later.get().and_then(Weak::upgrade) {
                    Audition { inner }.follow(now, has_ended);
                }
            })
        };
        let notes = keeper::start(
            choice,
            Arc::clone(&drive),
            told,
            Arc::clone(&sink),
            Arc::clone(&status),
            on_step,
        )?;
        let inner = Arc::new(Inner {
            model: Mutex::new(Model::new(commands, ducking, now)),
            stock: Stock::open(budget_bytes, Arc::clone(&sink))?,
            drive,
            clock,
            status,
            notes,
            sink,
        });
        later.get_or_init(|| Arc::downgrade(&inner));
        Ok(Audition { inner })
    }

    /// What is heard at this moment; [`Snapshot::position_at`] tells others.
    pub fn snapshot(&self) -> Snapshot {
        let (inner, at) = (&self.inner, Instant::now());
        let (mut position_s, playing, rate) = inner.clock.now(at);
        if !playing && let Some(frame) = self.model().sought_meanwhile() {
            position_s = seconds(frame as f64);
        }
        let status = inner.status.lock().unwrap_or_else(PoisonError::into_inner);
        Snapshot {
            position_s,
            playing,
            rate,
            at,
            latency_s: inner.drive.latency_s(),
            output: Arc::clone(&status.output),
            rate_hz: status.rate_hz,
            buffer_frames: status.buffer_frames,
            underruns: inner.drive.underruns(),
            silent: status.silent,
        }
    }

    /// What has been asked for.
    pub fn asked(&self) -> Asked {
        self.model().asked.clone()
    }

    /// Bytes of decoded sound in memory.
    pub fn bytes_in_use(&self) -> usize {
        self.inner.stock.bytes_in_use()
    }

    /// Frames that the device asks for at a time, as it turns out.
    pub fn frames_asked(&self) -> u32 {
        self.inner.drive.asked()
    }

    fn model(&self) -> MutexGuard<'_, Model> {
        let model = self.inner.model.lock();
        model.unwrap_or_else(PoisonError::into_inner)
    }

    /// Now and then: what found no room goes on its way, and the plan follows the playhead.
    fn follow(&self, now: Instant, has_ended: bool) {
        let mut model = self.model();
        model.flush();
        if has_ended {
            // Unless play has been asked for again meanwhile.
            model.asked.playing = self.inner.clock.newest().1 || model.has_waiting();
        }
        let since_s = now.saturating_duration_since(model.planned).as_secs_f64();
        if has_ended || model.asked.playing && since_s > REPLAN_S {
            self.plan(&mut model, now);
        }
    }

    fn plan(&self, model: &mut Model, now: Instant) {
        model.planned = now;
        let playhead = model.playhead(&self.inner.clock);
        let scene = model.scene(playhead);
        self.inner.stock.set_scene(scene, now);
    }
}
