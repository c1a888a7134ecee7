//! `needledrop analyze`: the analysis of one music file as a document.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use needledrop_audio::{Analyzer, Metadata, TrackAnalysis};
use needledrop_ranking::{Beats, Curve, Curves, Mood, Section, Tempo};
use serde::Serialize;

use crate::error::EngineError;
use crate::file_doc::FileDoc;
use crate::job::{Job, Outcome};
use crate::library::documents::{MoodDoc, rounded};
use crate::music::mood::{self, MoodScale, two_letters};
use crate::packs;
use crate::places::Places;

/// The file to analyse.
#[derive(Clone, Debug)]
pub struct AnalysisRequest {
    /// The music file to analyse.
    pub file: PathBuf,
    /// Model pack, by name or folder.
    pub pack: String,
    /// Whether the report contains curves.
    pub curves: bool,
    /// Whether the pack's models run, which find tags, mood and voices.
    pub embed: bool,
}

/// The analysis of a music file. Unknown fields are `null` or empty.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AnalysisReport {
    /// The file, as it was given.
    #[serde(flatten)]
    pub file: FileDoc,
    /// Seconds of sound that could be decoded.
    pub duration_s: f64,
    /// Beats per minute; `null` without a pulse.
    pub bpm: Option<f64>,
    /// Confidence of the tempo, 0 to 1.
    pub bpm_confidence: f64,
    /// Possible tempi, best first.
    pub bpm_candidates: Vec<CandidateDoc>,
    /// Stretches of constant tempo, in time order.
    pub tempo_stretches: Vec<StretchDoc>,
    /// Metre, such as `4/4`, or `6/8` for two beats of three parts; `null` where it is unsure.
    pub time_signature: Option<String>,
    /// Confidence of the metre, 0 to 1; from 0.5 it is named.
    pub time_signature_confidence: f64,
    /// Times of all beats.
    pub beats_s: Vec<f64>,
    /// Times of the first beats of all bars.
    pub downbeats_s: Vec<f64>,
    /// Key, such as `C#m`.
    pub key: Option<String>,
    /// `major` or `minor`.
    pub mode: Option<&'static str>,
    /// Camelot code of the key.
    pub camelot: Option<String>,
    /// Confidence of the key, 0 to 1.
    pub key_confidence: f64,
    /// Difference of concert pitch from A = 440 Hz, in cents.
    pub tuning_cents: Option<f64>,
    /// Integrated loudness (EBU R 128).
    pub loudness_lufs: Option<f64>,
    /// Loudness range (EBU Tech 3342).
    pub loudness_range_lu: Option<f64>,
    /// Largest true peak of all channels.
    pub true_peak_dbtp: Option<f64>,
    /// Tags, strongest first.
    pub tags: Vec<TagDoc>,
    /// Sections in time order.
    pub sections: Vec<SectionDoc>,
    /// `real` (the music ends), `fade` or `cut`.
    pub ending: &'static str,
    /// Start of the fade, or of the last sound.
    pub ending_s: Option<f64>,
    /// Moment of the strongest rise of energy, at the start of the climax.
    pub climax_s: Option<f64>,
    /// In and out of a seamless loop.
    pub loop_s: Option<[f64; 2]>,
    /// The half minute that is most typical of the track.
    pub preview_s: [f64; 2],
    /// Shares of the four moods.
    pub mood: Option<MoodDoc>,
    /// The strongest mood and its tendency in two letters, such as `HC` for happy and calm.
    pub mood_label: Option<String>,
    /// Name of the strongest mood.
    #[serde(skip)]
    pub mood_name: Option<&'static str>,
    /// From 0 (calm) to 1 (excited): the share of music in general that is calmer.
    pub energy: f64,
    /// From 0 (unpleasant) to 1 (pleasant): the share of music in general that is less pleasant.
    pub valence: Option<f64>,
    /// Share of the track with singing or speech, 0 to 1.
    pub vocal: Option<f64>,
    /// Share of the power between 300 Hz and 3.4 kHz, the band of voices.
    pub presence: Option<f64>,
    /// Tags of the file.
    pub metadata: MetadataDoc,
    /// Number of packets that could not be decoded; above 0 the file is damaged.
    pub damaged_packets: usize,
    /// Absent unless the request asks for curves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub curves: Option<CurvesDoc>,
}

/// A possible tempo; the weights of all add up to 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "named as in the contract")]
pub struct CandidateDoc {
    pub bpm: f64,
    pub weight: f64,
}

/// A stretch of constant tempo, which ends where the next one starts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "named as in the contract")]
pub struct StretchDoc {
    pub start_s: f64,
    pub bpm: f64,
}

/// A tag with its score, 0 to 1.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(missing_docs, reason = "named as in the contract")]
pub struct TagDoc {
    pub tag: String,
    pub score: f64,
}

/// A section of a track.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SectionDoc {
    /// Seconds of the track.
    pub start_s: f64,
    /// Start of the next section, or the end of the track.
    pub end_s: f64,
    /// `intro`, `body`, `break`, `climax` or `outro`.
    pub kind: &'static str,
    /// Mean energy, 0 to 1.
    pub energy: f64,
    /// Share of the section with singing or speech, 0 to 1.
    pub vocal: Option<f64>,
}

/// Tags of a file.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[expect(
    missing_docs,
    reason = "fields of a file's tags, named as they are there"
)]
pub struct MetadataDoc {
    pub title: Option<String>,
    pub artist: Option<String>,
    pub album: Option<String>,
    pub genre: Option<String>,
    pub isrc: Option<String>,
    pub licence: Option<String>,
    pub copyright: Option<String>,
    pub comment: Option<String>,
    pub bpm_claimed: Option<f64>,
    pub key_claimed: Option<String>,
    /// Encoding that was guessed for texts whose tags declare none, or a wrong one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guessed_encoding: Option<&'static str>,
    /// The bytes of these texts as they are stored, by field, in hexadecimal.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub stored_bytes: BTreeMap<&'static str, String>,
}

/// Curves of a track.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CurvesDoc {
    /// Energy of the music.
    pub energy: RateCurveDoc,
    /// Strength of note onsets.
    pub onsets: RateCurveDoc,
    /// Waveform for an overview.
    pub peaks: RateCurveDoc,
    /// Waveform for a close view.
    pub peaks_fine: RateCurveDoc,
}

/// Values from 0 to 1 at a constant rate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RateCurveDoc {
    /// Number of values per second; 0 for an empty curve.
    pub rate_hz: f64,
    /// In time order from the start of the track.
    pub values: Vec<f64>,
}

/// Analyses one music file.
///
/// # Errors
/// [`EngineError::UnknownPack`], [`EngineError::Model`], [`EngineError::Audio`].
pub fn analyze(
    places: &Places,
    request: &AnalysisRequest,
    job: &Job<'_>,
) -> Result<Outcome<AnalysisReport>, EngineError> {
    let pack = match request.embed {
        true => Some(packs::open(places, &request.pack)?),
        false => None,
    };
    job.report(0, 0, "analysing music");
    let mut analyzer = match &pack {
        Some(pack) => Analyzer::open(pack, 0)?,
        None => Analyzer::without_pack()?,
    };
    let analysed = analyzer.analyze(&request.file, job.cancel());
    let Outcome::Completed(mut analysis) = Outcome::from_result(analysed)? else {
        return Ok(Outcome::Cancelled(None));
    };
    let moods = pack.map(|pack| MoodScale::of_pack(&pack, &places.cache));
    if let Some(moods) = moods.transpose()?.flatten() {
        mood::complete(&moods, &mut analysis);
    }
    let report = AnalysisReport::new(&request.file, analysis, request.curves);
    Ok(Outcome::Completed(report))
}

impl AnalysisReport {
    fn new(path: &Path, analysis: TrackAnalysis, curves: bool) -> Self {
        let tempo = analysis.tempo.unwrap_or_default();
        let beats = analysis.beats.unwrap_or_default();
        let (key, form, character) = (analysis.key, analysis.form, analysis.character);
        let metre = analysis.metre;
        Self {
            file: path.into(),
            duration_s: seconds(analysis.duration_s),
            bpm: (tempo.bpm > 0.0).then(|| rounded(f64::from(tempo.bpm), 2)),
            bpm_confidence: part(tempo.confidence),
            bpm_candidates: candidates(&tempo),
            tempo_stretches: stretches(&tempo),
            time_signature: metre.filter(|metre| metre.is_sure()).map(|m| m.to_string()),
            time_signature_confidence: metre.map_or(0.0, |metre| part(metre.confidence)),
            beats_s: beats.times_s.iter().copied().map(seconds).collect(),
            downbeats_s: Beats::downbeats_s(&beats).map(seconds).collect(),
            key: key.map(|estimate| estimate.key.to_string()),
            mode: key.map(|estimate| estimate.key.mode().as_str()),
            camelot: key.map(|estimate| estimate.key.camelot().to_string()),
            key_confidence: key.map_or(0.0, |estimate| part(estimate.confidence)),
            tuning_cents: key.map(|estimate| rounded(f64::from(estimate.tuning_cents), 1)),
            loudness_lufs: analysis.loudness.integrated_lufs.map(|x| rounded(x, 2)),
            loudness_range_lu: analysis.loudness.range_lu.map(|x| rounded(x, 2)),
            true_peak_dbtp: analysis.loudness.true_peak_dbtp.map(|x| rounded(x, 2)),
            tags: analysis.tags.into_iter().map(tag).collect(),
            sections: analysis.sections.iter().map(section).collect(),
            ending: form.ending.as_str(),
            ending_s: form.ending_s.map(seconds),
            climax_s: form.climax_s.map(seconds),
            loop_s: form.loop_s.map(|(from, to)| [seconds(from), seconds(to)]),
            preview_s: [seconds(analysis.preview_s.0), seconds(analysis.preview_s.1)],
            mood: character.mood.as_ref().map(MoodDoc::from),
            mood_label: character.mood.as_ref().map(two_letters),
            mood_name: character.mood.as_ref().map(Mood::label),
            energy: part(character.energy),
            valence: character.valence.map(part),
            vocal: character.vocal.map(part),
            presence: character.presence.map(part),
            metadata: MetadataDoc::from(analysis.metadata),
            damaged_packets: analysis.damaged_packets,
            curves: curves.then(|| CurvesDoc::from(&analysis.curves)),
        }
    }
}

fn seconds(time_s: f64) -> f64 {
    rounded(time_s, 3)
}

fn part(share: f32) -> f64 {
    rounded(f64::from(share), 3)
}

fn candidates(tempo: &Tempo) -> Vec<CandidateDoc> {
    let candidate = |&(bpm, weight): &(f32, f32)| CandidateDoc {
        bpm: rounded(f64::from(bpm), 2),
        weight: part(weight),
    };
    tempo.candidates.iter().map(candidate).collect()
}

fn stretches(tempo: &Tempo) -> Vec<StretchDoc> {
    let stretch = |&(start_s, bpm): &(f64, f32)| StretchDoc {
        start_s: seconds(start_s),
        bpm: rounded(f64::from(bpm), 2),
    };
    tempo.stretches.iter().map(stretch).collect()
}

fn tag((tag, score): (String, f32)) -> TagDoc {
    let score = part(score);
    TagDoc { tag, score }
}

fn section(section: &Section) -> SectionDoc {
    SectionDoc {
        start_s: seconds(section.start_s),
        end_s: seconds(section.end_s),
        kind: section.kind.as_str(),
        energy: part(section.energy),
        vocal: section.vocal.map(part),
    }
}

impl From<Metadata> for MetadataDoc {
    fn from(metadata: Metadata) -> Self {
        Self {
            title: metadata.title,
            artist: metadata.artist,
            album: metadata.album,
            genre: metadata.genre,
            isrc: metadata.isrc,
            licence: metadata.licence,
            copyright: metadata.copyright,
            comment: metadata.comment,
            bpm_claimed: metadata.claimed_bpm.map(|bpm| rounded(f64::from(bpm), 2)),
            key_claimed: metadata.claimed_key.map(|key| key.to_string()),
            guessed_encoding: metadata.guessed_encoding,
            stored_bytes: metadata.guessed_from.iter().map(in_hexadecimal).collect(),
        }
    }
}

fn in_hexadecimal((field, bytes): &(&'static str, Vec<u8>)) -> (&'static str, String) {
    (
        field,
        bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
    )
}

impl From<&Curves> for CurvesDoc {
    fn from(curves: &Curves) -> Self {
        let doc = |curve: &Curve| RateCurveDoc {
            rate_hz: f64::from(curve.rate_hz),
            values: curve
                .values
                .iter()
                .map(|&value| rounded(f64::from(value) / 255.0, 3))
                .collect(),
        };
        Self {
            energy: doc(&curves.energy),
            onsets: doc(&curves.onsets),
            peaks: doc(&curves.peaks),
            peaks_fine: doc(&curves.peaks_fine),
        }
    }
}
