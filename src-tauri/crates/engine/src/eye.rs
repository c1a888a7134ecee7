//! What looks at pictures: a pack's encoder with its projector and moods.
//!
//! To open them takes some 100 ms, seconds the first time on a machine. Whoever looks more than once keeps
//! its eye.

use std::path::PathBuf;

use needledrop_models::Pack;
use needledrop_models::runtime::{Provider, SessionOptions};
use needledrop_vision::{FrameEncoder, Picture, Projector, open_encoder};

use crate::error::EngineError;
use crate::mood::MoodScale;
use crate::packs;
use crate::places::Places;

/// A pack that looks at pictures.
pub struct Eye {
    pack: Pack,
    cache: PathBuf,
    prefer: Option<Provider>,
    encoder: Option<Box<dyn FrameEncoder>>,
    sense: Option<Sense>,
}

/// What a clip vector means: where it lies among music, and which mood that is.
pub(crate) struct Sense {
    pub(crate) projector: Projector,
    pub(crate) scale: MoodScale,
}

impl Eye {
    /// The eye of a pack, run by `prefer` where that is given and can be, else by the best there is. Nothing
    /// but the pack's manifest is read yet.
    ///
    /// # Errors
    /// [`EngineError::UnknownPack`], or [`EngineError::Model`] for a bad manifest.
    pub fn of(places: &Places, pack: &str, prefer: Option<Provider>) -> Result<Eye, EngineError> {
        Ok(Eye {
            pack: packs::open(places, pack)?,
            cache: places.cache.clone(),
            prefer,
            encoder: None,
            sense: None,
        })
    }

    /// Opens everything, registers the codecs and looks at a grey picture, so that no match waits for any of it.
    ///
    /// # Errors
    /// [`EngineError::Media`] without GStreamer, [`EngineError::Model`] and [`EngineError::Vision`] for the pack.
    pub fn warm(&mut self) -> Result<(), EngineError> {
        needledrop_media::init()?;
        self.sense()?;
        let side = self.pack.manifest.visual.resize_short.clamp(16, 1024);
        let rgb = vec![128_u8; (side * side * 3) as usize];
        let grey = Picture {
            width: side,
            height: side,
            rgb: &rgb,
        };
        self.encoder()?.encode(&[grey])?;
        Ok(())
    }

    pub(crate) fn pack(&self) -> &Pack {
        &self.pack
    }

    /// The encoder, opened where it is not open yet.
    pub(crate) fn encoder(&mut self) -> Result<&mut dyn FrameEncoder, EngineError> {
        let encoder = match self.encoder.take() {
            Some(encoder) => encoder,
            None => {
                let options = SessionOptions {
                    prefer: self.prefer,
                    ..SessionOptions::default()
                };
                open_encoder(&self.pack, &options)?
            }
        };
        Ok(self.encoder.insert(encoder).as_mut())
    }

    /// What its vectors mean, read where it was not read yet.
    pub(crate) fn sense(&mut self) -> Result<&Sense, EngineError> {
        let sense = match self.sense.take() {
            Some(sense) => sense,
            None => Sense {
                projector: Projector::load(&packs::projector(&self.pack, None)?)?,
                scale: MoodScale::for_pictures(&self.pack, &self.cache)?,
            },
        };
        Ok(self.sense.insert(sense))
    }
}
