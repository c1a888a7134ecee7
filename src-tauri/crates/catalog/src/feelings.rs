//! Energy and valence of the tracks of an older catalog, computed again from what it stores.

use needledrop_ranking::{KeyEstimate, Tempo, TrackSound};
use rusqlite::{Row, Transaction, params};

use crate::track::key_of_number;

/// The stored numbers of a track that energy and valence follow from.
struct Stored {
    row: i64,
    intensity: Option<f64>,
    tempo: Option<Tempo>,
    key: Option<KeyEstimate>,
}

/// Computes energy and valence of every track that has an intensity. Numbers that reading would refuse count as unknown
/// here, so that a damaged track does not keep a catalog from being opened.
///
/// A track costs one reading of its tags: about a minute for a million tracks, a second for 40,000.
pub(crate) fn fill(transaction: &Transaction<'_>) -> Result<(), rusqlite::Error> {
    let tracks: Vec<Stored> = transaction
        .prepare(
            "SELECT row, intensity, bpm, bpm_confidence, key, key_confidence
             FROM tracks WHERE intensity IS NOT NULL",
        )?
        .query_map([], stored)?
        .collect::<Result<_, _>>()?;
    let mut tags_of = transaction.prepare(
        "SELECT n.name, x.score FROM tags x JOIN tag_names n ON n.number = x.tag WHERE x.track = ?1
         ORDER BY x.score DESC, n.name",
    )?;
    let mut write =
        transaction.prepare("UPDATE tracks SET energy = ?2, valence = ?3 WHERE row = ?1")?;
    for track in tracks {
        let tags: Vec<(String, f32)> = tags_of
            .query_map([track.row], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let sound = TrackSound {
            intensity: track.intensity.map(|share| share as f32),
            tempo: track.tempo.as_ref(),
            key: track.key,
            tags: &tags,
        };
        write.execute(params![track.row, sound.energy(), sound.valence()])?;
    }
    Ok(())
}

fn stored(row: &Row<'_>) -> Result<Stored, rusqlite::Error> {
    let within = |column: usize, most: f64| -> Result<Option<f64>, rusqlite::Error> {
        let value: Option<f64> = row.get(column)?;
        Ok(value.filter(|value| (0.0..=most).contains(value)))
    };
    let share =
        |column: usize| Ok::<_, rusqlite::Error>(within(column, 1.0)?.unwrap_or(0.0) as f32);
    Ok(Stored {
        row: row.get(0)?,
        intensity: within(1, 1.0)?,
        tempo: match within(2, f64::from(crate::encoding::FASTEST_BPM))? {
            Some(bpm) => Some(Tempo {
                bpm: bpm as f32,
                confidence: share(3)?,
                ..Tempo::default()
            }),
            None => None,
        },
        key: match within(4, 23.0)? {
            Some(number) => Some(KeyEstimate {
                key: key_of_number(number as u8),
                confidence: share(5)?,
                tuning_cents: 0.0,
            }),
            None => None,
        },
    })
}
