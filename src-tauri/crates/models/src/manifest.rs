//! `pack.toml`: what a pack consists of and how its models are to be fed.

use std::path::{Component, Path};

use serde::Deserialize;

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

    fn check(&self) -> Result<(), String> {
        if !plain_name(&self.name) {
            return Err(format!("name {:?} is not of a-z, 0-9, - and _", self.name));
        }
        let mut seen = std::collections::BTreeSet::new();
        for file in &self.files {
            inside(&file.path)?;
            if !seen.insert(file.path.as_str()) {
                return Err(format!("file {:?} is named twice", file.path));
            }
            if let Some(sha) = &file.sha256
                && !is_sha256(sha)
            {
                return Err(format!(
                    "sha256 of {:?} is not 64 lower-case hex digits",
                    file.path
                ));
            }
        }
        for path in self.named_files() {
            if self.entry(path).is_none() {
                return Err(format!("{path:?} is used but not listed under [[files]]"));
            }
        }
        let v = &self.visual;
        if !(8..=2048).contains(&v.input_size) || !(v.input_size..=4096).contains(&v.resize_short) {
            return Err(format!(
                "expected input_size in 8..=2048 and resize_short in input_size..=4096, got {} and {}",
                v.input_size, v.resize_short
            ));
        }
        if v.std.iter().any(|s| !s.is_finite() || *s <= 0.0)
            || v.mean.iter().any(|m| !m.is_finite())
        {
            return Err("visual mean and std must be finite, std above 0".into());
        }
        if !(1..=256).contains(&v.batch) {
            return Err(format!("expected visual batch in 1..=256, got {}", v.batch));
        }
        for (what, dim) in [("visual", v.dim), ("audio", self.audio.dim)] {
            if !(1..=65_536).contains(&dim) {
                return Err(format!("expected {what} dim in 1..=65536, got {dim}"));
            }
        }
        match self.text.kind {
            TextKind::Sentence if self.text.sentence.is_none() => {
                Err("[text] of kind sentence needs file, tokenizer and dim".into())
            }
            TextKind::ClipClap if self.text.clip.is_none() || self.text.clap.is_none() => {
                Err("[text] of kind clip_clap needs [text.clip] and [text.clap]".into())
            }
            _ => Ok(()),
        }
    }

    fn named_files(&self) -> impl Iterator<Item = &str> {
        let v = &self.visual;
        let text = [&self.text.sentence, &self.text.clip, &self.text.clap];
        let text = text.into_iter().flatten().flat_map(|t| {
            [
                Some(t.file.as_str()),
                Some(t.tokenizer.as_str()),
                t.centre.as_deref(),
            ]
        });
        [
            Some(v.file.as_str()),
            v.class_space.as_deref(),
            v.look_space.as_deref(),
            self.audio.tag_space.as_deref(),
            self.audio.mood_space.as_deref(),
            Some(self.projector.file.as_str()),
        ]
        .into_iter()
        .chain(text)
        .flatten()
        .chain(self.audio.files.iter().map(String::as_str))
    }
}

fn plain_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 64
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b))
}

/// True for 64 lower-case hex digits.
pub(crate) fn is_sha256(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// Refuses every path that could leave the pack's folder on any platform.
pub(crate) fn inside(path: &str) -> Result<(), String> {
    let plain = !path.is_empty()
        && !path.contains(['\\', ':', '\0'])
        && !path.ends_with('/')
        && !path.contains("//")
        && Path::new(path)
            .components()
            .all(|c| matches!(c, Component::Normal(_)))
        && path.split('/').all(|part| part != "." && part != "..");
    if plain {
        Ok(())
    } else {
        Err(format!("path {path:?} leaves the pack's folder"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) const SMALL: &str = r#"
name = "small"
version = 1
title = "A pack for a test"
licence = "MIT"
[visual]
kind = "classes"
file = "v.onnx"
input_size = 260
resize_short = 297
mean = [127, 127, 127]
std = [128, 128, 128]
dim = 4
space = "v"
[audio]
kind = "musicnn"
files = ["a.onnx"]
dim = 4
space = "a"
window_s = 30
sections_s = 10
[text]
kind = "sentence"
file = "t.onnx"
tokenizer = "t.json"
dim = 4
[projector]
file = "p.safetensors"
[[files]]
path = "v.onnx"
[[files]]
path = "a.onnx"
[[files]]
path = "t.onnx"
[[files]]
path = "t.json"
[[files]]
path = "p.safetensors"
"#;

    #[test]
    fn a_manifest_parses_with_its_defaults() {
        let m = Manifest::parse(SMALL).unwrap();
        assert_eq!(m.visual.batch, 1, "batch defaults to one frame");
        assert_eq!(
            m.visual.filter,
            Filter::Bicubic,
            "bicubic is the default filter"
        );
        let sentence = m.text.sentence.as_ref().map(|t| t.file.as_str());
        assert_eq!(
            sentence,
            Some("t.onnx"),
            "the sentence encoder stands in [text]"
        );
    }

    #[test]
    fn paths_that_leave_the_pack_are_refused() {
        for bad in [
            "../x",
            "/etc/passwd",
            "a/../../x",
            "C:/x",
            "a\\b",
            "",
            "a//b",
            "./a",
            "a/",
            "a/./b",
        ] {
            assert!(inside(bad).is_err(), "{bad:?} must be refused");
            let text = SMALL.replace(
                "[[files]]\npath = \"v.onnx\"",
                &format!("[[files]]\npath = {bad:?}\n[[files]]\npath = \"v.onnx\""),
            );
            assert!(
                Manifest::parse(&text).is_err(),
                "{bad:?} in a manifest must be refused"
            );
        }
        assert!(inside("onnx/model.onnx").is_ok(), "sub-folders are fine");
    }

    #[test]
    fn a_file_that_is_used_must_be_listed() {
        let text = SMALL.replace("[[files]]\npath = \"t.json\"", "");
        let error = Manifest::parse(&text).unwrap_err();
        assert!(
            error.contains("t.json"),
            "the error names the file: {error}"
        );
    }

    #[test]
    fn a_checksum_that_is_none_is_refused() {
        let text = SMALL.replace("path = \"v.onnx\"", "path = \"v.onnx\"\nsha256 = \"abc\"");
        assert!(
            Manifest::parse(&text).is_err(),
            "three digits are no sha256"
        );
    }
}
