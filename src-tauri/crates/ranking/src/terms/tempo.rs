//! How well a track's tempo fits.
//!
//! Tempo is heard on a ratio scale, and a piece can be counted in half or double time, which is
//! why evaluations of tempo estimation accept octave errors (Accuracy2 of Gouyon et al. 2006).
//! The distance is therefore |log2(a / b)| folded to the nearest octave, 0 to 0.5, and the fit
//! the raised cosine (1 + cos 2πd) / 2: the smoothest kernel of that period. 4 % off fits by 0.97,
//! which is about the just noticeable difference of tempo (Drake & Botte 1993); 19 % off by 0.5,
//! half an octave off by 0. A pulse that fits wholly is worth 0.9, one that does not 0.1; doubt in
//! either tempo pulls that towards neutral.
//!
//! The same tempo is not yet the same beats: whether they meet the picture is the alignment
//! ([`crate::InPoint::score`]). Both are probabilities, so their log odds add up; the alignment
//! weighs more where it tells something, and speaks alone where the picture has no pulse. A range
//! that was asked for rules, and the alignment orders what meets it.

use super::{NEUTRAL, doubt, finite, log_odds, logistic};
use crate::brief::Brief;
use crate::candidate::Candidate;

/// What a track in half or double time of an asked range can reach.
const HALF_OR_DOUBLE: f64 = 0.8;

/// What a track of exactly the picture's pulse reaches by that alone, no more than 9 of 10: tempo
/// without phase is a hint.
const SURE: f64 = 0.9;
/// Probabilities are taken for no surer than this.
const LEAST: f64 = 0.02;
/// Share of what the tempo says that an alignment which tells everything has said before.
const SAID_TWICE: f64 = 0.6;
/// Share of the alignment beside a range that was asked for.
const ALIGNED_IN_RANGE: f64 = 0.15;

enum Wish {
    Range(f64, f64),
    Pulse(f64, f32),
    Nothing(&'static str),
}

fn wish(brief: &Brief) -> Wish {
    if let Some((a, b)) = brief.bpm_range
        && let (Some(a), Some(b)) = (positive(a), positive(b))
    {
        return Wish::Range(a.min(b), a.max(b));
    }
    match brief.tempo {
        Some(pulse) if pulse.confidence > 0.0 => match positive(pulse.bpm) {
            Some(bpm) => Wish::Pulse(bpm, pulse.confidence),
            None => Wish::Nothing("no tempo asked for"),
        },
        Some(_) => Wish::Nothing("the picture has no clear pulse"),
        None => Wish::Nothing("no tempo asked for"),
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
    match (wish(brief), bpm) {
        (Wish::Range(low, high), Some(bpm)) => {
            let fit = doubt(range_score(bpm, low, high), candidate.bpm_confidence);
            fit + ALIGNED_IN_RANGE * (alignment.unwrap_or(NEUTRAL) - fit)
        }
        (Wish::Range(..), None) => NEUTRAL,
        (Wish::Pulse(pulse, confidence), Some(bpm)) => {
            let fit = kernel(folded((bpm / pulse).log2()));
            let fit = SURE * fit + (1.0 - SURE) * (1.0 - fit);
            together(
                doubt(doubt(fit, confidence), candidate.bpm_confidence),
                alignment,
            )
        }
        _ => together(NEUTRAL, alignment),
    }
}

/// Log odds of a tempo that fits and of beats that meet the picture, added up. The cuts speak
/// for both, so where the beats tell much the tempo has less to add.
fn together(tempo: f64, alignment: Option<f64>) -> f64 {
    let Some(alignment) = alignment else {
        return tempo;
    };
    let told = (2.0 * alignment - 1.0).abs();
    let share = 1.0 - SAID_TWICE * told;
    logistic(log_odds(alignment, LEAST) + share * log_odds(tempo, LEAST))
}

fn alignment(candidate: &Candidate) -> Option<f64> {
    finite(candidate.alignment).map(|score| score.clamp(LEAST, 1.0 - LEAST))
}

pub(crate) fn reason(brief: &Brief, candidate: &Candidate) -> String {
    let tempo = tempo_reason(brief, candidate);
    let Some(met) = met(candidate) else {
        return tempo;
    };
    match wish(brief) {
        Wish::Nothing(_) => match finite(candidate.bpm).filter(|b| *b > 0.0) {
            Some(bpm) => format!("{bpm:.0} BPM; {met}"),
            None => met,
        },
        _ => format!("{tempo}; {met}"),
    }
}

/// How its beats meet the cuts, where that was looked at and there were any.
fn met(candidate: &Candidate) -> Option<String> {
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
    let wish = wish(brief);
    if let Wish::Nothing(why) = wish {
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
    match wish {
        Wish::Range(low, high) => {
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
        Wish::Pulse(pulse, _) => {
            let octaves = (bpm / pulse).log2();
            let off = (folded(octaves).exp2() - 1.0) * 100.0;
            let count = match octaves.round() {
                o if o > 0.5 => ", counted in half time",
                o if o < -0.5 => ", counted in double time",
                _ => "",
            };
            format!("{bpm:.0} BPM{unsure}, {off:.0} % off the picture's {pulse:.0}{count}")
        }
        Wish::Nothing(why) => why.to_owned(),
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
    fn beats_that_meet_the_cuts_tell_more_than_a_tempo_that_drifts_off() {
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
            "its beats meet the cuts all the same: {other}"
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
    fn without_a_pulse_the_alignment_speaks_alone_and_says_where() {
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
    fn doubt_pulls_towards_neutral() {
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
            "the range rules"
        );
        assert!(reason(&brief, &at(190.0)).contains("half time"));
    }

    #[test]
    fn an_unknown_tempo_is_neutral_and_says_so() {
        let brief = pulse(120.0, 1.0);
        let unknown = Candidate::new("t");
        assert!((score(&brief, &unknown) - NEUTRAL).abs() < 1e-12);
        assert_eq!(reason(&brief, &unknown), "its tempo is not known");
        assert_eq!(reason(&Brief::default(), &at(90.0)), "no tempo asked for");
        assert!(reason(&pulse(120.0, 0.0), &at(90.0)).contains("no clear pulse"));
    }
}
