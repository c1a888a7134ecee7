//! Helpers of the tests.
#![allow(dead_code, clippy::unwrap_used, reason = "each test uses some of it")]

use std::path::Path;

use needledrop_projects::{ClipFacts, ClipId, ClipRange, Identity, NewPick, Projects};
use needledrop_timebase::FrameRate;

/// Opens `projects.sqlite` in `dir`.
pub fn open(dir: &Path) -> Projects {
    Projects::open_or_create(&dir.join(needledrop_projects::FILE), 1_000).unwrap()
}

/// Opens a clip of that name in the current project.
pub fn clip(projects: &mut Projects, name: &str) -> ClipId {
    let project = projects.current().unwrap().id;
    let identity = Identity {
        bytes: name.len() as u64,
        modified_ns: name.bytes().map(u64::from).sum(),
    };
    let opened = projects.open_clip(project, name.as_ref(), facts(identity), 2_000);
    opened.unwrap().clip.id
}

/// A minute of 23.976 frames a second.
pub fn facts(identity: Identity) -> ClipFacts {
    ClipFacts {
        identity,
        duration_s: 60.0,
        rate: FrameRate::FPS_23_976,
    }
}

/// A track whose numbers have more than a few decimals.
pub fn track(number: u32) -> NewPick {
    NewPick {
        track: format!("{number:08x}"),
        catalog: "mine".into(),
        title: format!("Piece {number}"),
        artist: Some("An ‘Artist’".into()),
        path: Some(format!("/music/a b/{number}.flac").into()),
        licence: Some("CC-BY 4.0".into()),
        bpm: Some(f64::from(number) / 7.0 + 60.0),
        camelot: Some("8A".into()),
        start_s: f64::from(number) / 3.0,
        range: ClipRange::of_seconds((0.1, 60.0 + f64::from(number) / 11.0)),
        score: 1.0 / f64::from(number + 1),
    }
}
