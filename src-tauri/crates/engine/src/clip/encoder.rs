//! What looks at pictures: a pack's encoder with its projector and moods.
//!
//! To open them takes some 100 ms, seconds the first time on a machine. Whoever looks more than once keeps
//! its eye.

use std::path::PathBuf;

use needledrop_models::Pack;
use needledrop_models::runtime::{Provider, SessionOptions};
use needledrop_vision::{FrameEncoder, Picture, Projector, open_encoder};

use crate::error::EngineError;
use crate::music::mood::MoodScale;
use crate::packs;
use crate::places::Places;

/// A pack that looks at pictures.
pub struct ClipEncoder {
    pack: Pack,
    cache: PathBuf,
    prefer: Option<Provider>,
    encoder: Option<Box<dyn FrameEncoder>>,
    projection: Option<Projection>,
}

/// What a clip vector means: where it lies among music, and which mood that is.
pub(crate) struct Projection {
    pub(crate) projector: Projector,
    pub(crate) scale: MoodScale,
}

impl ClipEncoder {
    /// The eye of a pack, run by `prefer` where that is given and can be, else by the best there is. Nothing
    /// but the pack's manifest is read yet.
    ///
    /// # Errors
    /// [`EngineError::UnknownPack`], or [`EngineError::Model`] for a bad manifest.
    pub fn new(
        places: &Places,
        pack: &str,
        prefer: Option<Provider>,
    ) -> Result<ClipEncoder, EngineError> {
        Ok(ClipEncoder {
            pack: packs::open(places, pack)?,
            cache: places.cache.clone(),
            prefer,
            encoder: None,
            projection: None,
        })
    }

    /// Opens everything, registers the codecs and looks at a grey picture, so that no match waits for any of it.
    ///
    /// # Errors
    /// [`EngineError::Media`] without GStreamer, [`EngineError::Model`] and [`EngineError::Vision`] for the pack.
    pub fn warm(&mut self) -> Result<(), EngineError> {
        needledrop_media::init()?;
        self.projection()?;
        let side = self.pack.manifest.visual.resize_short.clamp(16, 1024);
        let rgb = vec![128_u8; (side * side * 3) as usize];
        let grey = Picture {
            width: side,
            height: side,
            rgb: &rgb,
        };
        self.frame_encoder()?.encode(&[grey])?;
        Ok(())
    }

    /// Length of a clip vector.
    pub fn dim(&self) -> usize {
        self.pack.manifest.visual.dim
    }

    pub(crate) fn pack(&self) -> &Pack {
        &self.pack
    }

    /// The encoder, opened where it is not open yet.
    pub(crate) fn frame_encoder(&mut self) -> Result<&mut dyn FrameEncoder, EngineError> {
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
    pub(crate) fn projection(&mut self) -> Result<&Projection, EngineError> {
        let projection = match self.projection.take() {
            Some(projection) => projection,
            None => Projection {
                projector: Projector::load(&packs::projector(&self.pack, None)?)?,
                scale: MoodScale::for_pictures(&self.pack, &self.cache)?,
            },
        };
        Ok(self.projection.insert(projection))
    }
}
