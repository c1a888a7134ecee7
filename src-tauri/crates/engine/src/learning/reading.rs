//! The part of a yardstick that a command reads, and the record of what it reads of a locked part.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use needledrop_training::yardstick::rows::{Asked, hex};
use needledrop_training::yardstick::split::{Part, Yardstick};
use needledrop_training::yardstick::uses::{Ledger, Use};
use sha2::{Digest, Sha256};

use super::day::day;
use crate::error::EngineError;
use crate::places::Places;

/// The part that a command reads. A locked part needs a ledger of its readings.
#[derive(Clone, Debug)]
pub enum Reading {
    /// The development part.
    Development,
    /// The locked part, with the file of its readings.
    Locked(PathBuf),
    /// Both parts together, with the file of the readings of the locked one.
    All(PathBuf),
}

/// What was read.
pub(super) struct Read<'a> {
    pub(super) yardstick: Yardstick,
    /// SHA-256 of the labels file in hexadecimal.
    pub(super) labels: &'a str,
    /// Name or folder of the pack.
    pub(super) pack: &'a str,
    pub(super) projector: &'a Path,
    pub(super) figures: BTreeMap<String, f64>,
}

impl Reading {
    /// The rows that are kept.
    pub fn asked(&self) -> Asked {
        match self {
            Reading::Development => Asked::One(Part::Development),
            Reading::Locked(_) => Asked::One(Part::Locked),
            Reading::All(_) => Asked::All,
        }
    }

    fn ledger(&self) -> Option<Ledger> {
        match self {
            Reading::Development => None,
            Reading::Locked(uses) | Reading::All(uses) => Some(Ledger::new(uses)),
        }
    }

    /// Refuses a reading that is one too many, before any work.
    pub(super) fn check(&self, yardstick: Yardstick) -> Result<(), EngineError> {
        if let Some(ledger) = self.ledger() {
            ledger.check(yardstick)?;
        }
        Ok(())
    }

    /// Records a reading of the locked part before its figures are shown; returns its number among those of the
    /// yardstick.
    pub(super) fn record(
        &self,
        places: &Places,
        read: Read<'_>,
    ) -> Result<Option<usize>, EngineError> {
        let Some(ledger) = self.ledger() else {
            return Ok(None);
        };
        let number = ledger.add(Use {
            date: day(SystemTime::now()),
            yardstick: read.yardstick,
            labels: read.labels.to_owned(),
            pack: read.pack.to_owned(),
            pack_digest: pack_digest(&places.pack_dir(read.pack)?, read.projector)?,
            figures: read.figures,
            number: 0,
        })?;
        Ok(Some(number))
    }
}

/// SHA-256 of a pack's manifest, which holds the checksums of its files, and of a projector.
fn pack_digest(dir: &Path, projector: &Path) -> Result<String, EngineError> {
    let mut digest = Sha256::new();
    for path in [&dir.join("pack.toml"), projector] {
        digest.update(fs::read(path).map_err(|source| EngineError::Io {
            doing: "read the pack for its digest",
            path: path.to_owned(),
            source,
        })?);
    }
    Ok(hex(&digest.finalize()))
}

/// The value of a figure for the ledger, rounded to four decimals.
pub(super) fn noted(
    figures: &mut BTreeMap<String, f64>,
    name: &str,
    figure: Option<&needledrop_training::yardstick::figures::Figure>,
) {
    if let Some(figure) = figure {
        let value = crate::library::documents::rounded(figure.value, 4);
        figures.insert(name.to_owned(), value);
    }
}
