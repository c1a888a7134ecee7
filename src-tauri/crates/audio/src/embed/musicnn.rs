//! musicnn taggers (J. Pons & X. Serra, *musicnn: pre-trained convolutional neural networks for
//! music audio tagging*, 2019), run over a whole track patch by patch.

use needledrop_models::runtime::{self, ProviderChoice, SessionOptions};
use needledrop_models::{Pack, Tensors};
use ort::session::Session;
use ort::value::TensorRef;

use super::log_mel::{BANDS, LogMel, PATCH_FRAMES, PATCH_S};
use super::tag_scores::TagScores;
use super::tag_space::TagSpace;
use super::window::Window;
use crate::AudioError;

const PATCH: usize = PATCH_FRAMES * BANDS;
/// Patches of the first this many seconds are kept until the preview is chosen; 14 MB.
pub const KEPT_S: f64 = MOST_KEPT as f64 * PATCH_S;
const MOST_KEPT: usize = 200;
const INPUT: &str = "model/x:0";
const OUTPUT: &str = "model/tags:0";
/// List of tags inside the pack: one line `TAGGER:tag` for each output of each file in turn.
const TAG_LIST: &str = "tags.txt";
const MOST_TAG_LIST_BYTES: u64 = 1 << 20;

/// The taggers, and the state of the track that they read.
pub struct Musicnn {
    sessions: Vec<Session>,
    provider: ProviderChoice,
    tags: Vec<String>,
    space: TagSpace,
    log_mel: LogMel,
    every_s: f64,
    /// Number of patches so far.
    patches: usize,
    /// The first patches, at most `MOST_KEPT`.
    kept: Vec<f32>,
    windows: Vec<Window>,
}

fn window(index: usize, values: Vec<f32>) -> Window {
    let start_s = index as f64 * PATCH_S;
    Window {
        start_s,
        end_s: start_s + PATCH_S,
        values,
    }
}

impl Musicnn {
    /// Opens every tagger of `[audio]`.
    ///
    /// # Errors
    /// `Model`; `BadPack` where the list of tags does not fit the models.
    pub fn open(pack: &Pack, options: &SessionOptions) -> Result<Musicnn, AudioError> {
        let audio = &pack.manifest.audio;
        let bad = |reason: String| AudioError::BadPack {
            pack: pack.manifest.name.clone(),
            reason,
        };
        let list = pack.file(TAG_LIST)?;
        let length = std::fs::metadata(&list)
            .map_err(|e| AudioError::io(&list, e))?
            .len();
        if length > MOST_TAG_LIST_BYTES {
            return Err(bad(format!(
                "{TAG_LIST} has {length} bytes, at most {MOST_TAG_LIST_BYTES}"
            )));
        }
        let text = std::fs::read_to_string(&list).map_err(|e| AudioError::io(&list, e))?;
        let tags: Vec<String> = text
            .lines()
            .filter(|l| !l.is_empty())
            .map(str::to_owned)
            .collect();
        let mut sessions = Vec::new();
        let mut provider = None;
        for file in &audio.files {
            let (session, choice) = runtime::session(&pack.file(file)?, options)?;
            sessions.push(session);
            provider.get_or_insert(choice);
        }
        let provider = provider.ok_or_else(|| bad("[audio] files is empty".to_owned()))?;
        let constants = audio.tag_space.as_deref();
        let constants = constants.ok_or_else(|| bad("[audio] names no tag_space".to_owned()))?;
        let mut constants = Tensors::open(&pack.file(constants)?)?;
        let space = TagSpace::from_tensors(&mut constants, tags.len(), audio.dim)?;
        let mut taggers = Musicnn {
            sessions,
            provider,
            tags,
            space,
            log_mel: LogMel::new(),
            every_s: audio.sections_s,
            patches: 0,
            kept: Vec::new(),
            windows: Vec::new(),
        };
        let outputs = taggers.run(&vec![0.0; PATCH])?.len();
        if outputs != taggers.tags.len() {
            let listed = taggers.tags.len();
            return Err(bad(format!(
                "{TAG_LIST} names {listed} tags, the models give {outputs}"
            )));
        }
        Ok(taggers)
    }

    /// The provider that runs the models.
    pub fn provider(&self) -> &ProviderChoice {
        &self.provider
    }

    /// The constants of the tag space.
    pub fn space(&self) -> &TagSpace {
        &self.space
    }

    /// Begins a new track.
    pub fn begin(&mut self, every_s: f64) {
        self.log_mel = LogMel::new();
        self.every_s = every_s;
        self.patches = 0;
        self.kept.clear();
        self.windows.clear();
    }

    /// Takes 16 kHz mono samples. After [`KEPT_S`] only the patches of coarse windows are tagged,
    /// at once; the others are dropped.
    pub fn push(&mut self, samples: &[f32]) -> Result<(), AudioError> {
        self.log_mel.push(samples);
        self.take_patches()
    }

    /// Tags the patch in the middle of every `every_s` seconds, and the last one. A window is 2.992
    /// s with its probabilities `[tags]`. An incomplete patch at the end is dropped.
    pub fn finish(&mut self) -> Result<Vec<Window>, AudioError> {
        self.log_mel.finish();
        self.take_patches()?;
        let mut windows = Vec::new();
        for index in 0..self.kept.len() / PATCH {
            // The rest at the end may be too short for its middle patch.
            if self.is_coarse(index) || index + 1 == self.patches {
                windows.push(self.kept_window(index)?);
            }
        }
        windows.append(&mut self.windows);
        Ok(windows)
    }

    /// Tags every kept patch whose middle lies between two times, unless `coarse` has it.
    pub fn fine(
        &mut self,
        coarse: &[Window],
        start_s: f64,
        end_s: f64,
    ) -> Result<Vec<Window>, AudioError> {
        let mut windows = Vec::new();
        for index in 0..self.patches {
            let from_s = index as f64 * PATCH_S;
            if !(start_s..end_s).contains(&(from_s + PATCH_S / 2.0)) {
                continue;
            }
            match coarse
                .iter()
                .find(|w| (w.start_s - from_s).abs() < PATCH_S / 2.0)
            {
                Some(known) => windows.push(known.clone()),
                None if index < self.kept.len() / PATCH => windows.push(self.kept_window(index)?),
                None => {}
            }
        }
        Ok(windows)
    }

    /// Tag scores from probabilities, each relative to the tag's prior.
    pub fn tag_scores(&self, probabilities: &[f32]) -> TagScores {
        let standing_out = self.space.standing_out(probabilities);
        TagScores::new(&self.tags, probabilities, &standing_out)
    }

    // One patch per run: eight at once take 800 MB instead of 140 and are no faster on a CPU.
    fn kept_window(&mut self, index: usize) -> Result<Window, AudioError> {
        let kept = std::mem::take(&mut self.kept);
        let values = self.run(&kept[index * PATCH..(index + 1) * PATCH]);
        self.kept = kept;
        Ok(window(index, values?))
    }

    fn take_patches(&mut self) -> Result<(), AudioError> {
        while self.log_mel.frames.len() >= PATCH {
            let rest = self.log_mel.frames.split_off(PATCH);
            let patch = std::mem::replace(&mut self.log_mel.frames, rest);
            if self.patches < MOST_KEPT {
                self.kept.extend_from_slice(&patch);
            } else if self.is_coarse(self.patches) {
                let values = self.run(&patch)?;
                self.windows.push(window(self.patches, values));
            }
            self.patches += 1;
        }
        Ok(())
    }

    /// Whether a middle of the `every_s` grid lies in this patch.
    fn is_coarse(&self, index: usize) -> bool {
        let (start, end) = (index as f64 * PATCH_S, (index + 1) as f64 * PATCH_S);
        let middles_before = |t: f64| (t / self.every_s + 0.5).floor();
        middles_before(end) > middles_before(start)
    }

    /// `[187 * 96]` → the probabilities of all taggers in turn.
    fn run(&mut self, patch: &[f32]) -> Result<Vec<f32>, AudioError> {
        let mut probabilities = Vec::new();
        for session in &mut self.sessions {
            let input = TensorRef::from_array_view(([1, PATCH_FRAMES, BANDS], patch))
                .map_err(runtime::run_failed)?;
            let outputs = session
                .run(ort::inputs![INPUT => input])
                .map_err(runtime::run_failed)?;
            let (_, values) = outputs[OUTPUT]
                .try_extract_tensor::<f32>()
                .map_err(runtime::run_failed)?;
            probabilities.extend_from_slice(values);
        }
        Ok(probabilities)
    }
}
