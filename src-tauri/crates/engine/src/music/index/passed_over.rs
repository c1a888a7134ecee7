//! What an index run leaves alone: trash, system folders, resource forks, films and everything else that is no music.

use std::path::Path;

use serde::Serialize;

use crate::file_doc::FileDoc;

/// Files named for each reason.
const NAMED: usize = 3;

/// Why a file or a folder is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A folder of deleted files.
    Trash,
    /// A folder of a system or of a network drive: thumbnails, snapshots, search indexes.
    SystemFolder,
    /// A folder that another path has led to before, or that contains the indexed folder.
    SameFolder,
    /// The resource fork of another file, which macOS writes beside it as `._name`.
    ResourceFork,
    /// A pipe, a socket or a device.
    SpecialFile,
    /// A link to nothing, without the name of a music file.
    BrokenLink,
    /// A file that a browser or another program is still writing.
    Unfinished,
    /// A file with a picture track.
    Film,
    /// A file that is no sound.
    NoSound,
}

impl Reason {
    /// The things left alone, in the plural, for people.
    pub fn words(self) -> &'static str {
        match self {
            Reason::Trash => "trash folders",
            Reason::SystemFolder => "system folders",
            Reason::SameFolder => "folders read already",
            Reason::ResourceFork => "resource forks",
            Reason::SpecialFile => "pipes, sockets and devices",
            Reason::BrokenLink => "broken links",
            Reason::Unfinished => "unfinished downloads",
            Reason::Film => "films",
            Reason::NoSound => "files without sound",
        }
    }
}

/// Files or folders that were left alone for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PassedOver {
    /// Why they were left alone.
    pub reason: Reason,
    /// How many they are. A folder counts as one.
    pub count: usize,
    /// At most three of them.
    pub such_as: Vec<FileDoc>,
}

/// Counts what is left alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PassedOverList(Vec<PassedOver>);

impl PassedOverList {
    /// Adds a file or a folder.
    pub(super) fn add(&mut self, reason: Reason, path: &Path) {
        let at = self.0.partition_point(|group| group.reason < reason);
        if self.0.get(at).is_none_or(|group| group.reason != reason) {
            let group = PassedOver {
                reason,
                count: 0,
                such_as: Vec::new(),
            };
            self.0.insert(at, group);
        }
        let group = &mut self.0[at];
        group.count += 1;
        if group.such_as.len() < NAMED {
            group.such_as.push(path.into());
        }
    }

    /// The reasons in their order, each with its files.
    pub(super) fn into_groups(self) -> Vec<PassedOver> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_in_order_and_name_three_files() {
        let mut list = PassedOverList::default();
        for at in 0..5 {
            list.add(Reason::NoSound, Path::new(&format!("/m/{at}.txt")));
        }
        list.add(Reason::Trash, Path::new("/m/.Trash"));
        let groups = list.into_groups();
        let counts: Vec<_> = groups.iter().map(|g| (g.reason, g.count)).collect();
        assert_eq!(counts, [(Reason::Trash, 1), (Reason::NoSound, 5)]);
        assert_eq!(groups[1].such_as.len(), 3);
        let json = serde_json::to_string(&groups[0]).unwrap();
        assert_eq!(
            json,
            r#"{"reason":"trash","count":1,"such_as":[{"path":"/m/.Trash"}]}"#
        );
    }
}
