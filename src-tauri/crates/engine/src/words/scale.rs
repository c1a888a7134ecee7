//! Graded targets of words, 0 to 1, and the measured values that meet them.

use needledrop_ranking::Edges;

/// Tempo of each grade, beats per minute, from the usual ranges of the tempo markings: largo 40-60, adagio 66-76, andante
/// 76-108, moderato 108-120, allegro 120-156, vivace and presto 156-200.
const BPM: [(f32, f32); 10] = [
    (0.0, 40.0),
    (0.1, 56.0),
    (0.25, 70.0),
    (0.4, 90.0),
    (0.5, 108.0),
    (0.6, 118.0),
    (0.7, 128.0),
    (0.85, 156.0),
    (0.95, 176.0),
    (1.0, 200.0),
];
/// Grades from the first on are asked for as "at least", those up to the second as "at most", others as "about".
const HIGH: f32 = 0.6;
const LOW: f32 = 0.4;
/// What is met may lie this much nearer to the middle than the grade: of tempo, and of a share.
const TEMPO_ROOM: f32 = 0.15;
const SHARE_ROOM: f32 = 0.2;
/// A degree such as "very" moves the grade outwards, "a bit" inwards.
const STEP: f32 = 0.12;
/// "Not too fast" may be this much faster than "not fast".
const TOO: f32 = 0.08;

/// A degree word before another word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Degree {
    #[default]
    Plain,
    Very,
    Slightly,
}

/// How a grade is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    Asked(Degree),
    Not,
    NotToo,
}

/// Tempo of a grade, beats per minute.
fn bpm_of(grade: f32) -> f32 {
    let grade = grade.clamp(0.0, 1.0);
    let after = BPM
        .iter()
        .position(|(at, _)| *at >= grade)
        .unwrap_or(BPM.len() - 1);
    let (to, high) = BPM[after];
    let (from, low) = BPM[after.saturating_sub(1)];
    if to <= from {
        return high;
    }
    low + (high - low) * (grade - from) / (to - from)
}

/// Beats per minute that meet a grade of tempo.
pub(super) fn tempo(grade: f32, sense: Sense) -> Edges {
    let edges = edges(grade, TEMPO_ROOM, sense);
    Edges {
        low: edges.low.map(|at| bpm_of(at).round()),
        high: edges.high.map(|at| bpm_of(at).round()),
    }
}

/// Percentiles that meet a grade of energy or valence.
pub(super) fn share(grade: f32, sense: Sense) -> Edges {
    edges(grade, SHARE_ROOM, sense)
}

fn edges(grade: f32, room: f32, sense: Sense) -> Edges {
    let grade = match sense {
        Sense::Asked(Degree::Very) if grade >= HIGH => (grade + STEP).min(1.0),
        Sense::Asked(Degree::Very) if grade <= LOW => (grade - STEP).max(0.0),
        Sense::Asked(Degree::Slightly) if grade >= HIGH => (grade - STEP).max(HIGH),
        Sense::Asked(Degree::Slightly) if grade <= LOW => (grade + STEP).min(LOW),
        _ => grade,
    };
    let beyond = if sense == Sense::NotToo { TOO } else { 0.0 };
    match sense {
        Sense::Asked(_) if grade >= HIGH => Edges::over(grade - room),
        Sense::Asked(_) if grade <= LOW => Edges::under(grade + room),
        Sense::Asked(_) => Edges::between(grade - room, grade + room),
        // The opposite: below what "fast" asks for, above what "slow" asks for.
        _ if grade >= 0.5 => Edges::under(grade - room + beyond),
        _ => Edges::over(grade + room - beyond),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Sense = Sense::Asked(Degree::Plain);

    #[test]
    fn grades_become_tempi() {
        assert_eq!(tempo(0.75, PLAIN), Edges::over(118.0));
        assert_eq!(tempo(0.25, PLAIN), Edges::under(90.0));
        let middle = tempo(0.5, PLAIN);
        assert!(middle.low.unwrap() < 90.0 && middle.high.unwrap() > 115.0);
        assert!((0..=100).all(|g| bpm_of(g as f32 / 100.0) <= bpm_of((g + 1) as f32 / 100.0)));
    }

    #[test]
    fn degrees_move_the_edge() {
        let low = |degree| tempo(0.75, Sense::Asked(degree)).low.unwrap();
        assert!(low(Degree::Very) > low(Degree::Plain));
        assert!(low(Degree::Slightly) < low(Degree::Plain));
        let high = |degree| share(0.15, Sense::Asked(degree)).high.unwrap();
        assert!(high(Degree::Very) < high(Degree::Plain));
    }

    #[test]
    fn a_negated_grade_is_its_opposite() {
        assert_eq!(tempo(0.75, Sense::Not), Edges::under(118.0));
        let not_too = tempo(0.75, Sense::NotToo).high.unwrap();
        assert!((119.0..135.0).contains(&not_too), "{not_too}");
        assert!(share(0.15, Sense::Not).low.unwrap() > 0.3);
    }
}
