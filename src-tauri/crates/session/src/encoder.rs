//! The frame encoder, kept open between matches.

use std::sync::Mutex;

use needledrop_engine::{ClipEncoder, EngineError, Places};

use crate::dto::{Provider, Settings};
use crate::fault::Fault;
use crate::sync::lock;

/// The encoder of the last match, with the pack and the provider that it was opened for.
#[derive(Default)]
pub(crate) struct EncoderSlot(Mutex<Option<((String, Provider), ClipEncoder)>>);

impl EncoderSlot {
    /// Calls `work` with the encoder of the settings; opens it if it is not open. One call at a time runs.
    ///
    /// # Errors
    /// Those of the pack, and those of `work`.
    pub(crate) fn with<T>(
        &self,
        places: &Places,
        settings: Settings,
        work: impl FnOnce(&mut ClipEncoder) -> Result<T, EngineError>,
    ) -> Result<T, Fault> {
        let wanted = (settings.pack, settings.provider);
        let mut slot = lock(&self.0);
        let encoder = match slot.take() {
            Some((known, encoder)) if known == wanted => encoder,
            _ => ClipEncoder::new(places, &wanted.0, wanted.1.to_engine())?,
        };
        Ok(work(&mut slot.insert((wanted, encoder)).1)?)
    }
}
