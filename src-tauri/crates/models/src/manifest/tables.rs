//! The tables of `pack.toml`.

use serde::Deserialize;

/// The manifest of a pack.
#[derive(Clone, Debug, Deserialize)]
pub struct Manifest {
    /// Name of the pack and of its folder.
    pub name: String,
    /// Version of the pack.
    pub version: u32,
    /// Title for people, one line.
    pub title: String,
    /// True if a better pack exists that needs a download; shown to the user.
    #[serde(default)]
    pub stand_in: bool,
    /// SPDX expression that covers all files.
    pub licence: String,
    /// Base address that [`PackFile::remote`] (or the path) is appended to.
    #[serde(default)]
    pub source: Option<String>,
    /// The frame encoder of the pack.
    pub visual: Visual,
    /// The audio encoder of the pack.
    pub audio: Audio,
    /// The text encoders of the pack.
    pub text: Text,
    /// Projection from the visual space into the audio space.
    pub projector: ProjectorFile,
    /// Every file of the pack.
    #[serde(default)]
    pub files: Vec<PackFile>,
}

/// Kind of frame encoder.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum VisualKind {
    /// A classifier: its class names and picture features describe a frame.
    Classes,
    /// CLIP's visual tower with its projection.
    Clip,
}

/// Crop to a square after the resize.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Crop {
    /// The central square, offsets rounded down.
    #[default]
    Center,
}

/// Interpolation of the resize.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Filter {
    /// Cubic convolution with a = −0.5, widened when shrinking (as in Pillow).
    #[default]
    Bicubic,
    /// Triangle filter, widened when shrinking.
    Bilinear,
}

/// The table `[visual]`: the frame encoder.
#[derive(Clone, Debug, Deserialize)]
pub struct Visual {
    /// Kind of the encoder.
    pub kind: VisualKind,
    /// Path of the ONNX file inside the pack.
    pub file: String,
    /// Side of the model's square input, pixels.
    pub input_size: u32,
    /// Shorter side after the resize and before the crop, pixels.
    pub resize_short: u32,
    /// Crop after the resize.
    #[serde(default)]
    pub crop: Crop,
    /// Interpolation of the resize.
    #[serde(default)]
    pub filter: Filter,
    /// Mean of each channel (R, G, B) in units of 0..255.
    pub mean: [f32; 3],
    /// Standard deviation of each channel in units of 0..255.
    pub std: [f32; 3],
    /// Frames per run on an accelerator.
    #[serde(default = "one")]
    pub batch: usize,
    /// Length of a frame vector.
    pub dim: usize,
    /// Identifier of the visual space.
    pub space: String,
    /// `classes` only: safetensors with `vectors` [classes, 384].
    #[serde(default)]
    pub class_space: Option<String>,
    /// `classes` only: safetensors with the constants of the picture features.
    #[serde(default)]
    pub look_space: Option<String>,
    /// `classes` only: safetensors that add to the class names what the embedding shows: `weight` [384, embedding +
    /// picture features] and `bias` [384].
    #[serde(default)]
    pub scene_space: Option<String>,
    /// Safetensors that read a clip vector's arousal and valence, each 0 to 1: `weight` [2, dim] and `bias` [2].
    #[serde(default)]
    pub feeling_space: Option<String>,
    /// `classes` only: number of classes that describe a frame.
    #[serde(default)]
    pub top_k: Option<usize>,
    /// `classes` only: temperature of the softmax; 1 if absent. Above 1 more classes count, so that
    /// consecutive frames differ less.
    #[serde(default)]
    pub temperature: Option<f32>,
}

/// Kind of audio encoder.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum AudioKind {
    /// musicnn taggers; the vector is a mix of sentence vectors of tags.
    Musicnn,
    /// CLAP's audio tower with its projection.
    Clap,
}

/// The table `[audio]`: the audio encoder.
#[derive(Clone, Debug, Deserialize)]
pub struct Audio {
    /// Kind of the encoder.
    pub kind: AudioKind,
    /// Paths of the ONNX files inside the pack.
    pub files: Vec<String>,
    /// Length of an audio vector.
    pub dim: usize,
    /// Identifier of the audio space; catalogs store it.
    pub space: String,
    /// Length of the preview window, seconds.
    pub window_s: f64,
    /// Distance of sections, seconds.
    pub sections_s: f64,
    /// `musicnn` only: safetensors with the constants of the tag space.
    #[serde(default)]
    pub tag_space: Option<String>,
    /// Safetensors with unit `vectors` [4, dim]: the sentences of the four moods in this space. If
    /// absent, the text tower computes them.
    #[serde(default)]
    pub mood_space: Option<String>,
    /// Similarity of music in general to the sentences of the four moods.
    #[serde(default)]
    pub mood: Option<MoodCalibration>,
}

/// Cosines of music in general to the sentences of action, sad, happy and calm.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
pub struct MoodCalibration {
    /// Mean of each cosine.
    pub mean: [f32; 4],
    /// Standard deviation of each cosine, above 0.
    pub deviation: [f32; 4],
}

/// Kind of text encoders.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum TextKind {
    /// One sentence encoder for pictures and music.
    Sentence,
    /// CLIP's text tower for pictures, CLAP's for music.
    ClipClap,
}

/// The table `[text]`. A sentence encoder is in the table itself, CLIP and CLAP are in sub-tables.
#[derive(Clone, Debug, Deserialize)]
pub struct Text {
    /// Kind of the encoders.
    pub kind: TextKind,
    /// `sentence` only: the fields of `[text]`.
    #[serde(flatten)]
    pub sentence: Option<TextModel>,
    /// `clip_clap` only: the table `[text.clip]`.
    #[serde(default)]
    pub clip: Option<TextModel>,
    /// `clip_clap` only: the table `[text.clap]`.
    #[serde(default)]
    pub clap: Option<TextModel>,
}

/// The files of one text tower.
#[derive(Clone, Debug, Deserialize)]
pub struct TextModel {
    /// Path of the ONNX file inside the pack.
    pub file: String,
    /// Path of `tokenizer.json` inside the pack.
    pub tokenizer: String,
    /// Length of a text vector.
    pub dim: usize,
    /// Longest text in tokens; longer ones are cut.
    #[serde(default)]
    pub max_tokens: Option<usize>,
    /// Safetensors with the `mean` sentence vector; the spaces of this pack are centred on it.
    #[serde(default)]
    pub centre: Option<String>,
}

/// The table `[projector]`: the projection into the audio space.
#[derive(Clone, Debug, Deserialize)]
pub struct ProjectorFile {
    /// Path of the safetensors file inside the pack.
    pub file: String,
    /// How its cosines relate to people's choices, if that was measured.
    #[serde(default)]
    pub choices: Option<ChoiceCalibration>,
}

/// How the cosines of projected pictures to music relate to people's choices.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
pub struct ChoiceCalibration {
    /// Increase of the log odds of a preference per `spread` of cosine, above 0.
    pub slope: f32,
    /// Cosine of a typical piece of music to a picture.
    pub centre: f32,
    /// Standard deviation of the cosines of music in general to a picture, above 0.
    pub spread: f32,
}

/// An entry of `[[files]]`.
#[derive(Clone, Debug, Deserialize)]
pub struct PackFile {
    /// Path inside the pack, with forward slashes.
    pub path: String,
    /// SHA-256, lower-case hex; absent if it is recorded at import or fetch.
    #[serde(default)]
    pub sha256: Option<String>,
    /// Length in bytes; absent if it is recorded at import or fetch.
    #[serde(default)]
    pub bytes: Option<u64>,
    /// SPDX expression of the licence.
    #[serde(default)]
    pub licence: String,
    /// Origin: package and version, or project.
    #[serde(default)]
    pub source: String,
    /// What the file is used for.
    #[serde(default)]
    pub role: String,
    /// Complete address of the file.
    #[serde(default)]
    pub url: Option<String>,
    /// Path below the base address; `path` if absent.
    #[serde(default)]
    pub remote: Option<String>,
    /// Command that makes the file on this machine; such a file is never fetched.
    #[serde(default)]
    pub made_by: Option<String>,
}

fn one() -> usize {
    1
}
