//! The editor's own data: projects, the clips opened in them, the picks of each clip, and bins of
//! clips, in one SQLite file.
//!
//! ```
//! use needledrop_projects::{ClipFacts, ClipRange, Identity, NewPick, Projects};
//! use needledrop_timebase::{FrameRange, FrameRate, Frames};
//!
//! let dir = tempfile::tempdir()?;
//! let mut projects = Projects::open_or_create(&dir.path().join("projects.sqlite"), 0)?;
//! let project = projects.current()?;
//! let rate = FrameRate::FPS_25;
//! let identity = Identity { bytes: 9, modified_ns: 0 };
//! let facts = ClipFacts { identity, duration_s: 31.0, rate };
//! let clip = projects.open_clip(project.id, "/edit/opening.mov".as_ref(), facts, 1)?.clip;
//! let pick = NewPick {
//!     track: "3f".into(),
//!     title: "Tidewater Suite".into(),
//!     range: ClipRange::of_frames(FrameRange::new(rate, Frames(50), Frames(500))?),
//!     ..NewPick::default()
//! };
//! projects.save_pick(clip.id, &pick, 2)?;
//! projects.remove_pick(clip.id, "3f", 3)?;
//! let undone = projects.undo()?.expect("the last step");
//! assert_eq!(undone.what, "removed ‘Tidewater Suite’ from the picks");
//! assert_eq!(projects.picks(clip.id)?[0].range.seconds(), (2.0, 20.0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Each change that the user makes to a list (picks, their order and notes, bins, names, the list of
//! recent clips) is one transaction, which is on the disk when the call returns. It is also one step
//! that [`Projects::undo`] undoes, after a restart too. The request of a clip's last match
//! ([`ClipSettings`]) is saved but is not a step. Times of day are arguments, in milliseconds since
//! 1970.
//!
//! Ranges of clips are saved in seconds and in frames of the clip's rate. A file of schema 1 has only
//! seconds; each clip gets its frames when it is opened again.
//!
//! Deliberately absent: tracks and vectors (the crate `catalog`), consent and events, any window.

mod bin;
mod change;
mod clip;
mod error;
mod history;
mod identity;
mod ids;
mod limits;
mod names;
mod pick;
mod project;
mod range;
mod recent;
mod rows;
mod schema;
mod store;

pub use bin::Bin;
pub use clip::{ClipFacts, FileState, OpenedClip};
pub use error::ProjectsError;
pub use history::{MOST_STEPS, Undone};
pub use identity::Identity;
pub use ids::{ClipId, ProjectId};
pub use project::Project;
pub use range::ClipRange;
pub use recent::RecentClip;
pub use rows::clips::{Clip, ClipSettings};
pub use rows::picks::{NewPick, Pick};
pub use store::{FILE, Projects};
