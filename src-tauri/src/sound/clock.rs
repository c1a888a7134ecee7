//! Where the sound is, and what happened to it, as the window is told.

use needledrop_engine::music::audition::{Event, Snapshot};

use super::Own;
use crate::desk::lock;
use crate::screen::{Clock, Output, rounded};
use crate::told::{Teller, Told};

impl Own {
    pub(super) fn clock(&self) -> Clock {
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

    pub(super) fn told(&self, event: Event, teller: &Teller) {
        match event {
            Event::Ended => {
                teller.tell(Told::Ended);
            }
            Event::DeviceLost { why } => {
                tracing::warn!("the sound device is gone: {why}");
                teller.tell(Told::Device {
                    output: None,
                    lost: Some(lock(&self.device).clone()),
                });
            }
            Event::DeviceReady { output } => {
                *lock(&self.device) = output;
                teller.tell(Told::Device {
                    output: self.clock().output,
                    lost: None,
                });
            }
            Event::CueFailed {
                id: Some(track_id),
                why,
            } => teller.tell(Told::TrackFailed {
                track_id,
                message: why,
            }),
            Event::CueFailed { id: None, why } => {
                tracing::warn!("the clip's sound cannot be played: {why}");
            }
            Event::Changed | Event::Underrun { .. } | Event::CueReady { .. } => {}
        }
        teller.tell(Told::Clock {
            clock: self.clock(),
        });
    }
}

/// The clock of an audition that could not be opened.
fn still() -> Clock {
    Clock {
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
