//! `needledrop index`: a catalog from music files, or an update of one.
//!
//! Files are analysed on several threads; this thread alone writes. Each track is one
//! transaction, so that a stop at any moment loses at most the files being analysed, and the
//! next run goes on from there: a file is known by path, size and time of change, then by its
//! content. A file that cannot be analysed is noted and never stops the rest.

pub mod credits;
mod licence;
pub mod walk;
mod work;

use std::path::{Path, PathBuf};
use std::time::Instant;

use needledrop_audio::TrackAnalysis;
use needledrop_catalog::search::GraphWanted;
use needledrop_catalog::{
    Catalog, CatalogError, FileState, NewTrack, SourceFile, Track, TrackFacts,
};
use serde::Serialize;

use self::credits::Credit;
use self::walk::{MusicFile, walk};
use self::work::{Event, analyse};
use crate::documents::{CatalogDoc, rounded};
use crate::error::EngineError;
use crate::job::{Job, Outcome};
use crate::packs;
use crate::places::Places;

/// Tags that are kept of each track, strongest first.
const KEPT_TAGS: usize = 50;

/// What to index.
#[derive(Clone, Debug)]
pub struct IndexRequest {
    /// Folders of music, or single files.
    pub folders: Vec<PathBuf>,
    /// Folder of the catalog; made where there is none.
    pub catalog: PathBuf,
    /// Model pack, by name or folder.
    pub pack: String,
    /// Credits for all folders.
    pub credits: Option<PathBuf>,
    /// Files analysed at once; one a core where absent.
    pub jobs: Option<usize>,
    /// Tries files again that could not be analysed before, though they did not change.
    pub retry: bool,
}

/// What indexing did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IndexReport {
    /// `completed` or `cancelled`.
    pub outcome: &'static str,
    /// The catalog as it is now.
    pub catalog: CatalogDoc,
    /// Music files found.
    pub found: usize,
    /// Tracks analysed and added.
    pub added: usize,
    /// Files whose content was known already: renamed, copied or touched ones.
    pub known: usize,
    /// Tracks whose credits changed.
    pub credited: usize,
    /// Files that were indexed as they are.
    pub unchanged: usize,
    /// Files of the catalog below these folders that are gone.
    pub missing: usize,
    /// Files that could not be analysed.
    pub failed: Vec<FailedFile>,
    /// How long it took.
    pub seconds: f64,
}

/// A file that could not be analysed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FailedFile {
    /// The file.
    pub path: PathBuf,
    /// Code of the error.
    pub code: String,
    /// Its message.
    pub message: String,
}

/// Indexes folders into a catalog.
///
/// # Errors
/// [`EngineError::FolderMissing`], [`EngineError::NoMusic`], [`EngineError::BadCredits`], and
/// those of a pack or catalog that cannot be used. What was done by then is kept.
pub fn index(
    places: &Places,
    request: &IndexRequest,
    job: &Job<'_>,
) -> Result<Outcome<IndexReport>, EngineError> {
    let started = Instant::now();
    let pack = packs::open(places, &request.pack)?;
    job.report(0, 0, "looking for music");
    let found = walk(&request.folders, request.credits.as_deref())?;
    if found.files.is_empty() {
        return Err(EngineError::NoMusic {
            paths: request.folders.clone(),
        });
    }
    let audio = &pack.manifest.audio;
    let name = request
        .catalog
        .file_name()
        .map_or_else(String::new, |n| n.to_string_lossy().into());
    let catalog = Catalog::open_or_create(&request.catalog, &audio.space, audio.dim, &name)?;

    let mut indexing = Indexing {
        catalog,
        report: IndexReport::empty(found.files.len()),
    };
    for (path, reason) in found.unreadable {
        let message = format!("cannot be read: {reason}: {}", path.display());
        let code = "unreadable".to_owned();
        indexing.report.failed.push(FailedFile {
            path,
            code,
            message,
        });
    }
    let todo = indexing.compare(found.files, request.retry)?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = request.jobs.unwrap_or(cores).clamp(1, todo.len().max(1));
    analyse(&pack, &todo, threads, job, |event| {
        indexing.take(&todo, event)
    })?;
    indexing.mark_missing(&request.folders)?;
    indexing.finish(started, job)
}

impl IndexReport {
    fn empty(found: usize) -> Self {
        Self {
            outcome: "completed",
            catalog: CatalogDoc {
                id: String::new(),
                epoch: 0,
                tracks: 0,
            },
            found,
            added: 0,
            known: 0,
            credited: 0,
            unchanged: 0,
            missing: 0,
            failed: Vec::new(),
            seconds: 0.0,
        }
    }
}

struct Indexing {
    catalog: Catalog,
    report: IndexReport,
}

impl Indexing {
    /// The files that are new or changed.
    fn compare(
        &mut self,
        files: Vec<MusicFile>,
        retry: bool,
    ) -> Result<Vec<MusicFile>, EngineError> {
        let mut todo = Vec::new();
        for file in files {
            match self
                .catalog
                .file_state(&file.path, file.bytes, file.modified_ns)
            {
                Ok(FileState::Unchanged { track_id }) => {
                    self.report.unchanged += 1;
                    self.credit(&track_id, &file.credit)?;
                }
                Ok(FileState::FailedBefore(failure)) if !retry => {
                    self.report.failed.push(FailedFile {
                        path: file.path,
                        code: failure.code,
                        message: failure.message,
                    });
                }
                Ok(_) => todo.push(file),
                Err(error @ CatalogError::InvalidValue { .. }) => self.fail(&file, &error)?,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(todo)
    }

    /// Takes over credits that were written after the file was indexed.
    fn credit(&mut self, track_id: &str, credit: &Credit) -> Result<(), EngineError> {
        let track = self.catalog.track(track_id)?;
        let mut facts = track.facts.clone();
        apply(credit, &mut facts);
        if facts != track.facts {
            self.rewrite(&track, facts)?;
            self.report.credited += 1;
        }
        Ok(())
    }

    fn rewrite(&mut self, track: &Track, facts: TrackFacts) -> Result<(), EngineError> {
        let vector = self.catalog.vector(&track.id)?;
        let sections = self.catalog.sections(&track.id)?;
        let Some(file) = work::source_file(&track.path) else {
            return Ok(());
        };
        self.catalog.put(&NewTrack {
            file,
            facts,
            vector,
            sections,
        })?;
        Ok(())
    }

    fn take(&mut self, todo: &[MusicFile], event: Event) -> Result<(), EngineError> {
        match event {
            Event::Hashed { at, sha256, known } => {
                let adopted = self.catalog.adopt(&source(&todo[at], sha256))?;
                if let Some(track_id) = &adopted {
                    self.report.known += 1;
                    self.credit(track_id, &todo[at].credit)?;
                }
                if known.send(adopted.is_some()).is_err() {
                    tracing::debug!("the worker that asked is gone");
                }
                Ok(())
            }
            Event::Analysed {
                at,
                sha256,
                analysis,
            } => {
                let file = &todo[at];
                let track = new_track(source(file, sha256), &file.credit, *analysis);
                match self.catalog.put(&track) {
                    Ok(_) => self.report.added += 1,
                    Err(
                        error @ (CatalogError::NoDirection { .. }
                        | CatalogError::InvalidValue { .. }),
                    ) => self.fail(file, &error)?,
                    Err(error) => return Err(error.into()),
                }
                Ok(())
            }
            Event::Failed { at, code, message } => self.note(&todo[at], code, message),
        }
    }

    fn fail(&mut self, file: &MusicFile, error: &CatalogError) -> Result<(), EngineError> {
        self.note(file, error.code().to_owned(), error.to_string())
    }

    fn note(&mut self, file: &MusicFile, code: String, message: String) -> Result<(), EngineError> {
        self.catalog
            .record_failure(&file.path, file.bytes, file.modified_ns, &code, &message)?;
        self.report.failed.push(FailedFile {
            path: file.path.clone(),
            code,
            message,
        });
        Ok(())
    }

    /// Marks the files below the indexed folders that are no longer there.
    fn mark_missing(&mut self, folders: &[PathBuf]) -> Result<(), EngineError> {
        let roots: Vec<PathBuf> = folders
            .iter()
            .filter_map(|f| f.canonicalize().ok())
            .collect();
        let gone: Vec<String> = self
            .catalog
            .known_paths()?
            .into_iter()
            .filter(|path| roots.iter().any(|root| Path::new(path).starts_with(root)))
            .filter(|path| !Path::new(path).exists())
            .collect();
        self.report.missing = gone.len();
        Ok(self.catalog.mark_missing(&gone)?)
    }

    fn finish(
        mut self,
        started: Instant,
        job: &Job<'_>,
    ) -> Result<Outcome<IndexReport>, EngineError> {
        let cancelled = job.is_cancelled();
        let info = self.catalog.info()?;
        if !cancelled && info.tracks > 0 {
            let total = info.tracks as u64;
            self.catalog
                .prepare(GraphWanted::WhereItPays, job.cancel(), &|done, _| {
                    job.report(done as u64, total, "building the index");
                })?;
        }
        self.report.catalog = CatalogDoc::from(&info);
        self.report.failed.sort_by(|a, b| a.path.cmp(&b.path));
        self.report.seconds = rounded(started.elapsed().as_secs_f64(), 1);
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

fn new_track(file: SourceFile, credit: &Credit, analysis: TrackAnalysis) -> NewTrack {
    let metadata = analysis.metadata;
    let stem = file
        .path
        .file_stem()
        .map_or_else(String::new, |s| s.to_string_lossy().into());
    let known = |text: Option<String>| text.filter(|t| !t.trim().is_empty());
    let mut tags = analysis.tags;
    tags.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    tags.truncate(KEPT_TAGS);
    let mut facts = TrackFacts {
        title: known(metadata.title).unwrap_or_else(|| stem.replace('_', " ")),
        artist: known(metadata.artist),
        album: known(metadata.album),
        licence: known(metadata.licence).as_deref().map(licence::spdx),
        attribution: None,
        source: None,
        duration_s: analysis.duration_s,
        preview_s: analysis.preview_s,
        tempo: analysis.tempo.map(|tempo| needledrop_catalog::Tempo {
            bpm: tempo.bpm,
            confidence: tempo.confidence,
            candidates: tempo.candidates,
        }),
        key: analysis
            .key
            .map(|estimate| needledrop_catalog::KeyEstimate {
                key: estimate.key,
                confidence: estimate.confidence,
            }),
        loudness_lufs: analysis.loudness.integrated_lufs,
        true_peak_dbtp: analysis.loudness.true_peak_dbtp,
        tags,
    };
    apply(credit, &mut facts);
    let sections = analysis
        .sections
        .into_iter()
        .map(|section| needledrop_catalog::Section {
            start_s: section.start_s,
            end_s: section.end_s,
            vector: section.vector,
        })
        .collect();
    NewTrack {
        file,
        facts,
        vector: analysis.vector,
        sections,
    }
}

/// What is credited overrides what the file says of itself.
fn apply(credit: &Credit, facts: &mut TrackFacts) {
    if let Some(title) = &credit.title {
        facts.title.clone_from(title);
    }
    for (fact, credited) in [
        (&mut facts.artist, &credit.artist),
        (&mut facts.album, &credit.album),
        (&mut facts.licence, &credit.licence),
        (&mut facts.attribution, &credit.attribution),
        (&mut facts.source, &credit.source),
    ] {
        if credited.is_some() {
            fact.clone_from(credited);
        }
    }
}
