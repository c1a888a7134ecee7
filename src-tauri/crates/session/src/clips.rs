//! Opening and closing clips; the list of recent ones.

use std::path::Path;
use std::sync::Arc;

use needledrop_engine::DEFAULT_SENSITIVITY;
use needledrop_engine::projects::{Clip as StoredClip, ClipFacts};

use crate::backend::ClipFile;
use crate::dto::{
    Clip, Filters, Opened, Pick, RecentClip, StartTimecode, TermWeights, display_path,
};
use crate::events::JobKind;
use crate::fault::Fault;
use crate::folder::clips_in;
use crate::range::{MAX_RANGE_S, check_range, default_range, stored_range};
use crate::session::{Commit, OpenClip, Session, clip_id};
use crate::store::{ClipChange, now_ms};

/// Largest number of recent clips in the list.
const MAX_RECENT: usize = 24;

impl Session {
    /// Opens a path: a video file replaces the open clip, a folder becomes a bin of clips. If several openings run at once,
    /// the latest call counts and the others return [`Opened::Superseded`].
    ///
    /// # Errors
    /// `not_found`, `no_clips` for a folder without clips, and the faults of an unreadable file.
    pub fn open(self: &Arc<Self>, path: &Path) -> Result<Opened, Fault> {
        let turn = self.next_opening();
        let read = self.read(path);
        let commit = self.commit();
        if !self.is_latest_opening(turn) {
            return Ok(Opened::Superseded);
        }
        match read? {
            Read::Clip(file) => Ok(Opened::Clip {
                clip: Box::new(self.commit_clip(&commit, *file)?),
            }),
            Read::Bin(clips) => {
                self.leave_clip(&commit);
                Ok(Opened::Bin {
                    path: display_path(path),
                    clips,
                })
            }
        }
    }

    /// Closes the open clip. An opening that is still reading is superseded.
    pub fn close(&self) {
        self.next_opening();
        self.leave_clip(&self.commit());
    }

    /// Sets a clip's range. The open clip plays it at once; another clip keeps it for its next opening.
    ///
    /// # Errors
    /// `no_clip` for an unknown id, `invalid_value` for an in-point that is not before the out-point.
    pub fn set_range(&self, clip: &str, range_s: (f64, f64), looping: bool) -> Result<(), Fault> {
        let id = clip_id(clip)?;
        check_range(range_s)?;
        let commit = self.commit();
        let mut state = commit.state();
        if let Some(open) = state.clip.as_mut().filter(|open| open.id == id) {
            open.doc.range_s = range_s;
            self.sound.range(range_s, looping);
        }
        let change = ClipChange {
            range_s: Some(range_s),
            ..ClipChange::default()
        };
        self.store.change_clip(id, change);
        Ok(())
    }

    /// Clips that were opened before, newest first.
    ///
    /// # Errors
    /// Those of the editor's data.
    pub fn recent(&self) -> Result<Vec<RecentClip>, Fault> {
        self.store.with(|projects| {
            let found = projects.recent_clips(None, MAX_RECENT)?;
            Ok(found
                .into_iter()
                .map(|recent| RecentClip {
                    film_url: self.poster_url(recent.clip.id),
                    clip: recent.clip.id.to_string(),
                    duration_s: recent.clip.duration_s,
                    gone: recent.gone,
                    picks: u32::try_from(recent.picks).unwrap_or(0),
                    ..RecentClip::unopened(&recent.clip.path)
                })
                .collect())
        })
    }

    /// Removes a clip from the list of recent clips, with its poster.
    ///
    /// # Errors
    /// Those of the editor's data.
    pub fn forget(&self, clip: &str) -> Result<Vec<RecentClip>, Fault> {
        let id = clip_id(clip)?;
        self.store
            .with(|projects| Ok(projects.forget_clip(id, now_ms())?))?;
        self.forget_poster(id);
        self.recent()
    }

    /// Reads a path without changing anything.
    fn read(&self, path: &Path) -> Result<Read, Fault> {
        let path = path.canonicalize().map_err(|error| {
            Fault::new("not_found", format!("the path cannot be read: {error}"))
        })?;
        if path.is_dir() {
            let clips = clips_in(&path)?;
            let rows = clips.iter().map(|clip| RecentClip::unopened(clip));
            return Ok(Read::Bin(rows.collect()));
        }
        Ok(Read::Clip(Box::new(self.backend.read(&path)?)))
    }

    fn commit_clip(self: &Arc<Self>, commit: &Commit<'_>, file: ClipFile) -> Result<Clip, Fault> {
        // The clip's last changes may still wait to be written.
        self.store.flush();
        let (stored, picks) = self.store.with(|projects| {
            let project = projects.current()?.id;
            let facts = ClipFacts {
                identity: file.identity,
                duration_s: file.info.duration_s,
                rate: file.info.rate,
            };
            let opened = projects.open_clip(project, &file.path, facts, now_ms())?;
            let picks = projects.picks(opened.clip.id)?;
            Ok((
                opened.clip,
                picks.iter().map(Pick::from).collect::<Vec<_>>(),
            ))
        })?;
        self.leave_clip(commit);
        let id = stored.id;
        let mut doc = clip_doc(&file, &stored, picks, self.picture_of(&file));
        self.sound.load(id, &file.path, &file.info, doc.range_s);
        doc.picture = {
            let mut state = commit.state();
            state.clip = Some(OpenClip {
                id,
                path: file.path.clone(),
                doc: doc.clone(),
            });
            doc.picture
        };
        self.start_proxy(id, &file, &doc.picture);
        Ok(doc)
    }

    /// Ends all jobs, URLs and sound of the open clip.
    fn leave_clip(&self, commit: &Commit<'_>) {
        self.cancel_match(commit);
        self.jobs.cancel_all(&[JobKind::Film, JobKind::Proxy]);
        let mut state = commit.state();
        state.proxy = None;
        if let Some(left) = state.clip.take() {
            self.urls.forget_file(&left.path);
        }
        drop(state);
        self.urls.forget_bytes("film-");
        self.sound.unload();
    }
}

enum Read {
    Clip(Box<ClipFile>),
    Bin(Vec<RecentClip>),
}

fn clip_doc(
    file: &ClipFile,
    stored: &StoredClip,
    picks: Vec<Pick>,
    picture: crate::dto::Picture,
) -> Clip {
    let ClipFile { path, info, .. } = file;
    let settings = &stored.settings;
    Clip {
        clip: stored.id.to_string(),
        name: display_path(path.file_name().unwrap_or_default().as_ref()),
        path: display_path(path),
        duration_s: info.duration_s,
        fps_num: info.rate.num(),
        fps_den: info.rate.den(),
        start_timecode: info.start_timecode.map(|start| StartTimecode {
            frame: start.frames().0 as f64,
            drop_frame: start.is_drop_frame(),
        }),
        reel: info.reel.clone(),
        width: info.width,
        height: info.height,
        codec: info.video_codec.clone(),
        has_audio: info.has_audio,
        range_s: stored_range(settings, info).unwrap_or_else(|| default_range(info.duration_s)),
        ask_range: info.duration_s > MAX_RANGE_S && settings.range.is_none(),
        picture,
        brief: settings.brief.clone(),
        words_share: settings.words_share.unwrap_or(0.5),
        weights: settings
            .weights
            .map_or_else(TermWeights::default, TermWeights::from),
        filters: serde_json::from_str(&settings.filters).unwrap_or_else(|_| Filters::default()),
        sensitivity: settings
            .sensitivity
            .unwrap_or_else(|| f64::from(DEFAULT_SENSITIVITY)),
        picks,
    }
}
