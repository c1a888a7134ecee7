//! The slow work on a clip, as a session calls it. Tests give another implementation to decide when it ends.

use std::path::{Path, PathBuf};

use needledrop_engine::clip::filmstrip;
use needledrop_engine::job::{Job, Outcome};
use needledrop_engine::matching::{Analysed, AnalysisTask, ClipMatch, ClipSelection};
use needledrop_engine::media::{ClipInfo, probe};
use needledrop_engine::projects::Identity;
use needledrop_engine::{ClipEncoder, EngineError, Places};

use crate::fault::Fault;

/// A clip's file as it was read.
#[derive(Clone, Debug)]
pub struct ClipFile {
    /// Canonical path.
    pub path: PathBuf,
    /// Its properties.
    pub info: ClipInfo,
    /// Size and time of change.
    pub identity: Identity,
}

/// Gets each picture of a filmstrip: its index, its time in seconds, its JPEG bytes.
pub type FilmSink<'a> = &'a mut dyn FnMut(usize, f64, &[u8]);

/// The slow work on a clip. Nothing here changes a session.
pub trait ClipBackend: Send + Sync {
    /// Reads a file's properties.
    ///
    /// # Errors
    /// What is wrong with the file.
    fn read(&self, path: &Path) -> Result<ClipFile, Fault>;

    /// Embeds a selection of a clip.
    ///
    /// # Errors
    /// What is wrong with the file or the pack.
    fn embed(
        &self,
        encoder: &mut ClipEncoder,
        selection: &ClipSelection,
        job: &Job<'_>,
    ) -> Result<Outcome<ClipMatch>, EngineError>;

    /// Analyses cuts, motion and sound.
    ///
    /// # Errors
    /// What is wrong with the file.
    fn analyze(
        &self,
        places: &Places,
        task: &AnalysisTask,
        job: &Job<'_>,
    ) -> Result<Outcome<Analysed>, EngineError>;

    /// Decodes `count` pictures of `height` lines, evenly spaced over a range.
    ///
    /// # Errors
    /// What is wrong with the file.
    fn film(
        &self,
        places: &Places,
        film: &FilmRequest<'_>,
        job: &Job<'_>,
        show: FilmSink<'_>,
    ) -> Result<Outcome<()>, EngineError>;
}

/// A filmstrip to decode.
#[derive(Clone, Copy, Debug)]
pub struct FilmRequest<'a> {
    /// The clip.
    pub path: &'a Path,
    /// In and out in seconds.
    pub range_s: (f64, f64),
    /// Number of pictures.
    pub count: u32,
    /// Lines of each picture.
    pub height: u32,
}

/// The engine's own work on real files.
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
