//! Finds locked material among what is fitted to and chosen on. A source that is renamed or moved is found by the
//! contents of its files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::split::{Part, Yardstick, part};
use crate::error::TrainingError;

/// A larger list is refused, bytes.
const MOST_BYTES: u64 = 64 << 20;
/// Two pictures are alike where their hashes differ in at most this many of 64 bits.
const ALIKE_BITS: u32 = 3;
/// A hash with fewer or more bits set belongs to a picture without structure, which is like many others.
const TELLING_BITS: std::ops::RangeInclusive<u32> = 12..=52;

/// The content of a locked item, without the name of its source.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LockedContent {
    /// SHA-256 of the file in hexadecimal.
    pub sha256: String,
    /// The yardstick that it is locked in.
    pub yardstick: Yardstick,
    /// Perceptual hash of a picture.
    pub look: Option<u64>,
}

/// A file of a row.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Item {
    /// The yardstick of the row.
    pub yardstick: Yardstick,
    /// Name of the source.
    pub source: String,
    /// The part that the row states, where it states one.
    pub stated: Option<Part>,
    /// The file as the row names it.
    pub file: String,
    /// SHA-256 of the file in hexadecimal; `None` for a file that cannot be read.
    pub sha256: Option<String>,
    /// Perceptual hash of a picture.
    pub look: Option<u64>,
}

/// Sources that a file of weights was fitted to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Fitted {
    /// The file of weights.
    pub file: String,
    /// Names of sources; a name may begin with a yardstick and a colon, such as `choices:wesnoth`.
    pub sources: Vec<String>,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// A row states another part than the name of its source gives it.
    WrongPart,
    /// A development item has the content of a locked one.
    LockedContent,
    /// A development picture looks like a locked one.
    LockedLook,
    /// A locked item is not in the list of locked contents, so that it would not be found under another name.
    NotListed,
    /// A file of weights was fitted to a locked source.
    FittedToLocked,
}

impl Fault {
    /// The fault in a sentence about a source.
    pub fn says(self) -> &'static str {
        match self {
            Fault::WrongPart => "the row states another part than the name of its source gives it",
            Fault::LockedContent => "a development item has the content of a locked one",
            Fault::LockedLook => "a development picture looks like a locked one",
            Fault::NotListed => {
                "a locked item is not in the list of locked contents; run assemble.py"
            }
            Fault::FittedToLocked => "the weights were fitted to a locked source",
        }
    }
}

/// A fault with the place where it is.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Leak {
    /// What is wrong.
    pub fault: Fault,
    /// Name of the source.
    pub source: String,
    /// The file of the item or of the weights.
    pub file: String,
}

/// Reads a list of locked contents: lines of a SHA-256, a yardstick, and a perceptual hash or `-`.
///
/// # Errors
/// `BadRow` with the line of the first bad line, `Io`.
pub fn read_locked(path: &Path) -> Result<Vec<LockedContent>, TrainingError> {
    let io = |e| TrainingError::io("read the locked contents", path, e);
    let bad = |line| TrainingError::BadRow {
        path: path.to_owned(),
        line,
        reason: "expected a SHA-256, a yardstick, and a hash of 16 digits or -".to_owned(),
    };
    let length = fs::metadata(path).map_err(io)?.len();
    if length > MOST_BYTES {
        return Err(bad(1));
    }
    let text = fs::read_to_string(path).map_err(io)?;
    let lines = text.lines().enumerate();
    lines
        .map(|(i, line)| content(line).ok_or_else(|| bad(i + 1)))
        .collect()
}

fn content(line: &str) -> Option<LockedContent> {
    let mut fields = line.split(' ');
    let (sha256, yardstick, look) = (fields.next()?, fields.next()?, fields.next()?);
    let is_digest = sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_hexdigit());
    let yardstick = Yardstick::ALL
        .into_iter()
        .find(|known| known.as_str() == yardstick)?;
    let look = match look {
        "-" => None,
        hash if hash.len() == 16 => Some(u64::from_str_radix(hash, 16).ok()?),
        _ => return None,
    };
    (is_digest && fields.next().is_none()).then(|| LockedContent {
        sha256: sha256.to_ascii_lowercase(),
        yardstick,
        look,
    })
}

/// The faults of the items of yardsticks, in their order.
pub fn leaks(items: &[Item], locked: &[LockedContent]) -> Vec<Leak> {
    let listed: BTreeMap<(Yardstick, &str), ()> = locked
        .iter()
        .map(|content| ((content.yardstick, content.sha256.as_str()), ()))
        .collect();
    let mut found = Vec::new();
    for item in items {
        let mut add = |fault| {
            found.push(Leak {
                fault,
                source: item.source.clone(),
                file: item.file.clone(),
            });
        };
        let part = part(item.yardstick, &item.source);
        if item.stated.is_some_and(|stated| stated != part) {
            add(Fault::WrongPart);
        }
        let Some(sha256) = &item.sha256 else {
            continue;
        };
        let is_listed = listed.contains_key(&(item.yardstick, sha256.as_str()));
        match part {
            Part::Locked if !is_listed => add(Fault::NotListed),
            Part::Locked => {}
            Part::Development if is_listed => add(Fault::LockedContent),
            Part::Development => {
                let same = locked.iter().filter(|l| l.yardstick == item.yardstick);
                let is_alike = |hash: u64| {
                    same.filter_map(|l| l.look)
                        .any(|other| are_alike(hash, other))
                };
                if item.look.is_some_and(is_alike) {
                    add(Fault::LockedLook);
                }
            }
        }
    }
    found
}

/// Whether two perceptual hashes belong to nearly the same picture.
fn are_alike(a: u64, b: u64) -> bool {
    TELLING_BITS.contains(&a.count_ones()) && (a ^ b).count_ones() <= ALIKE_BITS
}

/// The locked sources that files of weights were fitted to.
pub fn fitted_leaks(files: &[Fitted]) -> Vec<Leak> {
    let mut found = Vec::new();
    for file in files {
        for source in &file.sources {
            // A name without a yardstick counts by itself: what was fitted to is not known.
            let (yardstick, name) = Yardstick::ALL
                .into_iter()
                .find_map(|known| {
                    let name = source.strip_prefix(known.as_str())?.strip_prefix(':')?;
                    Some((known, name))
                })
                .unwrap_or((Yardstick::Pictures, source));
            let part = part(yardstick, name);
            if part == Part::Locked {
                found.push(Leak {
                    fault: Fault::FittedToLocked,
                    source: source.clone(),
                    file: file.file.clone(),
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(of: u8) -> String {
        format!("{of:02x}").repeat(32)
    }

    /// "c" is a locked source, "a" and "b" are development sources.
    fn item(source: &str, content: u8, look: u64) -> Item {
        Item {
            yardstick: Yardstick::Pictures,
            source: source.to_owned(),
            stated: None,
            file: format!("{source}/{content}.png"),
            sha256: Some(digest(content)),
            look: Some(look),
        }
    }

    const LOOK: u64 = 0x0f0f_3c3c_00ff_55aa;

    fn locked() -> Vec<LockedContent> {
        vec![LockedContent {
            sha256: digest(7),
            yardstick: Yardstick::Pictures,
            look: Some(LOOK),
        }]
    }

    fn faults(items: &[Item]) -> Vec<Fault> {
        leaks(items, &locked())
            .iter()
            .map(|leak| leak.fault)
            .collect()
    }

    #[test]
    fn an_honest_split_has_no_faults() {
        let items = [item("a", 1, !LOOK), item("b", 2, 0), item("c", 7, LOOK)];
        assert_eq!(faults(&items), []);
    }

    #[test]
    fn a_locked_source_under_another_name_is_found_by_its_content() {
        let found = leaks(&[item("a", 1, 0), item("b", 7, 0)], &locked());
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].fault, found[0].source.as_str()),
            (Fault::LockedContent, "b")
        );
        let elsewhere = Item {
            yardstick: Yardstick::Words,
            ..item("b", 7, 0)
        };
        assert_eq!(
            faults(&[elsewhere]),
            [],
            "another yardstick has its own list"
        );
    }

    #[test]
    fn a_locked_picture_that_was_written_anew_is_found_by_its_look() {
        assert_eq!(faults(&[item("a", 1, LOOK ^ 0b101)]), [Fault::LockedLook]);
        assert_eq!(faults(&[item("a", 1, LOOK ^ 0xffff)]), []);
    }

    #[test]
    fn locked_items_are_listed_and_stated_parts_are_true() {
        assert_eq!(faults(&[item("c", 8, 0)]), [Fault::NotListed]);
        let moved = Item {
            stated: Some(Part::Development),
            ..item("c", 7, LOOK)
        };
        assert_eq!(faults(&[moved]), [Fault::WrongPart]);
    }

    #[test]
    fn weights_that_were_fitted_to_a_locked_source_are_found() {
        let fitted = |sources: &[&str]| {
            let sources = sources.iter().map(|s| (*s).to_owned()).collect();
            let file = "projector.safetensors".to_owned();
            fitted_leaks(&[Fitted { file, sources }])
        };
        assert_eq!(fitted(&["a", "pictures:b", "choices:supertux"]), []);
        let found = fitted(&["a", "words:c", "supertux", "c"]);
        let names: Vec<&str> = found.iter().map(|leak| leak.source.as_str()).collect();
        assert_eq!(
            names,
            ["words:c", "supertux", "c"],
            "a first game is one for choices only"
        );
    }

    #[test]
    fn a_list_is_read_line_by_line() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("locked.sha256");
        let digest = digest(7);
        fs::write(
            &path,
            format!("{digest} pictures {LOOK:016x}\n{digest} words -\n"),
        )
        .unwrap();
        let read = read_locked(&path).unwrap();
        assert_eq!((&read[0], read[1].look), (&locked()[0], None));
        for bad in [
            "",
            "ab pictures -",
            &format!("{digest} music -"),
            &format!("{digest} words 1f"),
        ] {
            fs::write(&path, format!("{digest} words -\n{bad}\n")).unwrap();
            let error = read_locked(&path).unwrap_err();
            assert!(error.to_string().contains("line 2"), "{bad:?}: {error}");
        }
    }
}
