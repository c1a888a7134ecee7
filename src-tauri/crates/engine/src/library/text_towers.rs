//! The text towers of a pack, opened once.

use needledrop_models::runtime::SessionOptions;
use needledrop_models::{ClipText, Pack, TextKind, TextTower};
use needledrop_vision::Projector;

use crate::error::EngineError;
use crate::music::text::{MusicText, blend};
use crate::packs;

/// Share of the picture tower in the vector of a text, for packs that have one.
const PICTURE_SHARE: f32 = 0.5;

/// Turns texts into vectors of a pack's audio space. Each tower is opened when it is first needed and stays open:
/// CLIP's alone takes hundreds of megabytes to read.
#[derive(Default)]
pub(crate) struct TextTowers {
    music: Option<MusicText>,
    pictures: Option<PictureText>,
}

/// The text tower of the pack's pictures, with the projector into the audio space.
struct PictureText {
    tower: ClipText,
    projector: Projector,
}

impl TextTowers {
    /// Opens every tower that a brief needs.
    pub(crate) fn open(&mut self, pack: &Pack) -> Result<(), EngineError> {
        self.open_music(pack)?;
        self.open_pictures(pack)?;
        Ok(())
    }

    /// Descriptions of music, one unit vector each.
    pub(crate) fn music(
        &mut self,
        pack: &Pack,
        texts: &[&str],
    ) -> Result<Vec<Vec<f32>>, EngineError> {
        self.open_music(pack)?.embed(texts)
    }

    /// Texts of a brief, one unit vector each. A brief may name what the picture shows ("rain at night"), so where
    /// the pack's pictures have a text tower, half of each vector comes from that tower through the projector.
    pub(crate) fn brief(
        &mut self,
        pack: &Pack,
        texts: &[&str],
    ) -> Result<Vec<Vec<f32>>, EngineError> {
        let mut vectors = self.music(pack, texts)?;
        if let Some(PictureText { tower, projector }) = self.open_pictures(pack)? {
            for (vector, picture) in vectors.iter_mut().zip(tower.embed(texts)?) {
                *vector = blend(vector, &projector.project(&picture)?, PICTURE_SHARE);
            }
        }
        Ok(vectors)
    }

    fn open_music(&mut self, pack: &Pack) -> Result<&mut MusicText, EngineError> {
        let tower = match self.music.take() {
            Some(tower) => tower,
            None => MusicText::open(pack, 1)?,
        };
        Ok(self.music.insert(tower))
    }

    fn open_pictures(&mut self, pack: &Pack) -> Result<Option<&mut PictureText>, EngineError> {
        if pack.manifest.text.kind != TextKind::ClipClap {
            return Ok(None);
        }
        let tower = match self.pictures.take() {
            Some(tower) => tower,
            None => {
                let options = SessionOptions {
                    threads: 1,
                    ..SessionOptions::default()
                };
                PictureText {
                    tower: ClipText::open(pack, &options)?,
                    projector: Projector::load(&packs::projector(pack, None)?)?,
                }
            }
        };
        Ok(Some(self.pictures.insert(tower)))
    }
}
