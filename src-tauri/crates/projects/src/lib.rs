//! The editor's own data: projects, the clips opened in them, the picks of each clip, and bins of
//! clips, in one SQLite file.
//!
//! ```
//! use needledrop_projects::{Identity, NewPick, Projects};
//!
//! let dir = tempfile::tempdir()?;
//! let mut projects = Projects::open_or_create(&dir.path().join("projects.sqlite"), 0)?;
//! let project = projects.current()?;
//! let seen = Identity { bytes: 9, modified_ns: 0 };
//! let clip = projects.open_clip(project.id, "/edit/opening.mov".as_ref(), seen, 31.0, 1)?.clip;
//! let pick = NewPick { track: "3f".into(), title: "Tidewater Suite".into(), ..NewPick::default() };
//! projects.save_pick(clip.id, &pick, 2)?;
//! projects.remove_pick(clip.id, "3f", 3)?;
//! let undone = projects.undo()?.expect("something was done");
//! assert_eq!(undone.what, "removed ‘Tidewater Suite’ from the picks");
//! assert_eq!(projects.picks(clip.id)?.len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Each change that the user makes to a list (picks, their order and notes, bins, names, the list of
//! recent clips) is one transaction that has reached the disk when the call returns, and one step
//! that [`Projects::undo`] takes back, after a restart too. What a clip is being matched with
//! ([`ClipSettings`]) is kept but is no such step. Times are passed in, in milliseconds since 1970.
//!
//! Deliberately absent: tracks and vectors (the catalog), consent and events, any window.

mod bin;
mod change;
mod clip;
mod error;
mod history;
mod identity;
mod limits;
mod pick;
mod project;
mod recent;
mod schema;
mod store;
mod words;

pub use bin::Bin;
pub use clip::{Clip, ClipId, ClipSettings, FileState, OpenedClip};
pub use error::ProjectsError;
pub use history::{MOST_STEPS, Undone};
pub use identity::Identity;
pub use pick::{NewPick, Pick};
pub use project::{Project, ProjectId};
pub use recent::RecentClip;
pub use store::{FILE, Projects};
