//! The filter of a search, from its options.

use needledrop_engine::library::tracks as catalog_tracks;
use needledrop_engine::{Filter, KeyFilter};

use crate::args::FilterArgs;

/// The filter of the options.
pub(crate) fn filter(args: &FilterArgs) -> Filter {
    Filter {
        bpm: args.bpm.map(|range| (range.0, range.1)),
        key: args.key.map(|key| KeyFilter {
            key,
            max_distance: 0,
        }),
        tags: args
            .tags
            .iter()
            .map(|tag| catalog_tracks::tag(tag))
            .collect(),
        licences: args.licence.iter().cloned().collect(),
        ..Filter::default()
    }
}
