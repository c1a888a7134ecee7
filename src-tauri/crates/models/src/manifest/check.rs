//! Parses a manifest and checks its rules: plain names, paths inside the pack, numbers in bounds.

use std::collections::BTreeSet;
use std::path::{Component, Path};

use super::tables::{Manifest, PackFile, TextKind};
use crate::digest::is_sha256;

impl Manifest {
    /// Parses and checks a manifest; the error names the broken rule.
    pub fn parse(text: &str) -> Result<Manifest, String> {
        let manifest: Manifest = toml::from_str(text).map_err(|e| e.to_string())?;
        manifest.check()?;
        Ok(manifest)
    }

    /// The entry for a path inside the pack.
    pub fn entry(&self, path: &str) -> Option<&PackFile> {
        self.files.iter().find(|f| f.path == path)
    }

    /// Checks the rules that the types do not express; the error names the broken rule.
    fn check(&self) -> Result<(), String> {
        if !plain_name(&self.name) {
            return Err(format!(
                "name {:?} may only have a-z, 0-9, - and _",
                self.name
            ));
        }
        let mut seen = BTreeSet::new();
        for file in &self.files {
            check_inside_pack(&file.path)?;
            if !seen.insert(file.path.as_str()) {
                return Err(format!("file {:?} is listed twice", file.path));
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
            v.scene_space.as_deref(),
            v.feeling_space.as_deref(),
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

/// Refuses every path that could leave the pack's folder on any platform.
pub(crate) fn check_inside_pack(path: &str) -> Result<(), String> {
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
