//! SQLite files: a catalog that somebody else made, and the editor's own data after a disk failed.

use std::path::Path;

use needledrop_catalog::{
    Catalog, CatalogError, DATABASE, Filter, NewTrack, Section, SourceFile, TrackDetails,
    TrackFacts,
};
use needledrop_projects::{ClipFacts, ClipSettings, FILE, Identity, Projects, ProjectsError};
use needledrop_timebase::FrameRate;
use rusqlite::Connection;

use crate::scratch;
use crate::target::Target;

/// `catalog.sqlite`: everything that a list, a search or a match reads.
pub const CATALOG: Target = Target {
    name: "catalog",
    most_bytes: MOST_BYTES,
    read: |input| {
        let path = scratch::file(DATABASE, input);
        let folder = path.parent().expect("a file is in a folder");
        Catalog::open(folder).is_ok_and(|catalog| read_catalog(&catalog).is_ok())
    },
    seeds: || {
        let folder = scratch::folder();
        make_catalog(&folder).expect("a catalog can be made");
        vec![small(&folder.join(DATABASE))]
    },
};

/// `projects.sqlite`: every list, and undoing and redoing what is in its log.
pub const PROJECTS: Target = Target {
    name: "projects",
    most_bytes: MOST_BYTES,
    read: |input| {
        let path = scratch::file(FILE, input);
        Projects::open_or_create(&path, NOW_MS)
            .is_ok_and(|mut projects| read_projects(&mut projects).is_ok())
    },
    seeds: || {
        let path = scratch::folder().join(FILE);
        make_projects(&path).expect("a project file can be made");
        vec![small(&path)]
    },
};

const MOST_BYTES: usize = 1 << 18;
const NOW_MS: i64 = 1_700_000_000_000;
/// Tracks, projects, clips, steps that are read of one file.
const MOST_ITEMS: usize = 20;
/// Vectors of more numbers than this are not made up for a search.
const MOST_DIMENSIONS: usize = 4096;

fn read_catalog(catalog: &Catalog) -> Result<(), CatalogError> {
    catalog.info()?;
    catalog.tag_counts()?;
    catalog.failures()?;
    catalog.recordings()?;
    catalog.filter_choices()?;
    catalog.known_files()?;
    for track in catalog.tracks(&Filter::default())?.iter().take(MOST_ITEMS) {
        catalog.track(&track.id)?;
        catalog.details(&track.id)?;
        catalog.sections(&track.id)?;
        catalog.vector(&track.id)?;
    }
    let mut query = vec![0.0; catalog.dim().clamp(1, MOST_DIMENSIONS)];
    query[0] = 1.0;
    let hits = catalog.search(&query, MOST_ITEMS, &Filter::default())?;
    assert!(hits.iter().all(|hit| hit.cosine.abs() <= 1.01), "{hits:?}");
    catalog.tracks_at(&hits.iter().map(|hit| hit.row).collect::<Vec<_>>())?;
    Ok(())
}

fn make_catalog(folder: &Path) -> Result<(), CatalogError> {
    let mut catalog = Catalog::create(folder, "space-1", 3, "seed")?;
    for number in 1..=2_u8 {
        catalog.put(&NewTrack {
            file: SourceFile {
                path: format!("{number}.ogg").into(),
                bytes: 9,
                modified_ns: 1,
                sha256: [number; 32],
            },
            facts: TrackFacts {
                title: format!("Piece {number}"),
                artist: Some("Somebody".into()),
                duration_s: 61.0,
                preview_s: (15.0, 45.0),
                tags: vec![("calm".into(), 0.75), ("piano".into(), 0.5)],
                ..TrackFacts::default()
            },
            vector: vec![f32::from(number), 1.0, 2.0],
            sections: vec![Section {
                start_s: 0.0,
                end_s: 30.0,
                vector: vec![1.0, 0.0, 0.0],
                ..Section::default()
            }],
            details: TrackDetails {
                fingerprint: vec![7; 8],
                ..TrackDetails::default()
            },
            analysis_version: 1,
            same_as: Vec::new(),
        })?;
    }
    Ok(())
}

fn read_projects(projects: &mut Projects) -> Result<(), ProjectsError> {
    projects.current()?;
    for project in projects.projects()?.iter().take(MOST_ITEMS) {
        projects.project_picks(project.id)?;
        projects.bins(project.id)?;
        for recent in projects.recent_clips(Some(project.id), MOST_ITEMS)? {
            projects.clip(recent.clip.id)?;
            projects.picks(recent.clip.id)?;
        }
    }
    for _ in 0..MOST_ITEMS {
        if projects.undo()?.is_none() {
            break;
        }
    }
    while projects.redo()?.is_some() {}
    Ok(())
}

fn make_projects(path: &Path) -> Result<(), ProjectsError> {
    let mut projects = Projects::open_or_create(path, NOW_MS)?;
    let project = projects.current()?.id;
    let clip = projects
        .open_clip(
            project,
            Path::new("/clip.mov"),
            ClipFacts {
                identity: Identity {
                    bytes: 9,
                    modified_ns: 1,
                },
                duration_s: 60.0,
                rate: FrameRate::FPS_25,
            },
            NOW_MS,
        )?
        .clip;
    projects.set_clip(
        clip.id,
        &ClipSettings {
            brief: "rain".into(),
            weights: Some([0.5, 0.25, 0.0, 1.0]),
            ..ClipSettings::default()
        },
    )?;
    projects.make_bin(project, "Ideas", None, &[clip.id], NOW_MS)?;
    projects.rename_project(project, "Film", NOW_MS)?;
    projects.undo()?;
    Ok(())
}

/// The bytes of a database after it was packed into pages of 512 bytes.
fn small(path: &Path) -> Vec<u8> {
    let packed = Connection::open(path).and_then(|connection| {
        connection.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA page_size = 512; VACUUM;")
    });
    packed.expect("SQLite packs the file");
    std::fs::read(path).expect("the file is readable")
}
