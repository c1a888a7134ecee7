//! Writing a track with everything that belongs to it, in one transaction.

use needledrop_ranking::Section;
use rusqlite::{Transaction, params};

use crate::error::CatalogError;
use crate::files::put_file;
use crate::path_text::path_text;
use crate::store::Catalog;
use crate::track::{NewTrack, TrackCredits, key_number, track_id};
use crate::vector::{to_f16_bytes, to_f32_bytes, unit};
use crate::{details, encoding, recordings};

impl Catalog {
    /// Writes a track with everything that belongs to it and returns its id. A track of the same content is replaced. The
    /// track that the path held before is deleted unless another file holds it.
    ///
    /// # Errors
    /// [`CatalogError::NoDirection`] and [`CatalogError::WrongDimension`] for its vectors (a section of silence is
    /// allowed), [`CatalogError::InvalidValue`], [`CatalogError::DiskFull`], [`CatalogError::Database`].
    pub fn put(&mut self, track: &NewTrack) -> Result<String, CatalogError> {
        let path = path_text(&track.file.path)?;
        let vector = unit(&track.vector, self.dim)?;
        check(track)?;
        let vectors = section_vectors(&track.sections, self.dim)?;
        let id = track_id(&track.file.sha256);
        self.write(|transaction| {
            let other_files = take_files(transaction, &id)?;
            transaction.execute("DELETE FROM tracks WHERE id = ?1", [&id])?;
            let row = put_facts(transaction, track, &id)?;
            transaction
                .prepare_cached("INSERT INTO vectors (track, vector) VALUES (?1, ?2)")?
                .execute(params![row, to_f32_bytes(&vector)])?;
            put_tags(transaction, row, &track.facts.tags)?;
            put_sections(transaction, row, &track.sections, &vectors)?;
            details::put(transaction, row, &track.details)?;
            for (other, bytes, modified_ns, missing) in &other_files {
                transaction.execute(
                    "INSERT INTO files (path, bytes, modified_ns, track, missing) VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![other, bytes, modified_ns, row, missing],
                )?;
            }
            put_file(transaction, &track.file, &path, row)?;
            recordings::put(transaction, row, &track.same_as)?;
            transaction.execute("DELETE FROM failures WHERE path = ?1", [&path])?;
            Ok(())
        })?;
        Ok(id)
    }

    /// Replaces the credits of a track.
    ///
    /// # Errors
    /// [`CatalogError::TrackNotFound`], [`CatalogError::Database`].
    pub fn credit(&mut self, id: &str, credits: &TrackCredits) -> Result<(), CatalogError> {
        let mut found = 0;
        self.write(|transaction| {
            found = transaction.execute(
                "UPDATE tracks SET title = ?2, artist = ?3, album = ?4, licence = ?5, attribution = ?6, source = ?7
                 WHERE id = ?1",
                params![
                    id,
                    credits.title,
                    credits.artist,
                    credits.album,
                    credits.licence,
                    credits.attribution,
                    credits.source
                ],
            )?;
            Ok(())
        })?;
        if found == 0 {
            return Err(CatalogError::TrackNotFound { id: id.into() });
        }
        Ok(())
    }
}

/// Refuses values that reading would call damaged.
fn check(track: &NewTrack) -> Result<(), CatalogError> {
    let facts = &track.facts;
    let wrong = |expected, found: String| CatalogError::InvalidValue { expected, found };
    if !encoding::is_time(facts.duration_s) {
        return Err(wrong(
            "a duration from 0 seconds to 7 days",
            facts.duration_s.to_string(),
        ));
    }
    let share = |value: f32| (0.0..=1.0).contains(&value);
    let character = &facts.character;
    let shares = [character.energy]
        .into_iter()
        .chain(character.intensity)
        .chain(character.valence)
        .chain(character.vocal)
        .chain(character.presence)
        .chain(character.mood.iter().flat_map(|mood| mood.shares()))
        .chain(facts.tempo.as_ref().map(|tempo| tempo.confidence))
        .chain(facts.key.map(|key| key.confidence))
        .chain(track.sections.iter().map(|section| section.energy))
        .chain(track.sections.iter().filter_map(|section| section.vocal));
    if let Some(bad) = shares.into_iter().find(|&value| !share(value)) {
        return Err(wrong("shares between 0 and 1", bad.to_string()));
    }
    let form = &facts.form;
    let sections = track.sections.iter();
    let times = [form.ending_s, form.climax_s]
        .into_iter()
        .flatten()
        .chain([facts.preview_s.0, facts.preview_s.1])
        .chain(sections.flat_map(|section| [section.start_s, section.end_s]))
        .chain(form.loop_s.map(|at| at.0))
        .chain(form.loop_s.map(|at| at.1));
    if let Some(bad) = times.into_iter().find(|&time| !encoding::is_time(time)) {
        return Err(wrong("times within a track", bad.to_string()));
    }
    if let Some(tempo) = &facts.tempo {
        if !(0.0..=encoding::FASTEST_BPM).contains(&tempo.bpm) {
            return Err(wrong("a tempo up to 10,000 BPM", tempo.bpm.to_string()));
        }
        encoding::stretches(&encoding::stretches_bytes(&tempo.stretches))
            .and_then(|_| {
                let bytes = encoding::pairs_bytes(tempo.candidates.iter().copied());
                encoding::pairs(&bytes, "readings of a tempo")
            })
            .map_err(|found| wrong("a tempo", found))?;
    }
    details::check(&track.details).map_err(|found| wrong("beats and curves", found))
}

/// Vectors of sections as bytes; the vector of a silent section is zeros.
fn section_vectors(sections: &[Section], dim: usize) -> Result<Vec<Vec<u8>>, CatalogError> {
    sections
        .iter()
        .map(|section| match unit(&section.vector, dim) {
            Ok(vector) => Ok(to_f16_bytes(&vector)),
            Err(CatalogError::NoDirection { .. }) => Ok(to_f16_bytes(&vec![0.0; dim])),
            Err(error) => Err(error),
        })
        .collect()
}

fn put_tags(
    transaction: &Transaction<'_>,
    row: i64,
    tags: &[(String, f32)],
) -> Result<(), rusqlite::Error> {
    let mut name_tag =
        transaction.prepare_cached("INSERT OR IGNORE INTO tag_names (name) VALUES (?1)")?;
    let mut put_tag = transaction.prepare_cached(
        "INSERT OR REPLACE INTO tags (track, tag, score) SELECT ?1, number, ?3 FROM tag_names WHERE name = ?2",
    )?;
    for (tag, score) in tags.iter().filter(|(_, score)| score.is_finite()) {
        name_tag.execute([tag])?;
        put_tag.execute(params![row, tag, score])?;
    }
    Ok(())
}

fn put_sections(
    transaction: &Transaction<'_>,
    row: i64,
    sections: &[Section],
    vectors: &[Vec<u8>],
) -> Result<(), rusqlite::Error> {
    let mut put = transaction.prepare_cached(
        "INSERT OR REPLACE INTO sections (track, start_s, end_s, vector, kind, energy, vocal)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (section, vector) in sections.iter().zip(vectors) {
        put.execute(params![
            row,
            section.start_s,
            section.end_s,
            vector,
            encoding::section_number(section.kind),
            section.energy,
            section.vocal,
        ])?;
    }
    Ok(())
}

type FileRow = (String, i64, i64, bool);

fn take_files(transaction: &Transaction<'_>, id: &str) -> Result<Vec<FileRow>, rusqlite::Error> {
    transaction
        .prepare_cached(
            "SELECT path, bytes, modified_ns, missing FROM files
             WHERE track = (SELECT row FROM tracks WHERE id = ?1)",
        )?
        .query_map([id], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?
        .collect()
}

fn put_facts(
    transaction: &Transaction<'_>,
    track: &NewTrack,
    id: &str,
) -> Result<i64, rusqlite::Error> {
    let facts = &track.facts;
    let (tempo, key) = (facts.tempo.as_ref(), facts.key);
    let (form, character) = (&facts.form, &facts.character);
    transaction
        .prepare_cached(
            "INSERT INTO tracks (id, sha256, title, artist, album, licence, attribution, source, duration_s,
                preview_start_s, preview_end_s, bpm, bpm_confidence, bpm_candidates, key, key_confidence,
                loudness_lufs, true_peak_dbtp, isrc, claimed_bpm, claimed_key, tuning_cents, loudness_range_lu,
                tempo_stretches, ending, ending_s, climax_s, loop_start_s, loop_end_s, mood, energy, valence, vocal,
                presence, analysis_version, intensity)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21,
                ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36)",
        )?
        .execute(params![
            id,
            &track.file.sha256[..],
            facts.title,
            facts.artist,
            facts.album,
            facts.licence,
            facts.attribution,
            facts.source,
            facts.duration_s,
            facts.preview_s.0,
            facts.preview_s.1,
            tempo.map(|tempo| tempo.bpm),
            tempo.map(|tempo| tempo.confidence),
            tempo.map(|tempo| encoding::pairs_bytes(tempo.candidates.iter().copied())),
            key.map(|estimate| key_number(estimate.key)),
            key.map(|estimate| estimate.confidence),
            facts.loudness.integrated_lufs,
            facts.loudness.true_peak_dbtp,
            facts.isrc,
            facts.claimed_bpm,
            facts.claimed_key.map(key_number),
            key.map(|estimate| estimate.tuning_cents),
            facts.loudness.range_lu,
            tempo.map(|tempo| encoding::stretches_bytes(&tempo.stretches)),
            encoding::ending_number(form.ending),
            form.ending_s,
            form.climax_s,
            form.loop_s.map(|at| at.0),
            form.loop_s.map(|at| at.1),
            character.mood.map(|mood| to_f32_bytes(&mood.shares())),
            character.energy,
            character.valence,
            character.vocal,
            character.presence,
            track.analysis_version,
            character.intensity,
        ])?;
    Ok(transaction.last_insert_rowid())
}
