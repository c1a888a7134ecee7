//! Makes the track of a catalog from an analysis.

use std::path::Path;

use needledrop_audio::{Metadata, TrackAnalysis};
use needledrop_catalog::{NewTrack, SourceFile, TrackCredits, TrackDetails, TrackFacts};
use needledrop_ranking::TAGS_THAT_COUNT;

use super::credits::Credit;
use super::licence;

/// Version of the analysis. It goes up when the analysis finds more or better results; an index run then analyses the
/// tracks of older versions again.
pub const ANALYSIS_VERSION: u32 = 3;

/// The track of an analysis; `same_as` are the ids of tracks with the same recording.
pub(super) fn new_track(
    file: SourceFile,
    credit: &Credit,
    analysis: TrackAnalysis,
    same_as: Vec<String>,
) -> NewTrack {
    let mut credits = own_credits(&file.path, &analysis.metadata);
    apply(credit, &mut credits);
    let mut tags = analysis.tags;
    tags.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    tags.truncate(TAGS_THAT_COUNT);
    let facts = TrackFacts {
        title: credits.title,
        artist: credits.artist,
        album: credits.album,
        licence: credits.licence,
        attribution: credits.attribution,
        source: credits.source,
        isrc: analysis.metadata.isrc,
        claimed_bpm: analysis.metadata.claimed_bpm,
        claimed_key: analysis.metadata.claimed_key,
        duration_s: analysis.duration_s,
        preview_s: analysis.preview_s,
        tempo: analysis.tempo,
        key: analysis.key,
        loudness: analysis.loudness,
        form: analysis.form,
        character: analysis.character,
        tags,
    };
    NewTrack {
        file,
        facts,
        vector: analysis.vector,
        sections: analysis.sections,
        details: TrackDetails {
            beats: analysis.beats,
            curves: analysis.curves,
            fingerprint: analysis.fingerprint,
        },
        analysis_version: ANALYSIS_VERSION,
        same_as,
    }
}

/// Credits from a file's tags; the file name replaces a missing title.
fn own_credits(path: &Path, metadata: &Metadata) -> TrackCredits {
    let stem = path
        .file_stem()
        .map_or_else(String::new, |stem| stem.to_string_lossy().into());
    let known = |text: &Option<String>| text.clone().filter(|t| !t.trim().is_empty());
    TrackCredits {
        title: known(&metadata.title).unwrap_or_else(|| stem.replace('_', " ")),
        artist: known(&metadata.artist),
        album: known(&metadata.album),
        licence: known(&metadata.licence).as_deref().map(licence::spdx),
        attribution: None,
        source: None,
    }
}

/// Replaces the file's own credits by those of credits files.
pub(super) fn apply(credit: &Credit, credits: &mut TrackCredits) {
    if let Some(title) = &credit.title {
        credits.title.clone_from(title);
    }
    for (own, credited) in [
        (&mut credits.artist, &credit.artist),
        (&mut credits.album, &credit.album),
        (&mut credits.licence, &credit.licence),
        (&mut credits.attribution, &credit.attribution),
        (&mut credits.source, &credit.source),
    ] {
        if credited.is_some() {
            own.clone_from(credited);
        }
    }
}
