//! Supervises the output: notices when the device is gone, and moves the playhead by the computer's
//! clock while there is none.
//!
//! [`DeviceFinder`] opens devices on a thread of its own. The supervisor never waits for it, so the
//! playhead moves on while a device hangs.

use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::PlayerError;
use crate::device_finder::DeviceFinder;
use crate::event::{Event, Sink};
use crate::output::{MOST_BUFFER, OpenDevice, OutputChoice};
use crate::output_message::Message;
use crate::render::RenderReport;
use crate::render_clock::RenderClock;

/// Time between two steps while a device is open.
const STEP_WITH_DEVICE: Duration = Duration::from_millis(20);
/// Time between two steps without a device: then each step renders.
const STEP_WITHOUT_DEVICE: Duration = Duration::from_millis(10);
/// A device without a callback for this long is gone.
const STALL_TIMEOUT: Duration = Duration::from_millis(1500);
/// This many underruns within [`UNDERRUN_WINDOW`] double the buffer.
const UNDERRUN_LIMIT: u64 = 3;
const UNDERRUN_WINDOW: Duration = Duration::from_secs(10);

/// The open output, as [`Snapshot`](crate::Snapshot) shows it.
#[derive(Clone, Default)]
pub(crate) struct Status {
    pub output: Arc<str>,
    pub rate_hz: u32,
    pub buffer_frames: u32,
    pub silent: bool,
}

/// Called at every step with the moment and whether the playhead has stopped at an end since the last.
pub(crate) type OnStep = Box<dyn FnMut(Instant, bool) + Send>;

/// The state of the supervisor's thread.
pub(crate) struct OutputSupervisor {
    render_clock: Arc<RenderClock>,
    report: Arc<RenderReport>,
    sink: Sink,
    status: Arc<Mutex<Status>>,
    finder: Arc<DeviceFinder>,
    messages: Receiver<Message>,
    on_step: OnStep,
    device: Option<OpenDevice>,
    /// The supervisor's own driver id, newest one.
    driver: u64,
    /// Stops at an end that were reported.
    ended: u64,
    /// Underruns that were reported.
    underruns: u64,
    /// Underruns at the start of the current [`UNDERRUN_WINDOW`], and when it started.
    window: (u64, Instant),
    /// Callbacks so far, and when their number last changed.
    callbacks: (u64, Instant),
    loss_reported: bool,
}

/// Starts the supervisor's and the finder's thread; the sender reaches the supervisor.
pub(crate) fn start(
    choice: OutputChoice,
    render_clock: Arc<RenderClock>,
    report: Arc<RenderReport>,
    sink: Sink,
    status: Arc<Mutex<Status>>,
    on_step: OnStep,
) -> Result<Sender<Message>, PlayerError> {
    let (send, messages) = channel();
    let now = Instant::now();
    let supervisor = OutputSupervisor {
        driver: render_clock.new_driver(),
        finder: DeviceFinder::start(choice, Arc::clone(&render_clock), send.clone())?,
        render_clock,
        report,
        sink,
        status,
        messages,
        on_step,
        device: None,
        ended: 0,
        underruns: 0,
        window: (0, now),
        callbacks: (0, now),
        loss_reported: false,
    };
    let thread = std::thread::Builder::new();
    thread
        .name("audition".to_owned())
        .spawn(move || supervisor.run())
        .map_err(|source| PlayerError::NoThread { source })?;
    Ok(send)
}

impl OutputSupervisor {
    fn run(mut self) {
        self.drive_by_computer_clock(Instant::now());
        loop {
            let step = if self.device.is_some() {
                STEP_WITH_DEVICE
            } else {
                STEP_WITHOUT_DEVICE
            };
            match self.messages.recv_timeout(step) {
                Ok(Message::Close) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(message) => self.handle(message),
                Err(RecvTimeoutError::Timeout) => {}
            }
            let now = Instant::now();
            if self.render_clock.is_driver(self.driver) {
                self.render_clock.tick(self.driver, now);
            }
            self.check_device(now);
            self.report_events(now);
        }
        self.finder.close();
        if let Some(device) = self.device.take() {
            device.close_in_background();
        }
    }

    fn handle(&mut self, message: Message) {
        match message {
            Message::Wake | Message::Close => {}
            Message::Opened(device) => self.accept(*device),
            Message::NoOutput(why) => self.report_loss(why),
            Message::DeviceFailed(error) => {
                let is_open = self.device.as_ref();
                if is_open.is_some_and(|device| device.driver == error.driver) {
                    self.lose(error.why);
                }
            }
            Message::Choose(choice) => {
                if choice == OutputChoice::Silent && self.device.is_some() {
                    self.lose("silent output was chosen".to_owned());
                }
                self.finder.choose(choice);
            }
        }
    }

    /// Accepts a started device. Its first callback makes it the driver.
    fn accept(&mut self, device: OpenDevice) {
        let now = Instant::now();
        tracing::info!(output = %device.name, rate_hz = device.rate_hz, frames = device.buffer_frames, "sound output");
        *self.status.lock().unwrap_or_else(PoisonError::into_inner) = Status {
            output: Arc::clone(&device.name),
            rate_hz: device.rate_hz,
            buffer_frames: device.buffer_frames,
            silent: false,
        };
        self.callbacks = (self.render_clock.callbacks(), now);
        self.window = (self.render_clock.underruns(), now);
        self.loss_reported = false;
        (self.sink)(Event::DeviceReady {
            output: device.name.to_string(),
        });
        if let Some(before) = self.device.replace(device) {
            before.close_in_background();
        }
    }

    fn lose(&mut self, why: String) {
        let Some(device) = self.device.take() else {
            return;
        };
        device.close_in_background();
        self.drive_by_computer_clock(Instant::now());
        self.finder.device_lost();
        self.report_loss(why);
    }

    fn drive_by_computer_clock(&mut self, now: Instant) {
        self.driver = self.render_clock.new_driver();
        self.render_clock.set_driver(self.driver);
        self.render_clock.free_run(now);
        *self.status.lock().unwrap_or_else(PoisonError::into_inner) = Status {
            output: "".into(),
            rate_hz: crate::RATE_HZ,
            buffer_frames: 0,
            silent: true,
        };
    }

    fn report_loss(&mut self, why: String) {
        if self.device.is_none() && !std::mem::replace(&mut self.loss_reported, true) {
            tracing::warn!(%why, "no sound output");
            (self.sink)(Event::DeviceLost { why });
        }
    }

    /// Checks that the device still calls back, and that its buffer is large enough.
    fn check_device(&mut self, now: Instant) {
        let Some(device) = &self.device else {
            return;
        };
        let callbacks = self.render_clock.callbacks();
        if callbacks != self.callbacks.0 {
            self.callbacks = (callbacks, now);
        } else if now.saturating_duration_since(self.callbacks.1) > STALL_TIMEOUT {
            let started = device.started.load(Ordering::Acquire);
            let why = if started {
                "the device stopped asking for sound"
            } else {
                "the device did not start"
            };
            self.lose(why.to_owned());
            return;
        }
        let underruns = self.render_clock.underruns();
        if underruns - self.window.0 >= UNDERRUN_LIMIT && device.buffer_frames < MOST_BUFFER {
            let larger = (device.buffer_frames * 2).min(MOST_BUFFER);
            tracing::info!(frames = larger, "repeated underruns: larger buffer");
            self.window = (underruns, now);
            self.finder.set_buffer_frames(larger);
        } else if now.saturating_duration_since(self.window.1) > UNDERRUN_WINDOW {
            self.window = (underruns, now);
        }
    }

    /// Sends the events of the audio thread, which itself sends none.
    fn report_events(&mut self, now: Instant) {
        let ended = self.report.ended.load(Ordering::Acquire);
        let has_ended = std::mem::replace(&mut self.ended, ended) != ended;
        (self.on_step)(now, has_ended);
        if has_ended {
            (self.sink)(Event::Ended);
        }
        let count = self.render_clock.underruns();
        if std::mem::replace(&mut self.underruns, count) != count {
            (self.sink)(Event::Underrun { count });
        }
    }
}
