//! The channel that carries events to the page.

use std::sync::{Arc, Mutex, PoisonError};

use needledrop_session::{Event, EventSink, JobKind};
use tauri::ipc::Channel;

/// The page's channel. Events before the page listens are dropped: the page asks for the state when it starts.
#[derive(Clone, Default)]
pub struct WindowChannel(Arc<Mutex<Option<Channel<Event>>>>);

impl WindowChannel {
    /// Sends all later events to this channel.
    pub fn listen(&self, channel: Channel<Event>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(channel);
    }

    /// The event sink for a session.
    pub fn sink(&self) -> EventSink {
        let own = self.clone();
        Arc::new(move |event| own.send(event))
    }

    fn send(&self, event: Event) {
        // Not after a match: the rows are being drawn then.
        if let Event::JobEnded {
            job_kind: JobKind::Watch | JobKind::Index | JobKind::Proxy,
            ..
        } = event
        {
            std::thread::spawn(crate::memory::give_back);
        }
        // Cloned, so that the lock is not held while a slow page takes the event.
        let channel = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(channel) = channel
            && let Err(error) = channel.send(event)
        {
            tracing::debug!("the page does not listen: {error}");
        }
    }
}
