//! `needledrop eval words`: briefs, the tracks that a search by words finds for them, and what these meet of what is
//! asked.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use needledrop_catalog::Filter;
use needledrop_ranking::Mode;
use needledrop_training::yardstick::facts::HeardTrack;
use needledrop_training::yardstick::obeyed::{Answer, WordsReport, report};
use needledrop_training::yardstick::rows::read_rows;
use needledrop_training::yardstick::split::Yardstick;
use needledrop_training::yardstick::words::{BriefRow, TrackMode, TrackRow};
use serde::Serialize;

use super::indexed;
use super::reading::{Read, Reading, noted};
use crate::error::EngineError;
use crate::file_doc;
use crate::job::{Job, Outcome};
use crate::library::open::Library;
use crate::packs;
use crate::places::Places;

/// Files of the rows in the folder of the yardstick.
const TRACKS: &str = "tracks.jsonl";
const BRIEFS: &str = "briefs.jsonl";
/// Number of best tracks that are looked at.
const BEST: usize = 10;

/// An evaluation of the search by words.
#[derive(Debug, Serialize)]
pub struct WordsDoc {
    /// Folder with tracks.jsonl, briefs.jsonl and the music.
    #[serde(serialize_with = "file_doc::text")]
    pub words: PathBuf,
    /// Tracks that were left out, because they could not be read.
    pub unreadable: Vec<String>,
    /// Number of this reading of the locked part; absent for the development part.
    pub use_number: Option<usize>,
    /// How much of what the briefs ask for is met.
    pub report: WordsReport,
}

/// Evaluates the search by words on a folder of tracks with facts and of briefs. The first run indexes the music of the
/// part into a catalog in that folder. Briefs are those of the folder, else those of the checkout.
///
/// # Errors
/// [`EngineError::UnknownPack`], [`EngineError::Training`] for bad rows and for a reading that is one too many, and
/// those of indexing and searching.
pub fn eval(
    places: &Places,
    pack: &str,
    dir: &Path,
    reading: &Reading,
    job: &Job<'_>,
) -> Result<Outcome<WordsDoc>, EngineError> {
    reading.check(Yardstick::Words)?;
    let opened = packs::open(places, pack)?;
    let asked = reading.asked();
    let tracks = read_rows::<TrackRow>(&dir.join(TRACKS), Yardstick::Words, asked)?;
    let briefs = read_rows::<BriefRow>(&briefs_file(places, dir), Yardstick::Words, asked)?;
    let space = &opened.manifest.audio.space;
    let catalog = dir.join(format!("catalog-{space}-{}", asked.as_str()));
    let files = tracks.rows.iter().map(|row| dir.join(&row.file));
    if !indexed::index_files(places, pack, files, &catalog, job)? {
        return Ok(Outcome::Cancelled(None));
    }
    let mut library = Library::open(places, pack, &catalog)?;
    let mut unreadable = Vec::new();
    let heard = heard(&library, dir, &tracks.rows, &mut unreadable)?;
    let by_id: BTreeMap<&str, usize> = heard
        .iter()
        .enumerate()
        .map(|(at, (id, _))| (id.as_str(), at))
        .collect();
    let mut answers = Vec::with_capacity(briefs.rows.len());
    for (at, brief) in briefs.rows.iter().enumerate() {
        if job.is_cancelled() {
            return Ok(Outcome::Cancelled(None));
        }
        job.report(at as u64, briefs.rows.len() as u64, "searching by words");
        let found = library.search(&brief.brief, &Filter::default(), BEST)?;
        let best = found.results.iter();
        let best = best.filter_map(|row| by_id.get(row.track.track_id.as_str()).copied());
        answers.push(Answer {
            brief,
            best: best.collect(),
        });
    }
    let heard: Vec<HeardTrack<'_>> = heard.into_iter().map(|(_, track)| track).collect();
    let name = &opened.manifest.name;
    let report = report(name, asked.as_str(), BEST, &heard, &answers);
    let use_number = reading.record(
        places,
        Read {
            yardstick: Yardstick::Words,
            labels: &briefs.digest,
            pack,
            projector: &packs::projector(&opened, None)?,
            figures: main_figures(&report),
        },
    )?;
    Ok(Outcome::Completed(WordsDoc {
        words: dir.to_owned(),
        unreadable,
        use_number,
        report,
    }))
}

/// The briefs of the folder, or else of the checkout.
fn briefs_file(places: &Places, dir: &Path) -> PathBuf {
    let own = dir.join(BRIEFS);
    let committed = places
        .checkout
        .as_ref()
        .map(|top| top.join("training/yardsticks").join(BRIEFS));
    match committed {
        Some(committed) if !own.exists() && committed.exists() => committed,
        _ => own,
    }
}

/// The tracks that were indexed, with their ids; the same content counts once.
fn heard<'a>(
    library: &Library,
    dir: &Path,
    rows: &'a [TrackRow],
    unreadable: &mut Vec<String>,
) -> Result<Vec<(String, HeardTrack<'a>)>, EngineError> {
    let mut heard: Vec<(String, HeardTrack<'a>)> = Vec::new();
    for row in rows {
        let Some(id) = indexed::track_id(&library.catalog, &dir.join(&row.file))? else {
            unreadable.push(format!("{}: {}", row.source, row.item));
            continue;
        };
        if heard.iter().any(|(known, _)| *known == id) {
            continue;
        }
        let facts = library.track(&id)?.facts;
        let mode = facts.key.map(|estimate| match estimate.key.mode() {
            Mode::Major => TrackMode::Major,
            Mode::Minor => TrackMode::Minor,
        });
        let track = HeardTrack {
            row,
            valence: facts.character.valence.map(f64::from),
            energy: f64::from(facts.character.energy),
            mode,
        };
        heard.push((id, track));
    }
    Ok(heard)
}

/// The figures that the ledger keeps.
fn main_figures(report: &WordsReport) -> BTreeMap<String, f64> {
    let mut figures = BTreeMap::new();
    for ask in &report.asks {
        noted(&mut figures, &ask.ask, ask.met.as_ref());
    }
    for feeling in &report.feelings {
        let tracks = &feeling.tracks;
        noted(
            &mut figures,
            &format!("valence, {tracks}"),
            feeling.valence.as_ref(),
        );
        noted(
            &mut figures,
            &format!("arousal, {tracks}"),
            feeling.arousal.as_ref(),
        );
    }
    figures
}
