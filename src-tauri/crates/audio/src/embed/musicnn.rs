//! musicnn taggers (J. Pons & X. Serra, *musicnn: pre-trained convolutional neural networks for
//! music audio tagging*, 2019) over a whole track, patch by patch.

use needledrop_models::runtime::{self, ProviderChoice, SessionOptions};
use needledrop_models::{Pack, Tensors};
use ort::session::Session;
use ort::value::TensorRef;

use super::log_mel::{BANDS, LogMel, PATCH_FRAMES, PATCH_S};
use super::tag_space::TagSpace;
use super::Window;
use crate::AudioError;

/// Patches that go through the network at once.
const BATCH: usize = 8;
const PATCH: usize = PATCH_FRAMES * BANDS;
const INPUT: &str = "model/x:0";
const OUTPUT: &str = "model/tags:0";
/// The list of tags inside the pack, a line `TAGGER:tag` for every output of every file in turn.
const TAG_LIST: &str = "tags.txt";
const MOST_TAG_LIST_BYTES: u64 = 1 << 20;

/// The taggers of a pack and the state of one track.
pub struct Musicnn {
    sessions: Vec<Session>,
    provider: ProviderChoice,
    tags: Vec<String>,
    space: TagSpace,
    log_mel: LogMel,
    windows: Vec<Window>,
}

impl Musicnn {
    /// Opens every tagger of `[audio]`.
    ///
    /// # Errors
    /// `Model`, and `BadPack` where the list of tags does not fit.
    pub fn open(pack: &Pack, options: &SessionOptions) -> Result<Musicnn, AudioError> {
        let audio = &pack.manifest.audio;
        let bad = |reason: String| AudioError::BadPack { pack: pack.manifest.name.clone(), reason };
        let list = pack.file(TAG_LIST)?;
        let length = std::fs::metadata(&list).map_err(|e| AudioError::io(&list, e))?.len();
        if length > MOST_TAG_LIST_BYTES {
            return Err(bad(format!("{TAG_LIST} has {length} bytes, at most {MOST_TAG_LIST_BYTES}")));
        }
        let text = std::fs::read_to_string(&list).map_err(|e| AudioError::io(&list, e))?;
        let tags: Vec<String> = text.lines().filter(|l| !l.is_empty()).map(str::to_owned).collect();
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
        let mut taggers =
            Musicnn { sessions, provider, tags, space, log_mel: LogMel::new(), windows: Vec::new() };
        let outputs = taggers.run(&vec![0.0; PATCH])?[0].len();
        if outputs != taggers.tags.len() {
            let listed = taggers.tags.len();
            return Err(bad(format!("{TAG_LIST} names {listed} tags, the models give {outputs}")));
        }
        Ok(taggers)
    }

    /// Tags in the order of the values, as `TAGGER:tag`.
    pub fn tags(&self) -> &[String] {
        &self.tags
    }

    /// What runs the models.
    pub fn provider(&self) -> &ProviderChoice {
        &self.provider
    }

    /// The constants of the tag space.
    pub fn space(&self) -> &TagSpace {
        &self.space
    }

    /// Forgets the last track.
    pub fn begin(&mut self) {
        self.log_mel = LogMel::new();
        self.windows.clear();
    }

    /// Takes samples in, 16 kHz mono, and tags what is complete.
    pub fn push(&mut self, samples: &[f32]) -> Result<(), AudioError> {
        self.log_mel.push(samples);
        while self.log_mel.frames.len() >= BATCH * PATCH {
            self.tag_patches(BATCH)?;
        }
        Ok(())
    }

    /// Tags the rest and gives a window for every patch: probabilities `[tags]` over 2.992 s. What
    /// does not fill a patch at the end is left out.
    pub fn finish(&mut self) -> Result<Vec<Window>, AudioError> {
        self.log_mel.finish();
        let whole = self.log_mel.frames.len() / PATCH;
        if whole > 0 {
            self.tag_patches(whole)?;
        }
        Ok(std::mem::take(&mut self.windows))
    }

    fn tag_patches(&mut self, count: usize) -> Result<(), AudioError> {
        let frames = std::mem::take(&mut self.log_mel.frames);
        let results = self.run(&frames[..count * PATCH])?;
        self.log_mel.frames = frames;
        self.log_mel.frames.drain(..count * PATCH);
        for values in results {
            let start_s = self.windows.len() as f64 * PATCH_S;
            self.windows.push(Window { start_s, end_s: start_s + PATCH_S, values });
        }
        Ok(())
    }

    /// `[n * 187 * 96]` → n times the probabilities of all taggers in turn.
    fn run(&mut self, patches: &[f32]) -> Result<Vec<Vec<f32>>, AudioError> {
        let count = patches.len() / PATCH;
        let mut rows: Vec<Vec<f32>> = vec![Vec::new(); count];
        for session in &mut self.sessions {
            let input = TensorRef::from_array_view(([count, PATCH_FRAMES, BANDS], patches))
                .map_err(runtime::run_failed)?;
            let outputs =
                session.run(ort::inputs![INPUT => input]).map_err(runtime::run_failed)?;
            let (_, values) =
                outputs[OUTPUT].try_extract_tensor::<f32>().map_err(runtime::run_failed)?;
            for (row, values) in rows.iter_mut().zip(values.chunks_exact(values.len() / count)) {
                row.extend_from_slice(values);
            }
        }
        Ok(rows)
    }
}
