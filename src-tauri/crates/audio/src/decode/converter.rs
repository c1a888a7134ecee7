//! The layout of a file: that of its first block, to which every later block is converted.

use std::path::Path;

use super::adapt::Adapter;
use super::open;
use crate::AudioError;
use crate::loudness::Speaker;

/// Decoding ends after this many changes of the layout.
const MOST_CHANGES: usize = 100;
/// A change of the layout that no header announces must last for this many blocks.
const LASTING_BLOCKS: usize = 3;

/// What to do with a block, by its layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Usable,
    /// Leave the block out.
    Damaged,
    /// End before it.
    Unusable,
}

/// Keeps the layout of the first block for all that follow.
pub(super) struct Converter {
    /// 0 before the first block.
    rate_hz: u32,
    speakers: Vec<Speaker>,
    adapter: Option<Adapter>,
    changes: usize,
    /// Blocks in a row in a layout that no header announced.
    unannounced: usize,
    /// Whether a stream just began.
    is_announced: bool,
    /// The end of a converted part, which comes before the next block.
    tail: Vec<f32>,
}

impl Converter {
    pub fn new() -> Converter {
        Converter {
            rate_hz: 0,
            speakers: Vec::new(),
            adapter: None,
            changes: 0,
            unannounced: 0,
            is_announced: true,
            tail: Vec::new(),
        }
    }

    /// Position of each channel; empty before the first block.
    pub fn speakers(&self) -> &[Speaker] {
        &self.speakers
    }

    /// Rate in Hz and channel count of all blocks; `None` before the first.
    pub fn layout(&self) -> Option<(u32, usize)> {
        (self.rate_hz > 0).then_some((self.rate_hz, self.speakers.len()))
    }

    /// A new stream begins with the next block.
    pub fn announce(&mut self) {
        self.is_announced = true;
    }

    /// Takes the layout of the first block, or prepares the conversion of a later one.
    ///
    /// # Errors
    /// `UnsupportedLayout` for the first block.
    pub fn judge(
        &mut self,
        layout: (u32, usize),
        speakers: impl Fn() -> Vec<Speaker>,
        path: &Path,
    ) -> Result<Verdict, AudioError> {
        let is_announced = std::mem::take(&mut self.is_announced);
        if self.rate_hz == 0 {
            open::check(layout.0, layout.1, path)?;
            (self.rate_hz, self.speakers) = (layout.0, speakers());
        }
        let is_first = Some(layout) == self.layout();
        let current = self.adapter.as_ref().map(|adapter| adapter.from);
        if current == Some(layout) || current.is_none() && is_first {
            self.unannounced = 0;
            return Ok(Verdict::Usable);
        }
        // A damaged header looks like a change; it does not last.
        self.unannounced += 1;
        if !is_announced && self.unannounced < LASTING_BLOCKS {
            return Ok(Verdict::Damaged);
        }
        self.changes += 1;
        if self.changes > MOST_CHANGES || open::check(layout.0, layout.1, path).is_err() {
            return Ok(Verdict::Unusable);
        }
        self.unannounced = 0;
        if let Some(adapter) = self.adapter.take() {
            adapter.finish(&mut self.tail);
        }
        if !is_first {
            let (from, to) = (speakers(), &self.speakers);
            self.adapter = Some(Adapter::new((layout.0, &from), (self.rate_hz, to)));
        }
        Ok(Verdict::Usable)
    }

    /// Converts a block to the layout of the first; more comes later where rates differ.
    pub fn convert(&mut self, samples: &mut Vec<f32>) {
        if let Some(adapter) = &mut self.adapter {
            adapter.convert(samples);
        }
        if !self.tail.is_empty() {
            samples.splice(..0, std::mem::take(&mut self.tail));
        }
    }

    /// Replaces `samples` with what is left of converted parts.
    pub fn finish(&mut self, samples: &mut Vec<f32>) {
        samples.clear();
        samples.append(&mut self.tail);
        if let Some(adapter) = self.adapter.take() {
            adapter.finish(samples);
        }
    }
}
