//! The audition's clock and events in the form of a session's events.

use needledrop_engine::music::audition::{Event as PlayerEvent, Snapshot};

use super::Shared;
use crate::dto::{Clock, Output, rounded};
use crate::events::{Event, EventSink};
use crate::sync::lock;

impl Shared {
    pub(super) fn clock(&self) -> Clock {
        // Held to the end: see the field's comment.
        let clip = lock(&self.clip);
        let Ok(audition) = &self.audition else {
            return still();
        };
        let Snapshot {
            position_s,
            playing,
            rate,
            at,
            latency_s,
            output,
            rate_hz,
            buffer_frames,
            underruns,
            silent,
        } = audition.snapshot();
        let asked = audition.asked();
        let start_s = asked.selected.as_ref().and_then(|id| {
            lock(&self.offered)
                .iter()
                .find(|cue| cue.id == *id)
                .map(|c| c.start_s)
        });
        let at_ms = at.saturating_duration_since(self.began).as_secs_f64() * 1000.0;
        Clock {
            clip: clip.map(|id| id.to_string()),
            position_s,
            at_ms,
            playing,
            rate,
            range_s: asked.range_s,
            looping: asked.looping,
            track_id: asked.selected,
            start_s: start_s.unwrap_or(0.0),
            output: (!silent).then(|| Output {
                name: output.to_string(),
                rate_hz,
                buffer_frames,
                latency_ms: rounded(latency_s * 1000.0, 1),
            }),
            underruns: u32::try_from(underruns).unwrap_or(u32::MAX),
        }
    }

    pub(super) fn report(&self, event: PlayerEvent, sink: &EventSink) {
        match event {
            PlayerEvent::Ended => {
                sink(Event::Ended);
            }
            PlayerEvent::DeviceLost { why } => {
                tracing::warn!("the sound device is gone: {why}");
                sink(Event::Device {
                    output: None,
                    lost: Some(lock(&self.device).clone()),
                });
            }
            PlayerEvent::DeviceReady { output } => {
                *lock(&self.device) = output;
                sink(Event::Device {
                    output: self.clock().output,
                    lost: None,
                });
            }
            PlayerEvent::CueFailed {
                id: Some(track_id),
                why,
            } => sink(Event::TrackFailed {
                track_id,
                message: why,
            }),
            PlayerEvent::CueFailed { id: None, why } => {
                tracing::warn!("the clip's sound cannot be played: {why}");
            }
            PlayerEvent::Changed | PlayerEvent::Underrun { .. } | PlayerEvent::CueReady { .. } => {}
        }
        sink(Event::Clock {
            clock: self.clock(),
        });
    }
}

/// The clock of an audition that could not be opened.
fn still() -> Clock {
    Clock {
        clip: None,
        position_s: 0.0,
        at_ms: 0.0,
        playing: false,
        rate: 1.0,
        range_s: (0.0, 0.0),
        looping: false,
        track_id: None,
        start_s: 0.0,
        output: None,
        underruns: 0,
    }
}
