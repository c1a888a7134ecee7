//! The writing part of a pass: compares files with the catalog and writes the results.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Instant;

use needledrop_audio::TrackAnalysis;
use needledrop_audio::fingerprint::Comparison;
use needledrop_catalog::search::{CellsWanted, Prepared};
use needledrop_catalog::{
    Catalog, CatalogError, Failure, KnownFile, SourceFile, TrackCredits, track_id,
};

use tokio_util::sync::CancellationToken;

use super::credits::Credit;
use super::report::{FailedFile, IndexReport};
use super::track::{ANALYSIS_VERSION, apply, new_track};
use super::walk::MusicFile;
use super::work::Event;
use crate::error::EngineError;
use crate::job::{Job, Outcome};
use crate::library::documents::{CatalogDoc, rounded};
use crate::music::mood::{self, MoodScale};

/// Largest difference in length between two encodings of one recording, seconds: encoders pad, and players trim. A
/// shorter edit of a piece differs by more, and is a track of its own.
const DURATIONS_WITHIN_S: f64 = 2.0;

/// Number of written tracks between two checks of the catalog's index files. The check writes them again once many tracks
/// are new, so that searches stay fast while a long indexing runs.
const TRACKS_BETWEEN: usize = 256;

/// The files that a pass has to do with.
#[derive(Default)]
pub(super) struct Compared {
    /// Files that the catalog does not know.
    pub new: Vec<MusicFile>,
    /// Files that changed after the catalog was written, or were analysed by an older version.
    pub changed: Vec<MusicFile>,
}

pub(super) struct Indexing {
    catalog: Catalog,
    pub(super) report: IndexReport,
    known: Vec<KnownFile>,
    /// Ids of the catalog's tracks at the start of the pass.
    ids: HashSet<String>,
    seen: HashSet<PathBuf>,
    /// Contents that are being analysed, each with the other files that hold it.
    copies: HashMap<[u8; 32], Vec<usize>>,
    /// Computes the moods of new tracks.
    pub(super) moods: Option<MoodScale>,
}

impl Indexing {
    pub(super) fn new(catalog: Catalog) -> Result<Self, EngineError> {
        let known = catalog.known_files()?;
        Ok(Self {
            ids: known.iter().map(|file| file.track_id.clone()).collect(),
            seen: HashSet::new(),
            copies: HashMap::new(),
            moods: None,
            report: IndexReport::empty(),
            catalog,
            known,
        })
    }

    /// The files to analyse: new ones, changed ones and those analysed by an older version. Among the new ones are files
    /// that are no music.
    pub(super) fn compare(
        &mut self,
        files: Vec<MusicFile>,
        retry: bool,
    ) -> Result<Compared, EngineError> {
        let known: HashMap<PathBuf, KnownFile> = self
            .known
            .iter()
            .map(|file| (file.path.clone(), file.clone()))
            .collect();
        let failures: HashMap<PathBuf, Failure> = self
            .catalog
            .failures()?
            .into_iter()
            .map(|failure| (failure.path.clone(), failure))
            .collect();
        let mut compared = Compared::default();
        let mut back = Vec::new();
        for file in files {
            self.seen.insert(file.path.clone());
            let in_catalog = known.get(&file.path);
            let as_known =
                in_catalog.filter(|k| k.bytes == file.bytes && k.modified_ns == file.modified_ns);
            let as_failed = failures
                .get(&file.path)
                .filter(|f| f.bytes == file.bytes && f.modified_ns == file.modified_ns);
            match (as_known, as_failed) {
                (Some(as_known), _) if as_known.analysis_version >= ANALYSIS_VERSION => {
                    self.report.unchanged += 1;
                    if as_known.missing {
                        back.push(as_known.path.clone());
                    }
                    self.credit(&as_known.track_id, &as_known.credits, &file.credit)?;
                }
                (_, Some(failure)) if !retry => self.report.failed.push(FailedFile {
                    file: file.path.as_path().into(),
                    code: failure.code.clone(),
                    message: failure.message.clone(),
                }),
                _ if in_catalog.is_some() => compared.changed.push(file),
                _ => compared.new.push(file),
            }
        }
        self.catalog.mark_present(&back)?;
        Ok(compared)
    }

    /// Updates the credits of a track whose credits files changed after it was indexed.
    fn credit(
        &mut self,
        track_id: &str,
        now: &TrackCredits,
        credit: &Credit,
    ) -> Result<(), EngineError> {
        let mut credits = now.clone();
        apply(credit, &mut credits);
        if credits != *now {
            self.catalog.credit(track_id, &credits)?;
            self.report.credited += 1;
        }
        Ok(())
    }

    pub(super) fn take(&mut self, todo: &[MusicFile], event: Event) -> Result<(), EngineError> {
        match event {
            Event::Hashed { at, sha256, known } => {
                let has_content = match self.copies.get_mut(&sha256) {
                    Some(copies) => {
                        copies.push(at);
                        true
                    }
                    None => self.adopt(&todo[at], sha256)?,
                };
                if !has_content {
                    self.copies.insert(sha256, Vec::new());
                }
                if known.send(has_content).is_err() {
                    tracing::debug!("the worker has stopped before the answer");
                }
                Ok(())
            }
            Event::Analysed {
                at,
                sha256,
                analysis,
            } => {
                self.put(&todo[at], sha256, *analysis)?;
                for copy in self.copies.remove(&sha256).unwrap_or_default() {
                    self.adopt(&todo[copy], sha256)?;
                }
                Ok(())
            }
            Event::Failed {
                at,
                sha256,
                code,
                message,
            } => {
                let copies = sha256.and_then(|sha256| self.copies.remove(&sha256));
                for copy in copies.unwrap_or_default() {
                    let names = [at, copy].map(|at| todo[at].path.display().to_string());
                    let message = message.replace(&names[0], &names[1]);
                    self.note(&todo[copy], code.clone(), message)?;
                }
                self.note(&todo[at], code, message)
            }
        }
    }

    /// Adds a file to the track of its content; false where the catalog has none.
    fn adopt(&mut self, file: &MusicFile, sha256: [u8; 32]) -> Result<bool, EngineError> {
        let adopted = self
            .catalog
            .adopt(&source(file, sha256), ANALYSIS_VERSION)?;
        let Some(track_id) = adopted else {
            return Ok(false);
        };
        self.report.known += 1;
        let now = self.catalog.track(&track_id)?.facts.credits();
        self.credit(&track_id, &now, &file.credit)?;
        Ok(true)
    }

    fn put(
        &mut self,
        file: &MusicFile,
        sha256: [u8; 32],
        mut analysis: TrackAnalysis,
    ) -> Result<(), EngineError> {
        if let Some(moods) = &self.moods {
            mood::complete(moods, &mut analysis);
        }
        let same_as = self.same_recording(&analysis, &track_id(&sha256))?;
        let track = new_track(source(file, sha256), &file.credit, analysis, same_as);
        match self.catalog.put(&track) {
            Ok(id) if self.ids.contains(&id) => self.report.renewed += 1,
            Ok(_) => self.report.added += 1,
            Err(error @ (CatalogError::NoDirection { .. } | CatalogError::InvalidValue { .. })) => {
                return self.note(file, error.code().to_owned(), error.to_string());
            }
            Err(error) => return Err(error.into()),
        }
        if (self.report.added + self.report.renewed).is_multiple_of(TRACKS_BETWEEN) {
            // Without cells there is nothing to stop.
            let never = CancellationToken::new();
            let ended = self
                .catalog
                .prepare(CellsWanted::Never, &never, &|_, _| {})?;
            debug_assert_eq!(ended, Prepared::Ready);
        }
        Ok(())
    }

    /// Ids of other tracks with the same recording.
    fn same_recording(
        &self,
        analysis: &TrackAnalysis,
        own: &str,
    ) -> Result<Vec<String>, EngineError> {
        if analysis.fingerprint.is_empty() {
            return Ok(Vec::new());
        }
        let comparison = Comparison::new(&analysis.fingerprint);
        let near = self
            .catalog
            .fingerprints_near(analysis.duration_s, DURATIONS_WITHIN_S)?;
        Ok(near
            .into_iter()
            .filter(|track| track.id != own && comparison.is_same_recording(&track.fingerprint))
            .map(|track| track.id)
            .collect())
    }

    fn note(&mut self, file: &MusicFile, code: String, message: String) -> Result<(), EngineError> {
        self.catalog
            .record_failure(&file.path, file.bytes, file.modified_ns, &code, &message)?;
        self.report.failed.push(FailedFile {
            file: file.path.as_path().into(),
            code,
            message,
        });
        Ok(())
    }

    /// Marks the files below the indexed folders that do not exist any more, and forgets those that were moved.
    pub(super) fn mark_missing(&mut self, folders: &[PathBuf]) -> Result<(), EngineError> {
        let roots: Vec<PathBuf> = folders
            .iter()
            .filter_map(|folder| folder.canonicalize().ok())
            .collect();
        let below = |path: &Path| roots.iter().any(|root| path.starts_with(root));
        let gone: Vec<&KnownFile> = self
            .known
            .iter()
            .filter(|file| below(&file.path))
            .filter(|file| !self.seen.contains(&file.path))
            .filter(|file| !file.path.exists())
            .collect();
        let new: Vec<&Path> = gone
            .iter()
            .filter(|f| !f.missing)
            .map(|f| f.path.as_path())
            .collect();
        let paths: Vec<&Path> = gone.iter().map(|file| file.path.as_path()).collect();
        self.catalog.mark_missing(&new)?;
        let moved = match paths.is_empty() {
            true => 0,
            false => self.catalog.forget_moved(&paths)?,
        };
        self.report.missing = paths.len() - moved;
        let failed: Vec<PathBuf> = self
            .catalog
            .failures()?
            .into_iter()
            .map(|failure| failure.path)
            .filter(|path| below(path) && !self.seen.contains(path))
            .filter(|path| !path.exists())
            .collect();
        Ok(self.catalog.forget_failures(&failed)?)
    }

    /// Updates the index files, so that the next search need not.
    fn prepare_search(
        &mut self,
        cells: CellsWanted,
        total: u64,
        job: &Job<'_>,
    ) -> Result<Outcome<()>, EngineError> {
        let prepared = self.catalog.prepare(cells, job.cancel(), &|done, _| {
            job.report(done as u64, total, "building the search index");
        });
        Ok(match prepared? {
            Prepared::Ready => Outcome::Completed(()),
            Prepared::Cancelled => Outcome::Cancelled(None),
        })
    }

    pub(super) fn finish(
        mut self,
        started: Instant,
        cells: CellsWanted,
        job: &Job<'_>,
    ) -> Result<Outcome<IndexReport>, EngineError> {
        let mut cancelled = job.is_cancelled();
        let info = self.catalog.info()?;
        if !cancelled && info.tracks > 0 {
            let prepared = self.prepare_search(cells, info.tracks as u64, job)?;
            cancelled = matches!(prepared, Outcome::Cancelled(_));
        }
        self.report.catalog = CatalogDoc::from(&info);
        self.report.duplicates = self
            .catalog
            .recordings()?
            .into_iter()
            .map(Into::into)
            .collect();
        self.report
            .failed
            .sort_by(|a, b| a.file.path.cmp(&b.file.path));
        self.report.seconds = rounded(started.elapsed().as_secs_f64(), 2);
        if cancelled {
            self.report.outcome = "cancelled";
            return Ok(Outcome::Cancelled(Some(self.report)));
        }
        Ok(Outcome::Completed(self.report))
    }
}

fn source(file: &MusicFile, sha256: [u8; 32]) -> SourceFile {
    SourceFile {
        path: file.path.clone(),
        bytes: file.bytes,
        modified_ns: file.modified_ns,
        sha256,
    }
}

#[cfg(test)]
mod tests;
