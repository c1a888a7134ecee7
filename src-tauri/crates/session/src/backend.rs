//! The slow work on a clip that a session calls. Tests have an implementation that waits for them.

use std::path::{Path, PathBuf};

use needledrop_engine::clip::filmstrip;
use needledrop_engine::job::{Job, Outcome};
use needledrop_engine::matching::{Analysed, AnalysisTask, ClipMatch, ClipSelection};
use needledrop_engine::media::{ClipInfo, probe};
use needledrop_engine::projects::Identity;
use needledrop_engine::{ClipEncoder, EngineError, Places};

use crate::fault::Fault;

/// The facts of a clip's file.
#[derive(Clone, Debug)]
pub struct ClipFile {
    /// Absolute path without links.
    pub path: PathBuf,
    /// Duration, frame rate, size and codec.
    pub info: ClipInfo,
    /// Size and time of the last change.
    pub identity: Identity,
}

/// Gets each picture of a filmstrip: its index, its time in seconds and its JPEG bytes.
pub type FilmSink<'a> = &'a mut dyn FnMut(usize, f64, &[u8]);

/// The slow work on a clip. Nothing here changes a session.
pub trait ClipBackend: Send + Sync {
    /// Reads a file's properties.
    ///
    /// # Errors
    /// Those of the file.
    fn read(&self, path: &Path) -> Result<ClipFile, Fault>;

    /// Computes the vector of a clip's range.
    ///
    /// # Errors
    /// Those of the file and the pack.
    fn embed(
        &self,
        encoder: &mut ClipEncoder,
        selection: &ClipSelection,
        job: &Job<'_>,
    ) -> Result<Outcome<ClipMatch>, EngineError>;

    /// Analyses the range's cuts, motion and sound.
    ///
    /// # Errors
    /// Those of the file.
    fn analyze(
        &self,
        places: &Places,
        task: &AnalysisTask,
        job: &Job<'_>,
    ) -> Result<Outcome<Analysed>, EngineError>;

    /// Decodes the pictures of a filmstrip and hands each to `show`.
    ///
    /// # Errors
    /// Those of the file.
    fn film(
        &self,
        places: &Places,
        film: &FilmRequest<'_>,
        job: &Job<'_>,
        show: FilmSink<'_>,
    ) -> Result<Outcome<()>, EngineError>;
}

/// The pictures of a filmstrip.
#[derive(Clone, Copy, Debug)]
pub struct FilmRequest<'a> {
    /// Path of the clip.
    pub path: &'a Path,
    /// In and out in seconds.
    pub range_s: (f64, f64),
    /// Number of pictures, evenly spaced over the range.
    pub count: u32,
    /// Height of each picture in pixels.
    pub height: u32,
}

/// The engine's work on real files.
pub struct MediaBackend;

impl ClipBackend for MediaBackend {
    fn read(&self, path: &Path) -> Result<ClipFile, Fault> {
        let unreadable =
            |error| Fault::new("unreadable", format!("the clip cannot be read: {error}"));
        Ok(ClipFile {
            path: path.to_owned(),
            info: probe(path).map_err(EngineError::from)?,
            identity: Identity::of(path).map_err(unreadable)?,
        })
    }

    fn embed(
        &self,
        encoder: &mut ClipEncoder,
        selection: &ClipSelection,
        job: &Job<'_>,
    ) -> Result<Outcome<ClipMatch>, EngineError> {
        ClipMatch::embed(encoder, selection, job)
    }

    fn analyze(
        &self,
        places: &Places,
        task: &AnalysisTask,
        job: &Job<'_>,
    ) -> Result<Outcome<Analysed>, EngineError> {
        task.run(places, job)
    }

    fn film(
        &self,
        places: &Places,
        film: &FilmRequest<'_>,
        job: &Job<'_>,
        show: FilmSink<'_>,
    ) -> Result<Outcome<()>, EngineError> {
        let FilmRequest {
            path,
            range_s,
            count,
            height,
        } = *film;
        let made = filmstrip::filmstrip(
            places,
            path,
            Some(range_s),
            count as usize,
            height,
            job,
            show,
        )?;
        Ok(made.map(|_| ()))
    }
}
