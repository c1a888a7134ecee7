//! Looks for the chosen output device, opens it and hands it to the output supervisor.
//!
//! Calls into the sound system can block. They run on this thread alone, so the supervisor never
//! waits for them.

use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::PlayerError;
use crate::output::{self, LEAST_BUFFER, OpenDevice, OutputChoice};
use crate::output_message::Message;
use crate::render_clock::RenderClock;

/// Time between two looks for the chosen device.
const POLL_INTERVAL: Duration = Duration::from_millis(1000);
/// Least time between two openings: a device that fails right after it was opened is not retried in a
/// tight loop.
const REOPEN_DELAY: Duration = Duration::from_millis(500);

/// The device that should be open.
struct Target {
    choice: OutputChoice,
    buffer_frames: u32,
    /// Id and buffer frames of the device that is open.
    open: Option<(String, u32)>,
    closed: bool,
}

/// The target, shared by the supervisor, which sets it, and the finder's thread.
pub(crate) struct DeviceFinder {
    target: Mutex<Target>,
    changed: Condvar,
}

impl DeviceFinder {
    /// Starts the thread. It reports opened devices and failures to `messages`.
    pub fn start(
        choice: OutputChoice,
        render_clock: Arc<RenderClock>,
        messages: Sender<Message>,
    ) -> Result<Arc<DeviceFinder>, PlayerError> {
        let finder = Arc::new(DeviceFinder {
            target: Mutex::new(Target {
                choice,
                buffer_frames: LEAST_BUFFER,
                open: None,
                closed: false,
            }),
            changed: Condvar::new(),
        });
        let this = Arc::clone(&finder);
        std::thread::Builder::new()
            .name("device-finder".to_owned())
            .spawn(move || this.run(&render_clock, &messages))
            .map_err(|source| PlayerError::NoThread { source })?;
        Ok(finder)
    }

    /// Looks for another device from now on.
    pub fn choose(&self, choice: OutputChoice) {
        self.change(|target| target.choice = choice);
    }

    /// Reopens the device with a buffer of that many frames.
    pub fn set_buffer_frames(&self, buffer_frames: u32) {
        self.change(|target| target.buffer_frames = buffer_frames);
    }

    /// The open device is gone: look for one again.
    pub fn device_lost(&self) {
        self.change(|target| target.open = None);
    }

    /// Ends the finder's thread; a call into the sound system can delay that.
    pub fn close(&self) {
        self.change(|target| target.closed = true);
    }

    fn change(&self, change: impl FnOnce(&mut Target)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Target> {
        self.target.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for that long, or until [`close`](DeviceFinder::close).
    fn pause(&self, time: Duration) {
        let target = self.lock();
        drop(
            self.changed
                .wait_timeout_while(target, time, |target| !target.closed),
        );
    }

    fn run(&self, render_clock: &Arc<RenderClock>, messages: &Sender<Message>) {
        let mut host = None;
        let mut opened: Option<Instant> = None;
        loop {
            if let Some(left) = opened.and_then(|at| REOPEN_DELAY.checked_sub(at.elapsed())) {
                self.pause(left);
            }
            let (choice, buffer_frames, open) = {
                let target = self.lock();
                if target.closed {
                    return;
                }
                (
                    target.choice.clone(),
                    target.buffer_frames,
                    target.open.clone(),
                )
            };
            if choice != OutputChoice::Silent {
                output::silence_alsa_errors();
                // A restarted sound server needs a new connection, so without an open device ask anew.
                let host_now = match &open {
                    Some(_) => host.get_or_insert_with(cpal::default_host),
                    None => host.insert(cpal::default_host()),
                };
                let found = find_and_open(
                    host_now,
                    &choice,
                    buffer_frames,
                    open.as_ref(),
                    render_clock,
                    messages,
                );
                let message = match found {
                    Ok(None) => None,
                    Ok(Some((wanted, device))) => {
                        self.change(|target| target.open = Some(wanted));
                        opened = Some(Instant::now());
                        Some(Message::Opened(Box::new(device)))
                    }
                    Err(why) => {
                        host = None;
                        Some(Message::NoOutput(why))
                    }
                };
                if message.is_some_and(|message| messages.send(message).is_err()) {
                    return;
                }
            }
            let target = self.lock();
            if target.closed {
                return;
            }
            let is_unchanged = target.choice == choice && target.buffer_frames == buffer_frames;
            if is_unchanged {
                drop(self.changed.wait_timeout(target, POLL_INTERVAL));
            }
        }
    }
}

/// Id and buffer frames that were asked for, and the device.
type Opened = ((String, u32), OpenDevice);

/// Opens the chosen device; `None` where it is open already with that buffer.
fn find_and_open(
    host: &cpal::Host,
    choice: &OutputChoice,
    buffer_frames: u32,
    open: Option<&(String, u32)>,
    render_clock: &Arc<RenderClock>,
    messages: &Sender<Message>,
) -> Result<Option<Opened>, String> {
    let found = output::find(host, choice)?;
    let wanted = (found.id.clone(), buffer_frames);
    if open == Some(&wanted) {
        return Ok(None);
    }
    let messages = messages.clone();
    // The supervisor may have ended; then nobody needs the message.
    let on_error = move |error| drop(messages.send(Message::DeviceFailed(error)));
    let device = output::open(&found, buffer_frames, render_clock, &on_error)?;
    Ok(Some((wanted, device)))
}
