//! Keeps an output open: finds one, notices when it is gone, bridges the time without.
//!
//! Two threads. The scout talks to the sound system and may be held up by it; the keeper never
//! waits for the scout, so that the playhead goes on whatever happens.

use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::PlayerError;
use crate::drive::Drive;
use crate::event::{Event, Sink};
use crate::output::{self, LEAST_BUFFER, MOST_BUFFER, Open, OutputChoice, Trouble};
use crate::render::Told;

/// How often the scout looks for the device of choice.
const LOOK: Duration = Duration::from_millis(1000);
/// A device that was opened so recently and is gone again is not tried at once.
const BREATH: Duration = Duration::from_millis(500);
/// The keeper's step without a device, and with one.
const TICK: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(20));
/// A device that has asked for nothing for so long is gone.
const DEAD: Duration = Duration::from_millis(1500);
/// So many underruns within the time, and the buffer grows.
const TOO_MANY: (u64, Duration) = (3, Duration::from_secs(10));

/// What reaches the keeper.
pub(crate) enum Note {
    /// Something was asked for; without a device it should not wait for the next step.
    Wake,
    Opened(Box<Open>),
    NoOutput(String),
    Trouble(Trouble),
    Choose(OutputChoice),
    Close,
}

/// What is open, for whoever asks.
#[derive(Clone, Default)]
pub(crate) struct Status {
    pub output: Arc<str>,
    pub rate_hz: u32,
    pub buffer_frames: u32,
    pub silent: bool,
}

/// Called at every step: the moment, and whether the playhead has stopped at an end since.
pub(crate) type OnStep = Box<dyn FnMut(Instant, bool) + Send>;

/// What the scout is to look for.
struct Errand {
    choice: OutputChoice,
    buffer_frames: u32,
    /// What is open already.
    held: Option<(String, u32)>,
    closed: bool,
}

struct Shared {
    errand: Mutex<Errand>,
    news: Condvar,
}

impl Shared {
    fn change(&self, change: impl FnOnce(&mut Errand)) {
        change(&mut self.errand.lock().unwrap_or_else(PoisonError::into_inner));
        self.news.notify_all();
    }

    /// Waits, whatever else changes, unless everything is to be closed.
    fn pause(&self, time: Duration) {
        let errand = self.errand.lock().unwrap_or_else(PoisonError::into_inner);
        drop(
            self.news
                .wait_timeout_while(errand, time, |errand| !errand.closed),
        );
    }
}

/// The keeper's end of it.
pub(crate) struct Keeper {
    drive: Arc<Drive>,
    told: Arc<Told>,
    sink: Sink,
    status: Arc<Mutex<Status>>,
    shared: Arc<Shared>,
    notes: Receiver<Note>,
    on_step: OnStep,
    open: Option<Open>,
    /// The keeper's own number while it drives.
    turn: u64,
    ended: u64,
    underruns: u64,
    /// Underruns before, and since when they are counted.
    recent: (u64, Instant),
    callbacks: (u64, Instant),
    told_silent: bool,
}

/// Starts both threads; notes go to the keeper.
pub(crate) fn start(
    choice: OutputChoice,
    drive: Arc<Drive>,
    told: Arc<Told>,
    sink: Sink,
    status: Arc<Mutex<Status>>,
    on_step: OnStep,
) -> Result<Sender<Note>, PlayerError> {
    let (send, notes) = channel();
    let shared = Arc::new(Shared {
        errand: Mutex::new(Errand {
            choice,
            buffer_frames: LEAST_BUFFER,
            held: None,
            closed: false,
        }),
        news: Condvar::new(),
    });
    let now = Instant::now();
    let keeper = Keeper {
        turn: drive.number(),
        drive: Arc::clone(&drive),
        told,
        sink,
        status,
        shared: Arc::clone(&shared),
        notes,
        on_step,
        open: None,
        ended: 0,
        underruns: 0,
        recent: (0, now),
        callbacks: (0, now),
        told_silent: false,
    };
    let (to_keeper, thread) = (send.clone(), std::thread::Builder::new());
    thread
        .name("output-scout".to_owned())
        .spawn(move || scout(&shared, &drive, &to_keeper))
        .map_err(|source| PlayerError::NoThread { source })?;
    let thread = std::thread::Builder::new();
    thread
        .name("audition".to_owned())
        .spawn(move || keeper.run())
        .map_err(|source| PlayerError::NoThread { source })?;
    Ok(send)
}

impl Keeper {
    fn run(mut self) {
        self.take_over(Instant::now());
        loop {
            let (without, with) = TICK;
            let step = if self.open.is_some() { with } else { without };
            match self.notes.recv_timeout(step) {
                Ok(Note::Close) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(note) => self.take(note),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let now = Instant::now();
            if self.drive.has_turn(self.turn) {
                self.drive.tick(self.turn, now);
            }
            self.check(now);
            self.tell(now);
        }
        self.shared.change(|errand| errand.closed = true);
        if let Some(open) = self.open.take() {
            open.let_go();
        }
    }

    fn take(&mut self, note: Note) {
        match note {
            Note::Wake | Note::Close => {}
            Note::Opened(open) => self.accept(*open),
            Note::NoOutput(why) => self.tell_lost(why),
            Note::Trouble(trouble) => {
                let is_open = self
                    .open
                    .as_ref()
                    .is_some_and(|o| o.number == trouble.number);
                if is_open {
                    self.lose(trouble.why);
                }
            }
            Note::Choose(choice) => {
                if choice == OutputChoice::Silent && self.open.is_some() {
                    self.lose("no output is wanted".to_owned());
                }
                self.shared.change(|errand| errand.choice = choice);
            }
        }
    }

    /// Takes a device that has been started; its first callback takes the turn.
    fn accept(&mut self, open: Open) {
        let now = Instant::now();
        tracing::info!(output = %open.name, rate_hz = open.rate_hz, frames = open.buffer_frames, "sound output");
        *self.status.lock().unwrap_or_else(PoisonError::into_inner) = Status {
            output: Arc::clone(&open.name),
            rate_hz: open.rate_hz,
            buffer_frames: open.buffer_frames,
            silent: false,
        };
        self.callbacks = (self.drive.callbacks(), now);
        self.recent = (self.drive.underruns(), now);
        self.told_silent = false;
        (self.sink)(Event::DeviceReady {
            output: open.name.to_string(),
        });
        if let Some(before) = self.open.replace(open) {
            before.let_go();
        }
    }

    /// The device is gone.
    fn lose(&mut self, why: String) {
        let Some(open) = self.open.take() else {
            return;
        };
        open.let_go();
        self.take_over(Instant::now());
        self.shared.change(|errand| errand.held = None);
        self.tell_lost(why);
    }

    /// The computer's clock drives from here on.
    fn take_over(&mut self, now: Instant) {
        self.turn = self.drive.number();
        self.drive.take_turn(self.turn);
        self.drive.free_run(now);
        *self.status.lock().unwrap_or_else(PoisonError::into_inner) = Status {
            output: "".into(),
            rate_hz: crate::RATE_HZ,
            buffer_frames: 0,
            silent: true,
        };
    }

    fn tell_lost(&mut self, why: String) {
        if self.open.is_none() && !std::mem::replace(&mut self.told_silent, true) {
            tracing::warn!(%why, "no sound output");
            (self.sink)(Event::DeviceLost { why });
        }
    }

    /// Whether the device is alive, and whether its buffer is large enough.
    fn check(&mut self, now: Instant) {
        let Some(open) = &self.open else {
            return;
        };
        let callbacks = self.drive.callbacks();
        if callbacks != self.callbacks.0 {
            self.callbacks = (callbacks, now);
        } else if now.saturating_duration_since(self.callbacks.1) > DEAD {
            let started = open.started.load(Ordering::Acquire);
            let why = if started {
                "it stopped asking for sound"
            } else {
                "it did not start"
            };
            self.lose(why.to_owned());
            return;
        }
        let (many, within) = TOO_MANY;
        let underruns = self.drive.underruns();
        if underruns - self.recent.0 >= many && open.buffer_frames < MOST_BUFFER {
            let larger = (open.buffer_frames * 2).min(MOST_BUFFER);
            tracing::info!(
                frames = larger,
                "the output ran dry too often; a larger buffer"
            );
            self.recent = (underruns, now);
            self.shared.change(|errand| errand.buffer_frames = larger);
        } else if now.saturating_duration_since(self.recent.1) > within {
            self.recent = (underruns, now);
        }
    }

    /// Passes on what happened on the audio thread.
    fn tell(&mut self, now: Instant) {
        let ended = self.told.ended.load(Ordering::Acquire);
        let has_ended = std::mem::replace(&mut self.ended, ended) != ended;
        (self.on_step)(now, has_ended);
        if has_ended {
            (self.sink)(Event::Ended);
        }
        let count = self.drive.underruns();
        if std::mem::replace(&mut self.underruns, count) != count {
            (self.sink)(Event::Underrun { count });
        }
    }
}

/// Looks for the device of choice every second, and opens it where it is not the one that is open.
fn scout(shared: &Shared, drive: &Arc<Drive>, notes: &Sender<Note>) {
    let mut host = None;
    let mut opened: Option<Instant> = None;
    loop {
        if let Some(left) = opened.and_then(|at| BREATH.checked_sub(at.elapsed())) {
            shared.pause(left);
        }
        let (choice, buffer_frames, held) = {
            let errand = shared.errand.lock().unwrap_or_else(PoisonError::into_inner);
            if errand.closed {
                return;
            }
            (
                errand.choice.clone(),
                errand.buffer_frames,
                errand.held.clone(),
            )
        };
        if choice != OutputChoice::Silent {
            output::hush();
            // A sound server that was started again is another one: ask anew where nothing is open.
            let asked = match &held {
                Some(_) => host.get_or_insert_with(cpal::default_host),
                None => host.insert(cpal::default_host()),
            };
            let found = output::find(asked, &choice).and_then(|found| {
                let wanted = (found.id.clone(), buffer_frames);
                if held.as_ref() == Some(&wanted) {
                    return Ok(None);
                }
                let tell = notes.clone();
                // The keeper may be gone already; then nobody minds.
                let on_trouble = move |trouble| drop(tell.send(Note::Trouble(trouble)));
                let open = output::open(&found, buffer_frames, drive, &on_trouble)?;
                Ok(Some((wanted, open)))
            });
            let note = match found {
                Ok(None) => None,
                Ok(Some((wanted, open))) => {
                    shared.change(|errand| errand.held = Some(wanted));
                    opened = Some(Instant::now());
                    Some(Note::Opened(Box::new(open)))
                }
                Err(why) => {
                    host = None;
                    Some(Note::NoOutput(why))
                }
            };
            if note.is_some_and(|note| notes.send(note).is_err()) {
                return;
            }
        }
        let errand = shared.errand.lock().unwrap_or_else(PoisonError::into_inner);
        if errand.closed {
            return;
        }
        let unchanged = errand.choice == choice && errand.buffer_frames == buffer_frames;
        if unchanged {
            drop(shared.news.wait_timeout(errand, LOOK));
        }
    }
}
