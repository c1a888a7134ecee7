//! Tells music from other files by their content.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use needledrop_audio::{Recognised, recognise};

use super::passed_over::{PassedOverList, Reason};
use super::walk::{MusicFile, is_music};
use crate::job::Job;

/// Files that are no music. They are kept between the passes of a run, so that each is read once.
#[derive(Default)]
pub(super) struct OtherFiles(HashMap<PathBuf, Other>);

/// A file that is no music, as it was when it was read.
struct Other {
    bytes: u64,
    modified_ns: i64,
    reason: Reason,
}

impl OtherFiles {
    /// Takes the files that are no music out of `files` and adds them to `passed_over`. A file that is sound in a format
    /// without a decoder stays, and so does one that only its name calls music: the analysis says what they are.
    pub(super) fn take_out(
        &mut self,
        files: &mut Vec<MusicFile>,
        passed_over: &mut PassedOverList,
        job: &Job<'_>,
    ) {
        let total = files.len() as u64;
        let mut done = 0;
        files.retain(|file| {
            done += 1;
            job.report(done, total, "looking for music");
            // The next step ends the cancelled job.
            let reason = match job.is_cancelled() {
                true => None,
                false => self.reason(file),
            };
            if let Some(reason) = reason {
                passed_over.add(reason, &file.path);
            }
            reason.is_none()
        });
    }

    /// Whether one of the files may be music.
    pub(super) fn any_music(&mut self, files: &[MusicFile]) -> bool {
        files
            .iter()
            .any(|file| is_music(&file.path) || self.reason(file).is_none())
    }

    /// Why a file is left alone; `None` for music.
    fn reason(&mut self, file: &MusicFile) -> Option<Reason> {
        if let Some(other) = self.0.get(&file.path)
            && (other.bytes, other.modified_ns) == (file.bytes, file.modified_ns)
        {
            return Some(other.reason);
        }
        let reason = reason(&file.path)?;
        let other = Other {
            bytes: file.bytes,
            modified_ns: file.modified_ns,
            reason,
        };
        self.0.insert(file.path.clone(), other);
        Some(reason)
    }
}

fn reason(path: &Path) -> Option<Reason> {
    match recognise(path) {
        Ok(Recognised::Film(_)) => Some(Reason::Film),
        Ok(Recognised::ResourceFork) => Some(Reason::ResourceFork),
        Ok(Recognised::Other) if !is_music(path) => Some(Reason::NoSound),
        // The analysis names the format or the error.
        Ok(Recognised::Music(_) | Recognised::Unsupported(_) | Recognised::Other) | Err(_) => None,
    }
}
