//! `pack.toml`: what a pack consists of and how its models are to be fed.

mod check;

use serde::Deserialize;

pub(crate) use check::{inside, is_sha256};

/// A manifest as it stands in `pack.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct Manifest {
    /// Name of the pack; also the name of its folder.
    pub name: String,
    /// Version of the pack.
    pub version: u32,
    /// One line for people.
    pub title: String,
    /// True where the pack stands in for a better one; shown to the user.
    #[serde(default)]
    pub stand_in: bool,
    /// SPDX expression over all files.
    pub licence: String,
    /// Base address that [`PackFile::remote`] (or the path) is appended to.
    #[serde(default)]
    pub source: Option<String>,
    /// Frame encoder.
    pub visual: Visual,
    /// Audio encoder.
    pub audio: Audio,
    /// Text encoders.
    pub text: Text,
    /// Visual space → audio space.
    pub projector: ProjectorFile,
    /// Every file of the pack.
    #[serde(default)]
    pub files: Vec<PackFile>,
}

/// Which encoder turns frames into vectors.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum VisualKind {
    /// Classifier whose class names are the description, beside picture features.
    Classes,
    /// CLIP visual tower with projection head.
    Clip,
}

/// How the frame is cut to a square after resizing.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Crop {
    /// Central square, offsets rounded down.
    #[default]
    Center,
}

/// Interpolation of the resize.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// Cubic convolution with a = −0.5, widened when shrinking (as Pillow does).
    #[default]
    Bicubic,
    /// Triangle filter, widened when shrinking.
    Bilinear,
}

/// `[visual]`.
#[derive(Clone, Debug, Deserialize)]
pub struct Visual {
    /// Encoder kind.
    pub kind: VisualKind,
    /// ONNX file, path inside the pack.
    pub file: String,
    /// Side of the square that the model takes, pixels.
    pub input_size: u32,
    /// Short side after the resize, before the crop, pixels.
    pub resize_short: u32,
    /// Crop after the resize.
    #[serde(default)]
    pub crop: Crop,
    /// Interpolation.
    #[serde(default)]
    pub filter: Filter,
    /// Mean per channel (R, G, B), in 0..255 units.
    pub mean: [f32; 3],
    /// Standard deviation per channel, in 0..255 units.
    pub std: [f32; 3],
    /// Frames per run on an accelerator.
    #[serde(default = "one")]
    pub batch: usize,
    /// Length of a frame vector.
    pub dim: usize,
    /// Id of the visual space.
    pub space: String,
    /// `classes` only: safetensors with `vectors` [classes, 384].
    #[serde(default)]
    pub class_space: Option<String>,
    /// `classes` only: safetensors with the constants of the picture features.
    #[serde(default)]
    pub look_space: Option<String>,
    /// `classes` only: how many classes describe a frame.
    #[serde(default)]
    pub top_k: Option<usize>,
    /// `classes` only: what the logits are divided by before the softmax; 1 where absent. Above 1
    /// more classes have a say, so that one frame differs less from the next.
    #[serde(default)]
    pub temperature: Option<f32>,
}

/// Which encoder turns audio into vectors.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum AudioKind {
    /// musicnn taggers; the vector is a mix of tag-name sentence vectors.
    Musicnn,
    /// CLAP audio tower with projection head.
    Clap,
}

/// `[audio]`.
#[derive(Clone, Debug, Deserialize)]
pub struct Audio {
    /// Encoder kind.
    pub kind: AudioKind,
    /// ONNX files, paths inside the pack.
    pub files: Vec<String>,
    /// Length of an audio vector.
    pub dim: usize,
    /// Id of the audio space; catalogs carry it.
    pub space: String,
    /// Length of the preview window, seconds.
    pub window_s: f64,
    /// Distance of sections, seconds.
    pub sections_s: f64,
    /// `musicnn` only: safetensors with the constants of the tag space.
    #[serde(default)]
    pub tag_space: Option<String>,
    /// Safetensors with `vectors` [4, dim], of length 1: the sentences of the four moods in this space. Where absent,
    /// the text tower makes them.
    #[serde(default)]
    pub mood_space: Option<String>,
    /// How near music in general is to the sentences of the four moods.
    #[serde(default)]
    pub mood: Option<MoodCalibration>,
}

/// Cosines of music in general to the sentences of action, sad, happy and calm.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
pub struct MoodCalibration {
    /// Mean of each.
    pub mean: [f32; 4],
    /// Standard deviation of each, above 0.
    pub deviation: [f32; 4],
}

/// Which text encoders the pack has.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum TextKind {
    /// One sentence encoder serves both sides.
    Sentence,
    /// CLIP's text tower for pictures, CLAP's for music.
    ClipClap,
}

/// `[text]`. A sentence encoder stands in the table itself, CLIP and CLAP in sub-tables.
#[derive(Clone, Debug, Deserialize)]
pub struct Text {
    /// Encoder kind.
    pub kind: TextKind,
    /// `sentence` only.
    #[serde(flatten)]
    pub sentence: Option<TextModel>,
    /// `clip_clap` only: `[text.clip]`.
    #[serde(default)]
    pub clip: Option<TextModel>,
    /// `clip_clap` only: `[text.clap]`.
    #[serde(default)]
    pub clap: Option<TextModel>,
}

/// A text tower.
#[derive(Clone, Debug, Deserialize)]
pub struct TextModel {
    /// ONNX file, path inside the pack.
    pub file: String,
    /// `tokenizer.json`, path inside the pack.
    pub tokenizer: String,
    /// Length of a text vector.
    pub dim: usize,
    /// Longest text in tokens; the rest is cut off.
    #[serde(default)]
    pub max_tokens: Option<usize>,
    /// Safetensors with the `mean` sentence vector that spaces of this pack are centred on.
    #[serde(default)]
    pub centre: Option<String>,
}

/// `[projector]`.
#[derive(Clone, Debug, Deserialize)]
pub struct ProjectorFile {
    /// Safetensors file, path inside the pack.
    pub file: String,
    /// What its cosines tell of what people choose, where that was measured.
    #[serde(default)]
    pub choices: Option<ChoiceCalibration>,
}

/// What the cosines of projected pictures to music tell of what people choose.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct ChoiceCalibration {
    /// Log odds of a preference a spread of cosine, above 0.
    pub slope: f32,
    /// Cosine of a typical piece of music to a picture.
    pub centre: f32,
    /// Spread of the cosines of music at large to a picture, above 0.
    pub spread: f32,
}

/// One of `[[files]]`.
#[derive(Clone, Debug, Deserialize)]
pub struct PackFile {
    /// Path inside the pack, forward slashes.
    pub path: String,
    /// SHA-256, lower-case hex; absent where it is recorded at import or fetch.
    #[serde(default)]
    pub sha256: Option<String>,
    /// Length in bytes; absent where it is recorded at import or fetch.
    #[serde(default)]
    pub bytes: Option<u64>,
    /// SPDX expression.
    #[serde(default)]
    pub licence: String,
    /// Where it comes from: package and version, or project.
    #[serde(default)]
    pub source: String,
    /// What it is for.
    #[serde(default)]
    pub role: String,
    /// Full address to fetch it from.
    #[serde(default)]
    pub url: Option<String>,
    /// Path below the base address; `path` where absent.
    #[serde(default)]
    pub remote: Option<String>,
    /// The command that makes the file on this machine; such a file is never fetched.
    #[serde(default)]
    pub made_by: Option<String>,
}

fn one() -> usize {
    1
}

impl Manifest {
    /// Parses and checks a manifest. The error says which rule is broken.
    pub fn parse(text: &str) -> Result<Manifest, String> {
        let manifest: Manifest = toml::from_str(text).map_err(|e| e.to_string())?;
        manifest.check()?;
        Ok(manifest)
    }

    /// The entry for a path inside the pack.
    pub fn entry(&self, path: &str) -> Option<&PackFile> {
        self.files.iter().find(|f| f.path == path)
    }
}

#[cfg(test)]
mod tests;
