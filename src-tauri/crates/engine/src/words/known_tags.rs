//! The tags of a catalog by name.

use std::collections::BTreeMap;

use super::instruments::Group;

/// The tags that a catalog knows, by their names in lower case.
pub(crate) struct KnownTags(BTreeMap<String, String>);

impl KnownTags {
    pub(crate) fn new(names: impl IntoIterator<Item = String>) -> Self {
        let entry = |name: String| (name.to_lowercase(), name);
        Self(names.into_iter().map(entry).collect())
    }

    pub(super) fn of_group(&self, group: &Group) -> Vec<String> {
        let known = group
            .tags()
            .filter_map(|tag| self.0.get(&tag.to_lowercase()));
        known.cloned().collect()
    }

    /// The tag with this name, in singular or plural.
    pub(super) fn named(&self, words: &str) -> Option<&String> {
        let singular = words.strip_suffix('s').filter(|stem| stem.len() > 2);
        let plural = format!("{words}s");
        let mut names = [Some(words), singular, Some(plural.as_str())]
            .into_iter()
            .flatten();
        names.find_map(|name| self.0.get(name))
    }
}
