//! The frame encoder of a pack with its projector and mood scale.
//!
//! Opening them takes about 100 ms, and seconds the first time on a machine, so a window keeps its encoder.

use std::path::{Path, PathBuf};

use needledrop_models::Pack;
use needledrop_models::runtime::{Provider, SessionOptions};
use needledrop_vision::{Feeling, FeelingSpace, FrameEncoder, Picture, Projector, open_encoder};

use crate::error::EngineError;
use crate::music::mood::{self, MoodScale, PictureMood};
use crate::packs;
use crate::places::Places;

/// Turns clips into vectors with the models of one pack.
pub struct ClipEncoder {
    pack: Pack,
    cache: PathBuf,
    prefer: Option<Provider>,
    encoder: Option<Box<dyn FrameEncoder>>,
    projection: Option<Projection>,
}

/// Maps a clip vector into the audio space, and reads its mood there.
pub(crate) struct Projection {
    pub(crate) projector: Projector,
    pub(crate) scale: MoodScale,
    feeling: Option<FeelingSpace>,
}

impl Projection {
    /// Opens a projector file with the moods and feelings of a pack.
    pub(crate) fn open(
        pack: &Pack,
        cache: &Path,
        projector: &Path,
    ) -> Result<Projection, EngineError> {
        let visual = &pack.manifest.visual;
        let feeling = match &visual.feeling_space {
            Some(file) => Some(FeelingSpace::open(&pack.file(file)?, visual.dim)?),
            None => None,
        };
        Ok(Projection {
            projector: Projector::load(projector)?,
            scale: MoodScale::for_pictures(pack, cache)?,
            feeling,
        })
    }

    /// What the picture itself shows of valence and arousal; `None` for a pack that does not read it.
    pub(crate) fn shown(&self, vector: &[f32]) -> Option<Feeling> {
        Some(self.feeling.as_ref()?.read(vector))
    }

    /// Mood of a clip vector and its projection, with the feeling of light, motion and cuts.
    pub(crate) fn mood(&self, vector: &[f32], projected: &[f32], feeling: Feeling) -> PictureMood {
        mood::of_picture(&self.scale, projected, self.shown(vector), feeling)
    }
}

impl ClipEncoder {
    /// The encoder of a pack, on the provider `prefer` if it is given and available, else on the fastest available
    /// one. This reads only the pack's manifest; models are opened on first use.
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

    /// Opens the models, registers the codecs and embeds one grey picture, so that the first match need not wait.
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

    /// The frame encoder, opened on first use.
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

    /// The projection, opened on first use.
    pub(crate) fn projection(&mut self) -> Result<&Projection, EngineError> {
        let projection = match self.projection.take() {
            Some(projection) => projection,
            None => Projection::open(
                &self.pack,
                &self.cache,
                &packs::projector(&self.pack, None)?,
            )?,
        };
        Ok(self.projection.insert(projection))
    }
}
