//! Reads the words of a brief against a library: meanings, neighbours, and the direction in the audio space.

use needledrop_ranking::Wish;

use super::document::WordDoc;
use super::known_tags::KnownTags;
use super::reading::Reading;
use crate::error::EngineError;
use crate::library::open::Library;
use crate::music::text::normalise;

/// Factor of the unwanted words' mean, which is subtracted from the wanted words.
const SUBTRACTED: f32 = 0.6;
/// Largest number of unknown words that are compared with known ones.
const MOST_UNKNOWN: usize = 12;

/// The towers that embed the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Towers {
    /// Of music alone.
    Music,
    /// Of music and, where the pack has it, of pictures.
    Brief,
}

/// The words of a brief, understood.
pub(crate) struct Understood {
    pub(crate) reading: Reading,
    pub(crate) wishes: Vec<Wish>,
    /// Wanted words minus unwanted ones in the audio space, of length 1; `None` where all words are tempo or mode.
    pub(crate) vector: Option<Vec<f32>>,
}

impl Understood {
    /// Reads a brief; `None` where it asks for nothing.
    pub(crate) fn of(
        library: &mut Library,
        brief: &str,
        towers: Towers,
    ) -> Result<Option<Understood>, EngineError> {
        let tags = KnownTags::new(library.catalog.tag_names()?);
        let mut reading = Reading::of(brief, &tags);
        if reading.is_empty() {
            return Ok(None);
        }
        explain(library, &mut reading, &tags)?;
        let vector = direction(library, &reading, towers)?;
        let wishes = reading.wishes();
        if !wishes.is_empty() {
            library.count(&reading.groups)?;
        }
        Ok(Some(Understood {
            wishes,
            reading,
            vector,
        }))
    }

    /// What each word became.
    pub(crate) fn documents(&self) -> Vec<WordDoc> {
        self.reading.words.iter().map(WordDoc::from).collect()
    }

    /// Phrases of what the music should be, and of what it should not be.
    pub(crate) fn phrases(&self) -> (Vec<String>, Vec<String>) {
        let wanted = self.reading.wanted.split(", ").filter(|p| !p.is_empty());
        let wanted = wanted.map(str::to_owned).collect();
        (wanted, self.reading.unwanted.clone())
    }
}

/// Gives unknown words the meanings of their neighbours. Later words first, so that places stay right.
fn explain(
    library: &mut Library,
    reading: &mut Reading,
    tags: &KnownTags,
) -> Result<(), EngineError> {
    // One word at a time: the vector of a phrase is near words that only one of its parts is near to.
    let mut vague = reading.unexplained();
    vague.retain(|(_, text)| !text.contains([' ', '-']));
    vague.truncate(MOST_UNKNOWN);
    if vague.is_empty() {
        return Ok(());
    }
    let texts: Vec<&str> = vague.iter().map(|(_, text)| text.as_str()).collect();
    let vectors = library.music_vectors(&texts)?;
    let Some(vocabulary) = library.vocabulary()? else {
        return Ok(());
    };
    let found: Vec<(usize, &'static str)> = vague
        .iter()
        .zip(&vectors)
        .filter_map(|((at, _), vector)| Some((*at, vocabulary.nearest(vector)?)))
        .collect();
    for (at, known) in found.into_iter().rev() {
        reading.explain(at, known, tags);
    }
    Ok(())
}

fn direction(
    library: &mut Library,
    reading: &Reading,
    towers: Towers,
) -> Result<Option<Vec<f32>>, EngineError> {
    let mut texts: Vec<&str> = Vec::new();
    if !reading.wanted.is_empty() {
        texts.push(&reading.wanted);
    }
    texts.extend(reading.unwanted.iter().map(String::as_str));
    if texts.is_empty() {
        return Ok(None);
    }
    let vectors = match towers {
        Towers::Music => library.music_vectors(&texts)?,
        Towers::Brief => library.brief_vectors(&texts)?,
    };
    let split = usize::from(!reading.wanted.is_empty());
    let (wanted, unwanted) = vectors.split_at(split.min(vectors.len()));
    let dim = library.pack.manifest.audio.dim;
    let wanted = wanted.first().map(Vec::as_slice);
    Ok(Some(minus(wanted, unwanted, dim)))
}

/// `wanted - 0.6 mean(unwanted)`, scaled to length 1; without wanted words, the opposite of the unwanted ones.
fn minus(wanted: Option<&[f32]>, unwanted: &[Vec<f32>], dim: usize) -> Vec<f32> {
    let mut vector = wanted.map_or_else(|| vec![0.0; dim], <[f32]>::to_vec);
    let each = SUBTRACTED / unwanted.len().max(1) as f32;
    for other in unwanted {
        for (x, y) in vector.iter_mut().zip(other) {
            *x -= each * y;
        }
    }
    normalise(&mut vector);
    vector
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::text::dot;

    #[test]
    fn the_direction_turns_away_from_unwanted_words() {
        let (dark, drums) = (vec![0.8, 0.6, 0.0], vec![0.0, 1.0, 0.0]);
        let with = minus(Some(&dark), &[], 3);
        let without = minus(Some(&dark), std::slice::from_ref(&drums), 3);
        assert!(dot(&without, &drums) < dot(&with, &drums) - 0.3);
        assert!(dot(&without, &dark) > 0.5, "near the wanted words");
        let only = minus(None, std::slice::from_ref(&drums), 3);
        assert!((dot(&only, &drums) + 1.0).abs() < 1e-6);
    }
}
