//! The rules of a manifest: plain names, paths inside the pack, numbers in their bounds.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use super::{Manifest, TextKind};

impl Manifest {
    /// Holds a manifest to what its types alone do not; the error says which rule is broken.
    pub(super) fn check(&self) -> Result<(), String> {
        if !plain_name(&self.name) {
            return Err(format!("name {:?} is not of a-z, 0-9, - and _", self.name));
        }
        let mut seen = BTreeSet::new();
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
