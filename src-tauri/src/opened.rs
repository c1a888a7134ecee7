//! Opening a clip: read, remembered, its picture and sound made ready.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use needledrop_engine::clip::{filmstrip, proxies};
use needledrop_engine::job::Outcome;
use needledrop_engine::media::{ClipInfo, MAX_FRAMES, Playable, playable, probe};
use needledrop_engine::projects::{ClipSettings, Identity};
use needledrop_engine::write_whole;

use crate::desk::{Desk, lock, now_ms};
use crate::fault::Fault;
use crate::matching;
use crate::screen::{Clip, Filters, Picture, TermWeights};
use crate::shelf::shown;
use crate::told::{JobKind, Told};

/// Longest range that is matched: a frame a second, seconds.
const MAX_RANGE_S: f64 = MAX_FRAMES as f64;
/// Files that are clips, by their endings; a folder is looked through for these.
const ENDINGS: [&str; 16] = [
    "mp4", "mov", "m4v", "mkv", "webm", "avi", "mxf", "mts", "m2ts", "ts", "mpg", "mpeg", "wmv",
    "ogv", "3gp", "flv",
];
/// Clips of a folder that are listed.
const MOST_CLIPS: usize = 500;
/// Lines of a picture in the filmstrip.
const FILM_HEIGHT: u32 = 96;
/// Pictures in a filmstrip.
const MOST_PICTURES: u32 = 240;

/// The clip that is open.
#[derive(Clone)]
pub struct Opened {
    pub path: PathBuf,
    pub number: i64,
    pub screen: Clip,
}

/// Opens a clip in the place of the one that was open.
pub fn open(desk: &Arc<Desk>, path: &Path) -> Result<Clip, Fault> {
    let path = path
        .canonicalize()
        .map_err(|error| Fault::new("not_found", format!("the clip cannot be read: {error}")))?;
    if path.is_dir() {
        return Err(
            Fault::new("is_folder", "expected a clip, got a folder").with_hint("open it as a bin")
        );
    }
    let info = probe(&path).map_err(needledrop_engine::EngineError::from)?;
    let identity = Identity::of(&path)
        .map_err(|error| Fault::new("unreadable", format!("the clip cannot be read: {error}")))?;
    let (number, settings, picks) = desk.projects(|projects| {
        let project = projects.current()?.id;
        let opened = projects.open_clip(project, &path, identity, info.duration_s, now_ms())?;
        let picks = projects.picks(opened.clip.id)?;
        Ok((
            opened.clip.id,
            opened.clip.settings,
            picks.iter().map(Into::into).collect(),
        ))
    })?;
    matching::forget(desk);
    desk.jobs.cancel_all(&[JobKind::Film, JobKind::Proxy]);
    *lock(&desk.proxy) = None;
    desk.media.forget("film-");
    let too_long = info.duration_s > MAX_RANGE_S;
    let screen = Clip {
        clip: number.to_string(),
        name: path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
        path: shown(&path),
        duration_s: info.duration_s,
        fps_num: i32::try_from(info.rate.num()).unwrap_or(0),
        fps_den: i32::try_from(info.rate.den()).unwrap_or(1),
        width: info.width,
        height: info.height,
        codec: info.video_codec.clone(),
        has_audio: info.has_audio,
        range_s: settings
            .range_s
            .filter(|&(from, to)| from < to && to <= info.duration_s + 0.05)
            .unwrap_or_else(|| sensible_range(info.duration_s)),
        ask_range: too_long && settings.range_s.is_none(),
        picture: picture(desk, number, &path, &info),
        brief: settings.brief.clone(),
        words_share: settings.words_share.unwrap_or(0.5),
        weights: settings.weights.map_or_else(
            TermWeights::default,
            |[visual, tempo, tags, key]| TermWeights {
                visual,
                tempo,
                tags,
                key,
            },
        ),
        filters: serde_json::from_str(&settings.filters).unwrap_or_else(|_| Filters::default()),
        sensitivity: settings
            .sensitivity
            .unwrap_or_else(|| f64::from(needledrop_engine::DEFAULT_SENSITIVITY)),
        picks,
    };
    desk.sound.load(&path, &info, screen.range_s);
    *lock(&desk.opened) = Some(Opened {
        path,
        number,
        screen: screen.clone(),
    });
    Ok(screen)
}

/// Of a clip that is longer than a match may be: the middle, where a film is most like itself.
fn sensible_range(duration_s: f64) -> (f64, f64) {
    if duration_s <= MAX_RANGE_S {
        return (0.0, duration_s);
    }
    let length = MAX_RANGE_S / 2.0;
    let from = ((duration_s - length) / 2.0).floor();
    (from, from + length)
}

/// What the `<video>` shows: the file itself where a web view plays it, else a proxy, made behind the
/// window.
fn picture(desk: &Arc<Desk>, number: i64, path: &Path, info: &ClipInfo) -> Picture {
    let Playable::Proxy(reason) = playable(info) else {
        return Picture::Direct {
            url: desk.media.file(path),
        };
    };
    let reason = reason.to_string();
    let (own, clip, why) = (desk.clone(), path.to_owned(), reason.clone());
    desk.jobs.start(JobKind::Proxy, move |job| {
        if own.jobs.soon(JobKind::Match, job) {
            own.jobs.after(JobKind::Match, job);
        }
        let limit = (own.settings.get().cache_limit_gb * 1e9) as u64;
        match proxies::proxy_within(&own.places, &clip, limit, job)? {
            Outcome::Completed(proxy) => {
                let picture = Picture::Proxy {
                    url: own.media.file(&proxy.path),
                    reason: why,
                };
                own.change_clip(|screen| {
                    if screen.clip == number.to_string() {
                        screen.picture = picture.clone();
                    }
                });
                // Held, so that it is not thrown away while it is shown.
                *lock(&own.proxy) = Some(proxy);
                own.teller.tell(Told::Picture {
                    clip: number.to_string(),
                    picture,
                });
                Ok(Outcome::Completed(()))
            }
            Outcome::Cancelled(_) => Ok(Outcome::Cancelled(None)),
        }
    });
    Picture::Making { reason }
}

/// Makes a filmstrip behind the window.
pub fn make_film(desk: &Arc<Desk>, id: &str, range_s: (f64, f64), count: u32) -> Result<(), Fault> {
    let opened = desk.clip(id)?;
    let count = count.clamp(1, MOST_PICTURES);
    desk.jobs.cancel_all(&[JobKind::Film]);
    let (own, id) = (desk.clone(), id.to_owned());
    desk.jobs.start(JobKind::Film, move |job| {
        let film = |count: u32| {
            let mut show = |index: usize, time_s: f64, jpeg: &[u8]| {
                let (from_s, to_s) = range_s;
                if index == count as usize / 2 {
                    keep_poster(&own, &id, jpeg);
                }
                let name = format!("film-{id}-{from_s:.3}-{to_s:.3}-{count}-{index}");
                own.teller.tell(Told::Film {
                    clip: id.clone(),
                    index: crate::screen::count(index),
                    count,
                    time_s,
                    url: own.media.bytes(&name, jpeg.to_vec(), "image/jpeg"),
                });
            };
            let (path, height) = (&opened.path, FILM_HEIGHT);
            filmstrip::filmstrip(
                &own.places,
                path,
                Some(range_s),
                count as usize,
                height,
                job,
                &mut show,
            )
        };
        if own.jobs.soon(JobKind::Match, job) {
            // One picture, to look at until the first rows are there.
            film(1)?;
            own.jobs.after(JobKind::Match, job);
        }
        let made = film(count)?;
        Ok(made.map(|_| ()))
    });
    Ok(())
}

/// The picture that stands for a clip among the recent ones: from the middle of what was last looked at.
pub fn poster(desk: &Desk, clip: &str) -> PathBuf {
    desk.places
        .cache
        .join("posters")
        .join(format!("{clip}.jpg"))
}

/// Takes that picture away with the clip.
pub fn forget_poster(desk: &Desk, clip: i64) {
    let path = poster(desk, &clip.to_string());
    if let Err(error) = std::fs::remove_file(&path)
        && error.kind() != std::io::ErrorKind::NotFound
    {
        tracing::warn!("the picture of a clip stays: {error}: {}", path.display());
    }
}

fn keep_poster(desk: &Desk, clip: &str, jpeg: &[u8]) {
    if let Err(error) = write_whole(&poster(desk, clip), jpeg) {
        tracing::warn!("the picture of a clip is not kept: {error}");
    }
}

/// Keeps what a clip is matched with.
pub fn remember(desk: &Desk, opened: &Opened) -> Result<(), Fault> {
    let clip = &opened.screen;
    let filters = serde_json::to_string(&clip.filters)
        .map_err(|error| Fault::new("internal", error.to_string()))?;
    let weights = clip.weights;
    let settings = ClipSettings {
        range_s: Some(clip.range_s),
        brief: clip.brief.clone(),
        words_share: Some(clip.words_share),
        weights: Some([weights.visual, weights.tempo, weights.tags, weights.key]),
        sensitivity: Some(clip.sensitivity),
        filters,
    };
    desk.projects(|projects| Ok(projects.set_clip(opened.number, &settings)?))
}

/// The clips of a folder, newest first.
pub fn clips_in(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let unreadable = |error: std::io::Error| {
        Fault::new(
            "folder_missing",
            format!("the folder cannot be read: {error}"),
        )
    };
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .map_err(unreadable)?
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let ending = path.extension()?.to_string_lossy().to_lowercase();
            let meta = path.metadata().ok()?;
            (meta.is_file() && ENDINGS.contains(&ending.as_str()))
                .then(|| (meta.modified().ok(), path))
        })
        .collect();
    if found.is_empty() {
        return Err(Fault::new("no_clips", "no clips lie in that folder")
            .with_hint("drop a video file, or a folder that holds some"));
    }
    found.sort_by(|a, b| b.cmp(a));
    found.truncate(MOST_CLIPS);
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_clip_is_offered_its_middle() {
        assert_eq!(sensible_range(60.0), (0.0, 60.0));
        assert_eq!(sensible_range(MAX_RANGE_S), (0.0, MAX_RANGE_S));
        let (from, to) = sensible_range(600.0);
        assert_eq!((from, to), (270.0, 330.0));
    }

    #[test]
    fn a_folder_lists_its_clips_newest_first_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        for (at, name) in ["old #1.MOV", "new 100%.mp4", "notes.txt", "song.wav"]
            .iter()
            .enumerate()
        {
            let path = dir.path().join(name);
            let file = std::fs::File::create(&path).unwrap();
            let when = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000 + at as u64);
            file.set_modified(when).unwrap();
        }
        let names: Vec<_> = clips_in(dir.path())
            .unwrap()
            .iter()
            .map(|p| p.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(names, ["new 100%.mp4", "old #1.MOV"]);
        let empty = tempfile::tempdir().unwrap();
        assert_eq!(clips_in(empty.path()).unwrap_err().code, "no_clips");
    }
}
