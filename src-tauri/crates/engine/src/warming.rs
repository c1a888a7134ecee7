//! What the first match of a launch would have to wait for, done before there is one.

use needledrop_models::runtime::SessionOptions;
use needledrop_vision::{Picture, open_encoder};

use crate::error::EngineError;
use crate::mood::MoodScale;
use crate::packs;
use crate::places::Places;

/// Registers the codecs, reads the pack, knows the moods and has the model look at a grey picture. Takes
/// some 100 ms; seconds the first time on a machine.
///
/// # Errors
/// [`EngineError::Media`] without GStreamer, [`EngineError::Model`] and [`EngineError::Vision`] for the pack.
pub fn warm(places: &Places, pack: &str) -> Result<(), EngineError> {
    needledrop_media::init()?;
    let pack = packs::open(places, pack)?;
    MoodScale::for_pictures(&pack, &places.cache)?;
    let mut encoder = open_encoder(&pack, &SessionOptions::default())?;
    let side = pack.manifest.visual.resize_short.clamp(16, 1024);
    let rgb = vec![128_u8; (side * side * 3) as usize];
    let grey = Picture {
        width: side,
        height: side,
        rgb: &rgb,
    };
    encoder.encode(&[grey])?;
    Ok(())
}
