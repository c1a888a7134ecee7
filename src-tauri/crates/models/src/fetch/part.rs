//! The partial file of a fetch: locked while a fetch runs, resumed by the next.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use reqwest::Url;

use crate::{ModelError, whole_file};

/// The partial file, open and locked while the fetch runs.
pub(super) struct Part {
    pub file: File,
    pub path: PathBuf,
    pub tag_path: PathBuf,
    pub have: u64,
    /// Entity tag of the version that the part belongs to.
    pub tag: Option<String>,
}

impl Part {
    pub fn empty(&mut self) -> Result<(), ModelError> {
        if self.have > 0 {
            let emptied = self
                .file
                .set_len(0)
                .and_then(|()| self.file.seek(SeekFrom::Start(0)));
            emptied.map_err(|e| ModelError::io("empty a part file", &self.path, e))?;
        }
        self.have = 0;
        self.tag = None;
        Ok(())
    }

    pub fn append(&mut self, bytes: &[u8], total: Option<u64>) -> Result<(), ModelError> {
        let written = self
            .file
            .seek(SeekFrom::Start(self.have))
            .and_then(|_| self.file.write_all(bytes));
        match written {
            Ok(()) => {
                self.have += bytes.len() as u64;
                Ok(())
            }
            Err(e) => Err(
                match ModelError::io("write a fetched file", &self.path, e) {
                    ModelError::DiskFull { path, .. } => {
                        let wanted = total.map_or(0, |t| t.saturating_sub(self.have));
                        ModelError::DiskFull { path, wanted }
                    }
                    other => other,
                },
            ),
        }
    }

    /// Records the entity tag of the version that is being received; weak tags do not identify
    /// bytes.
    pub fn belongs_to(&mut self, tag: Option<String>) -> Result<(), ModelError> {
        let strong = tag.filter(|t| !t.starts_with("W/") && !t.contains(['\n', '\r']));
        if strong != self.tag {
            let saved = fs::read_to_string(&self.tag_path).unwrap_or_default();
            let url = saved.lines().next().unwrap_or_default();
            let text = format!("{url}\n{}", strong.as_deref().unwrap_or_default());
            whole_file::write(&self.tag_path, text.as_bytes())
                .map_err(|e| ModelError::io("write a part's tag", &self.tag_path, e))?;
            self.tag = strong;
        }
        Ok(())
    }

    pub fn remember_url(&self, url: &Url) {
        let text = format!("{url}\n{}", self.tag.as_deref().unwrap_or_default());
        if let Err(error) = whole_file::write(&self.tag_path, text.as_bytes()) {
            tracing::debug!(%error, "the tag of the partial file was not written; the next fetch cannot resume by tag");
        }
    }

    pub fn forget_tag(&self) {
        if let Err(error) = fs::remove_file(&self.tag_path) {
            tracing::debug!(%error, "the tag of the partial file was not removed");
        }
    }
}

pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
