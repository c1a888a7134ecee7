//! The fit of a track's tempo and beats.
//!
//! People hear tempo as a ratio, and can count a piece in half or double time. So evaluations of tempo estimation accept
//! octave errors (Accuracy2 of Gouyon et al. 2006). The distance is therefore |log2(a / b)| folded to the nearest octave,
//! 0 to 0.5, and the fit is the raised cosine (1 + cos 2πd) / 2, the smoothest kernel of that period. A tempo 4 % off, about
//! the just noticeable difference (Drake & Botte 1993), has a fit of 0.97; 19 % off has 0.5, half an octave off has 0. The
//! score is 0.9 for a fit of 1 and 0.1 for a fit of 0. Low confidence of either tempo moves it towards neutral.
//!
//! Equal tempi do not put the beats on the cuts; the alignment ([`crate::InPoint::score`]) measures that. Both are
//! probabilities, so their log odds add up. The tempo counts less the more decisive the alignment is, and not at all for
//! a picture without a pulse. A range of tempi that the user asked for decides; the alignment then orders the tracks
//! inside it.

use super::{NEUTRAL, doubt, finite, log_odds, logistic};
use crate::brief::Brief;
use crate::candidate::Candidate;

/// Factor for a track whose half or double tempo is in the wanted range.
const HALF_OR_DOUBLE: f64 = 0.8;

/// Score of a track with exactly the picture's tempo. Tempo without phase is only a hint.
const SURE: f64 = 0.9;
/// Probabilities are clamped to this value and 1 minus it.
const LEAST_PROBABILITY: f64 = 0.02;
/// Share of the tempo's log odds that a fully decisive alignment already contains.
const REDUNDANT: f64 = 0.6;
/// Share of the alignment beside a wanted range.
const ALIGNED_IN_RANGE: f64 = 0.15;

/// The tempo that a brief wants.
enum TempoTarget {
    Range(f64, f64),
    Pulse(f64, f32),
    /// No target, with the reason.
    Nothing(&'static str),
}

fn target(brief: &Brief) -> TempoTarget {
    if let Some((a, b)) = brief.bpm_range
        && let (Some(a), Some(b)) = (positive(a), positive(b))
    {
        return TempoTarget::Range(a.min(b), a.max(b));
    }
    match brief.tempo {
        Some(pulse) if pulse.confidence > 0.0 => match positive(pulse.bpm) {
            Some(bpm) => TempoTarget::Pulse(bpm, pulse.confidence),
            None => TempoTarget::Nothing("no tempo asked for"),
        },
        Some(_) => TempoTarget::Nothing("the picture has no clear pulse"),
        None => TempoTarget::Nothing("no tempo asked for"),
    }
}

fn positive(bpm: f32) -> Option<f64> {
    (bpm.is_finite() && bpm > 0.0).then(|| f64::from(bpm))
}

/// Octaves between two tempi after folding, 0 to 0.5.
fn folded(octaves: f64) -> f64 {
    (octaves - octaves.round()).abs()
}

fn kernel(distance: f64) -> f64 {
    if distance >= 0.5 {
        return 0.0;
    }
    f64::midpoint(1.0, (std::f64::consts::TAU * distance).cos())
}

/// Octaves from `bpm` to the nearest edge of the range; 0 inside.
fn outside(bpm: f64, low: f64, high: f64) -> f64 {
    if bpm < low {
        (low / bpm).log2()
    } else if bpm > high {
        (bpm / high).log2()
    } else {
        0.0
    }
}

fn range_score(bpm: f64, low: f64, high: f64) -> f64 {
    let plain = kernel(outside(bpm, low, high));
    let other_count =
        kernel(outside(bpm / 2.0, low, high)).max(kernel(outside(bpm * 2.0, low, high)));
    plain.max(HALF_OR_DOUBLE * other_count)
}

pub(crate) fn score(brief: &Brief, candidate: &Candidate) -> f64 {
    let alignment = alignment(candidate);
    let bpm = finite(candidate.bpm).filter(|b| *b > 0.0);
    match (target(brief), bpm) {
        (TempoTarget::Range(low, high), Some(bpm)) => {
            let fit = doubt(range_score(bpm, low, high), candidate.bpm_confidence);
            fit + ALIGNED_IN_RANGE * (alignment.unwrap_or(NEUTRAL) - fit)
        }
        (TempoTarget::Range(..), None) => NEUTRAL,
        (TempoTarget::Pulse(pulse, confidence), Some(bpm)) => {
            let fit = kernel(folded((bpm / pulse).log2()));
            let fit = SURE * fit + (1.0 - SURE) * (1.0 - fit);
            combined(
                doubt(doubt(fit, confidence), candidate.bpm_confidence),
                alignment,
            )
        }
        _ => combined(NEUTRAL, alignment),
    }
}

/// Adds the log odds of tempo and alignment. Both come from the cuts, so the tempo counts less the more decisive the
/// alignment is.
fn combined(tempo: f64, alignment: Option<f64>) -> f64 {
    let Some(alignment) = alignment else {
        return tempo;
    };
    let decisive = (2.0 * alignment - 1.0).abs();
    let share = 1.0 - REDUNDANT * decisive;
    logistic(log_odds(alignment, LEAST_PROBABILITY) + share * log_odds(tempo, LEAST_PROBABILITY))
}

fn alignment(candidate: &Candidate) -> Option<f64> {
    finite(candidate.alignment).map(|score| score.clamp(LEAST_PROBABILITY, 1.0 - LEAST_PROBABILITY))
}

pub(crate) fn reason(brief: &Brief, candidate: &Candidate) -> String {
    let tempo = tempo_reason(brief, candidate);
    let Some(landed) = landed_cuts(candidate) else {
        return tempo;
    };
    match target(brief) {
        TempoTarget::Nothing(_) => match finite(candidate.bpm).filter(|b| *b > 0.0) {
            Some(bpm) => format!("{bpm:.0} BPM; {landed}"),
            None => landed,
        },
        _ => format!("{tempo}; {landed}"),
    }
}

/// The number of cuts on its beats, in words; `None` before the alignment and for a range without cuts.
fn landed_cuts(candidate: &Candidate) -> Option<String> {
    alignment(candidate)?;
    let (landed, cuts) = candidate.cuts_landed.filter(|(_, cuts)| *cuts > 0)?;
    let from = candidate.start_s.filter(|s| s.is_finite() && *s >= 0.0);
    let from = from.map_or_else(String::new, |s| {
        let s = s.round() as u64;
        format!(" from {}:{:02}", s / 60, s % 60)
    });
    let beats = if finite(candidate.bpm).is_some() {
        "beats"
    } else {
        "onsets"
    };
    Some(match (landed, cuts) {
        (0, 1) => format!("the cut misses its {beats}{from}"),
        (1, 1) => format!("the cut lies on its {beats}{from}"),
        _ => format!("{landed} of {cuts} cuts on its {beats}{from}"),
    })
}

fn tempo_reason(brief: &Brief, candidate: &Candidate) -> String {
    let target = target(brief);
    if let TempoTarget::Nothing(why) = target {
        return why.to_owned();
    }
    let Some(bpm) = finite(candidate.bpm).filter(|b| *b > 0.0) else {
        return "its tempo is not known".to_owned();
    };
    let unsure = if candidate.bpm_confidence < 0.3 {
        " (unsure)"
    } else {
        ""
    };
    match target {
        TempoTarget::Range(low, high) => {
            let asked = format!("{low:.0}-{high:.0} asked for");
            let state = if outside(bpm, low, high) == 0.0 {
                "inside the"
            } else if outside(bpm / 2.0, low, high) == 0.0 {
                "in half time inside the"
            } else if outside(bpm * 2.0, low, high) == 0.0 {
                "in double time inside the"
            } else {
                "outside the"
            };
            format!("{bpm:.0} BPM{unsure}, {state} {asked}")
        }
        TempoTarget::Pulse(pulse, _) => {
            let octaves = (bpm / pulse).log2();
            let off = (folded(octaves).exp2() - 1.0) * 100.0;
            let count = match octaves.round() {
                o if o > 0.5 => ", counted in half time",
                o if o < -0.5 => ", counted in double time",
                _ => "",
            };
            format!("{bpm:.0} BPM{unsure}, {off:.0} % off the picture's {pulse:.0}{count}")
        }
        TempoTarget::Nothing(why) => why.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::brief::PulseTempo;

    fn at(bpm: f32) -> Candidate {
        Candidate {
            bpm: Some(bpm),
            ..Candidate::new("t")
        }
    }

    fn pulse(bpm: f32, confidence: f32) -> Brief {
        Brief {
            tempo: Some(PulseTempo { bpm, confidence }),
            ..Brief::default()
        }
    }

    #[test]
    fn octaves_are_the_same_tempo() {
        for bpm in [60.0, 120.0, 240.0] {
            assert!((score(&pulse(120.0, 1.0), &at(bpm)) - SURE).abs() < 1e-9);
        }
        let half = score(&pulse(120.0, 1.0), &at(120.0 * 2_f32.sqrt()));
        assert!((half - (1.0 - SURE)).abs() < 1e-6);
    }

    #[test]
    fn the_documented_tolerances_hold() {
        let off = |ratio: f64| kernel(folded(ratio.log2()));
        assert!((off(1.04) - 0.97).abs() < 0.005, "{}", off(1.04));
        assert!((off(1.19) - 0.50).abs() < 0.01, "{}", off(1.19));
    }

    #[test]
    fn beats_on_the_cuts_count_more_than_an_equal_tempo_that_drifts() {
        let meets = |alignment, bpm| Candidate {
            alignment: Some(alignment),
            ..at(bpm)
        };
        let brief = pulse(120.0, 0.8);
        let met = score(&brief, &meets(0.99, 121.0));
        let drifts = score(&brief, &meets(0.29, 121.0));
        let known = score(&brief, &at(121.0));
        assert!(met > 0.95, "{met}");
        assert!(drifts < 0.6, "{drifts}");
        assert!(drifts < known && known < met);
        let other = score(&brief, &meets(0.99, 170.0));
        assert!(
            other > known,
            "its beats meet the cuts at another tempo: {other}"
        );
    }

    #[test]
    fn a_better_alignment_never_scores_lower() {
        for bpm in [120.0, 140.0, 170.0] {
            let scores: Vec<f64> = (0..=50)
                .map(|i| Candidate {
                    alignment: Some(i as f32 / 50.0),
                    ..at(bpm)
                })
                .map(|candidate| score(&pulse(120.0, 1.0), &candidate))
                .collect();
            assert!(scores.windows(2).all(|w| w[0] <= w[1]), "{bpm}: {scores:?}");
        }
    }

    #[test]
    fn without_a_pulse_the_alignment_decides_and_the_reason_names_the_start() {
        let found = Candidate {
            alignment: Some(0.9),
            cuts_landed: Some((11, 14)),
            start_s: Some(32.2),
            ..at(128.0)
        };
        let none = Brief::default();
        assert!((score(&none, &found) - 0.9).abs() < 1e-6);
        assert_eq!(
            reason(&none, &found),
            "128 BPM; 11 of 14 cuts on its beats from 0:32"
        );
        assert_eq!(
            reason(&pulse(127.0, 0.9), &found),
            "128 BPM, 1 % off the picture's 127; 11 of 14 cuts on its beats from 0:32"
        );
    }

    #[test]
    fn low_confidence_moves_the_score_towards_neutral() {
        let sure = score(&pulse(120.0, 1.0), &at(120.0));
        let unsure = score(&pulse(120.0, 0.2), &at(120.0));
        let clueless = score(&pulse(120.0, 0.0), &at(120.0));
        assert!(sure > unsure && unsure > clueless);
        assert!((clueless - NEUTRAL).abs() < 1e-12);
    }

    #[test]
    fn a_range_prefers_its_inside_then_half_and_double_time() {
        let brief = Brief {
            bpm_range: Some((90.0, 110.0)),
            ..Brief::default()
        };
        let inside = score(&brief, &at(95.0));
        let double = score(&brief, &at(190.0));
        let outside = score(&brief, &at(140.0));
        assert!(inside > double && double > outside);
        let misses = Candidate {
            alignment: Some(0.0),
            ..at(95.0)
        };
        let meets = Candidate {
            alignment: Some(1.0),
            ..at(140.0)
        };
        assert!(
            score(&brief, &misses) > score(&brief, &meets),
            "the wanted range decides"
        );
        assert!(reason(&brief, &at(190.0)).contains("half time"));
    }

    #[test]
    fn an_unknown_tempo_is_neutral_and_the_reason_says_it() {
        let brief = pulse(120.0, 1.0);
        let unknown = Candidate::new("t");
        assert!((score(&brief, &unknown) - NEUTRAL).abs() < 1e-12);
        assert_eq!(reason(&brief, &unknown), "its tempo is not known");
        assert_eq!(reason(&Brief::default(), &at(90.0)), "no tempo asked for");
        assert!(reason(&pulse(120.0, 0.0), &at(90.0)).contains("no clear pulse"));
    }
}
