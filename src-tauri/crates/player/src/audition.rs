//! The audition: the handle that callers hold.

mod asked;
mod controls;
mod model;

use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Instant;

use crate::PlayerError;
use crate::clock::Clock;
use crate::decode_cache::DecodeCache;
use crate::duck::Ducking;
use crate::event::{Event, Sink};
use crate::frames::seconds;
use crate::output::OutputChoice;
use crate::output_message::Message;
use crate::output_supervisor::{self, OnStep, Status};
use crate::render::{RenderReport, Renderer};
use crate::render_clock::RenderClock;
use crate::snapshot::Snapshot;
use model::Model;

pub use asked::Asked;

/// Default memory for decoded sound, bytes: 5.8 minutes of stereo. See `docs/decisions/0012-decoded-sound.md`.
pub const BUDGET_BYTES: usize = 64 << 20;
/// Room in the queue to the audio thread, commands.
const MOST_WAITING: usize = 1024;
/// Time between two plans while the playhead moves, seconds.
const REPLAN_S: f64 = 0.5;

struct Inner {
    model: Mutex<Model>,
    cache: Arc<DecodeCache>,
    render_clock: Arc<RenderClock>,
    clock: Arc<Clock>,
    status: Arc<Mutex<Status>>,
    messages: Sender<Message>,
    sink: Sink,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.cache.close();
        // The supervisor may have ended first; then there is nothing to close.
        self.messages.send(Message::Close).ok();
    }
}

/// Up to thirty cues against one clip. Cheap to clone; dropping the last clone closes the output.
#[derive(Clone)]
pub struct Audition {
    inner: Arc<Inner>,
}

impl Audition {
    /// Opens an audition that keeps at most [`BUDGET_BYTES`] of decoded sound. The output is opened in
    /// the background; until then, and without any, the playhead moves by the computer's clock.
    /// `sink` is called on threads of the audition and of callers, never on the audio thread; it should
    /// return quickly.
    ///
    /// # Errors
    /// [`PlayerError::NoThread`].
    pub fn open(
        choice: OutputChoice,
        sink: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<Audition, PlayerError> {
        Audition::with_budget(choice, BUDGET_BYTES, sink)
    }

    /// As [`open`](Audition::open), with another budget, bytes.
    ///
    /// # Errors
    /// As there.
    pub fn with_budget(
        choice: OutputChoice,
        budget_bytes: usize,
        sink: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<Audition, PlayerError> {
        let (sink, now): (Sink, _) = (Arc::new(sink), Instant::now());
        let (clock, report) = (Arc::new(Clock::new(now)), Arc::<RenderReport>::default());
        let (commands, taken) = rtrb::RingBuffer::new(MOST_WAITING);
        let ducking = Arc::<Ducking>::default();
        let renderer = Renderer::new(
            taken,
            Arc::clone(&clock),
            Arc::clone(&report),
            Arc::clone(&ducking),
        );
        let render_clock = Arc::new(RenderClock::new(renderer, Arc::clone(&clock)));
        let status = Arc::<Mutex<Status>>::default();
        // The supervisor starts before the audition exists, so it gets it later.
        let later = Arc::<OnceLock<Weak<Inner>>>::default();
        let on_step: OnStep = {
            let later = Arc::clone(&later);
            Box::new(move |now, has_ended| {
                if let Some(inner) = later.get().and_then(Weak::upgrade) {
                    Audition { inner }.follow(now, has_ended);
                }
            })
        };
        let messages = output_supervisor::start(
            choice,
            Arc::clone(&render_clock),
            report,
            Arc::clone(&sink),
            Arc::clone(&status),
            on_step,
        )?;
        let inner = Arc::new(Inner {
            model: Mutex::new(Model::new(commands, ducking, now)),
            cache: DecodeCache::open(budget_bytes, Arc::clone(&sink))?,
            render_clock,
            clock,
            status,
            messages,
            sink,
        });
        later.get_or_init(|| Arc::downgrade(&inner));
        Ok(Audition { inner })
    }

    /// What is heard now; [`Snapshot::position_at`] extrapolates to other moments.
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
            latency_s: inner.render_clock.latency_s(),
            output: Arc::clone(&status.output),
            rate_hz: status.rate_hz,
            buffer_frames: status.buffer_frames,
            underruns: inner.render_clock.underruns(),
            silent: status.silent,
        }
    }

    /// The state that callers have asked for.
    pub fn asked(&self) -> Asked {
        self.model().asked.clone()
    }

    /// Bytes of decoded sound in memory.
    pub fn bytes_in_use(&self) -> usize {
        self.inner.cache.bytes_in_use()
    }

    /// Frames of the device's last callback; they can differ from its buffer.
    pub fn frames_asked(&self) -> u32 {
        self.inner.render_clock.asked()
    }

    fn model(&self) -> MutexGuard<'_, Model> {
        let model = self.inner.model.lock();
        model.unwrap_or_else(PoisonError::into_inner)
    }

    /// Called by the supervisor at every step: sends waiting commands and replans.
    fn follow(&self, now: Instant, has_ended: bool) {
        let mut model = self.model();
        model.flush();
        if has_ended {
            // A later command may have started playing again.
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
        let playback = model.playback(playhead);
        self.inner.cache.set_playback(playback, now);
    }
}
