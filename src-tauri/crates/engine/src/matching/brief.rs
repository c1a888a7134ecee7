//! What is asked of a match, beside the clip.

use needledrop_catalog::Filter;
use needledrop_ranking::{Key, TagWish, Weights};
use needledrop_vision::DEFAULT_SENSITIVITY;

/// What the music should be. All of it may change while the picture stays.
#[derive(Clone, Debug, PartialEq)]
pub struct MatchBrief {
    /// What the music should be, in words; what follows "no", "without" or a minus is unwanted.
    pub text: Option<String>,
    /// Share of the words in the query, 0 to 1; the rest is the picture's.
    pub words_share: f32,
    /// A track of the catalog that the choice should sound like and whose key it should follow; it is
    /// not offered itself.
    pub reference: Option<String>,
    /// Tempo wanted.
    pub bpm_range: Option<(f32, f32)>,
    /// Key wanted.
    pub key: Option<Key>,
    /// Tags wanted and unwanted.
    pub tags: Vec<TagWish>,
    /// What a track must be to be offered at all.
    pub filter: Filter,
    /// How readily a change of the picture is called a cut, 0 to 1.
    pub sensitivity: f32,
    /// Weights of the four terms.
    pub weights: Weights,
    /// How many rows.
    pub top: usize,
}

impl Default for MatchBrief {
    /// Thirty rows by the picture alone.
    fn default() -> Self {
        Self {
            text: None,
            words_share: 0.5,
            reference: None,
            bpm_range: None,
            key: None,
            tags: Vec::new(),
            filter: Filter::default(),
            sensitivity: DEFAULT_SENSITIVITY,
            weights: Weights::default(),
            top: 30,
        }
    }
}

impl MatchBrief {
    /// Whether both find the same tracks at the same places: they differ at most in how those are
    /// weighed and how many are listed.
    pub(super) fn same_search(&self, other: &MatchBrief) -> bool {
        let searched = |brief: &MatchBrief| MatchBrief {
            weights: Weights::default(),
            top: 0,
            ..brief.clone()
        };
        searched(self) == searched(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_weights_and_length_leave_what_was_found() {
        let brief = MatchBrief::default();
        let weighed = MatchBrief {
            weights: Weights::new(0.1, 0.4, 0.3, 0.2).unwrap(),
            top: 5,
            ..brief.clone()
        };
        assert!(
            brief.same_search(&weighed),
            "the same tracks, another order"
        );
        let asked = MatchBrief {
            text: Some("slow piano".to_owned()),
            ..brief.clone()
        };
        assert!(!brief.same_search(&asked), "words search elsewhere");
        let filtered = MatchBrief {
            filter: Filter {
                bpm: Some((90.0, 100.0)),
                ..Filter::default()
            },
            ..brief.clone()
        };
        assert!(
            !brief.same_search(&filtered),
            "a filter lets others through"
        );
    }
}
