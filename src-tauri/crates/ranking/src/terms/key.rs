//! The fit of a track's key.
//!
//! Valence depends far more on the mode than on the tonic, so only the mode counts unless the brief has a reference key
//! or a wanted key. Then the distance on the Camelot wheel counts too: the same key, its relative and its neighbours by a
//! fifth share all notes but at most one, and follow one another smoothly.

use super::{NEUTRAL, doubt};
use crate::brief::Brief;
use crate::candidate::Candidate;
use crate::music::Key;

/// Score by Camelot distance, from 0 to 7 steps.
const NEARNESS: [f64; 8] = [1.0, 0.9, 0.6, 0.4, 0.25, 0.15, 0.05, 0.0];

fn nearness(a: Key, b: Key) -> f64 {
    NEARNESS[usize::from(a.camelot().distance(b.camelot())).min(7)]
}

pub(crate) fn score(brief: &Brief, candidate: &Candidate) -> f64 {
    let Some(key) = candidate.key else {
        return NEUTRAL;
    };
    let mut sum = 0.0;
    let mut count = 0.0;
    for wanted in [brief.key, brief.reference_key].into_iter().flatten() {
        sum += nearness(key, wanted);
        count += 1.0;
    }
    // A wanted key contains the wanted mode.
    if let (Some(mode), None) = (brief.mode, brief.key) {
        let fit = f64::from(u8::from(mode == key.mode()));
        sum += doubt(fit, brief.mode_confidence);
        count += 1.0;
    }
    if count == 0.0 {
        return NEUTRAL;
    }
    doubt(sum / count, candidate.key_confidence)
}

pub(crate) fn reason(brief: &Brief, candidate: &Candidate) -> String {
    let nothing_asked =
        brief.key.is_none() && brief.reference_key.is_none() && brief.mode.is_none();
    if nothing_asked {
        return "no key or mode asked for".to_owned();
    }
    let Some(key) = candidate.key else {
        return "its key is not known".to_owned();
    };
    let mut parts = Vec::new();
    if let Some(wanted) = brief.key {
        parts.push(relation(key, wanted, "the key asked for"));
    }
    if let Some(reference) = brief.reference_key {
        parts.push(relation(key, reference, "the reference"));
    }
    if let (Some(mode), None) = (brief.mode, brief.key) {
        let verdict = if mode == key.mode() { "as" } else { "where" };
        let tail = if mode == key.mode() {
            format!("suits the mood ({mode})")
        } else {
            format!("the mood suggests {mode}")
        };
        parts.push(format!("{}, {verdict} {tail}", key.mode()));
    }
    let unsure = if candidate.key_confidence < 0.3 {
        " (unsure)"
    } else {
        ""
    };
    format!("{key}{unsure}: {}", parts.join("; "))
}

fn relation(key: Key, wanted: Key, name: &str) -> String {
    match key.camelot().distance(wanted.camelot()) {
        0 => format!("is {name}"),
        1 if key.mode() != wanted.mode() => format!("relative of {name} ({wanted})"),
        1 => format!("a fifth from {name} ({wanted})"),
        steps => format!("{steps} Camelot steps from {name} ({wanted})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::Mode;

    fn in_key(key: &str) -> Candidate {
        Candidate {
            key: Some(key.parse().unwrap()),
            ..Candidate::new("t")
        }
    }

    #[test]
    fn nearer_keys_on_the_wheel_score_higher() {
        let brief = Brief {
            reference_key: Some("C".parse().unwrap()),
            ..Brief::default()
        };
        let scores: Vec<f64> = ["C", "Am", "D", "F#"]
            .iter()
            .map(|k| score(&brief, &in_key(k)))
            .collect();
        assert!(scores.windows(2).all(|w| w[0] > w[1]), "{scores:?}");
        assert!(reason(&brief, &in_key("Am")).contains("relative"));
    }

    #[test]
    fn mode_alone_ignores_the_tonic() {
        let brief = Brief {
            mode: Some(Mode::Minor),
            mode_confidence: 1.0,
            ..Brief::default()
        };
        assert!((score(&brief, &in_key("Am")) - score(&brief, &in_key("C#m"))).abs() < 1e-12);
        assert!(score(&brief, &in_key("Am")) > score(&brief, &in_key("A")));
    }

    #[test]
    fn a_key_of_low_confidence_counts_less() {
        let brief = Brief {
            key: Some("C".parse().unwrap()),
            ..Brief::default()
        };
        let doubted = Candidate {
            key_confidence: 0.1,
            ..in_key("C")
        };
        assert!(score(&brief, &doubted) < score(&brief, &in_key("C")));
        assert!((score(&brief, &Candidate::new("t")) - NEUTRAL).abs() < 1e-12);
    }
}
