//! The brief of a match: everything but the clip.

use needledrop_catalog::Filter;
use needledrop_ranking::{Key, TagWish, Weights};
use needledrop_vision::DEFAULT_SENSITIVITY;

/// What the music should be. It can change without embedding the clip again.
#[derive(Clone, Debug, PartialEq)]
pub struct MatchBrief {
    /// A description in words. Words after "no", "without" or a minus describe what is unwanted.
    pub text: Option<String>,
    /// Share of the words in the query, 0 to 1; the picture has the rest.
    pub words_share: f32,
    /// A track of the catalog, by id or title. The rows should sound like it and suit its key; it is not among
    /// them.
    pub reference: Option<String>,
    /// Lowest and highest tempo, beats per minute.
    pub bpm_range: Option<(f32, f32)>,
    /// Related keys score high, too.
    pub key: Option<Key>,
    /// Wanted tags, and with negative weights unwanted ones.
    pub tags: Vec<TagWish>,
    /// Only tracks that pass are listed.
    pub filter: Filter,
    /// Cut sensitivity from 0 (clear cuts only) to 1.
    pub sensitivity: f32,
    /// Weights of visual, tempo, tags and key.
    pub weights: Weights,
    /// Number of rows, at most.
    pub top: usize,
}

impl Default for MatchBrief {
    /// Thirty rows for the picture alone.
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
    /// Whether the other brief needs no new search: it differs at most in weights and number of rows.
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
    fn other_weights_and_more_rows_need_no_new_search() {
        let brief = MatchBrief::default();
        let weighed = MatchBrief {
            weights: Weights::new(0.1, 0.4, 0.3, 0.2).unwrap(),
            top: 5,
            ..brief.clone()
        };
        assert!(
            brief.same_search(&weighed),
            "another order of the same tracks"
        );
        let asked = MatchBrief {
            text: Some("slow piano".to_owned()),
            ..brief.clone()
        };
        assert!(!brief.same_search(&asked), "other words need a search");
        let filtered = MatchBrief {
            filter: Filter {
                bpm: Some((90.0, 100.0)),
                ..Filter::default()
            },
            ..brief.clone()
        };
        assert!(
            !brief.same_search(&filtered),
            "another filter needs a search"
        );
    }
}
