//! A session without a window: real data, settings, catalog and player (on the silent output), and a backend whose slow
//! work waits at a gate until the test opens it.
#![allow(dead_code, reason = "each test file uses a part")]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, OnceLock, mpsc};
use std::time::{Duration, SystemTime};

use needledrop_catalog::{
    Catalog, KeyEstimate, NewTrack, SourceFile, Tempo, TrackDetails, TrackFacts,
};
use needledrop_engine::catalog as needledrop_catalog;
use needledrop_engine::job::{Job, Outcome};
use needledrop_engine::matching::{Analysed, AnalysisTask, ClipMatch, ClipSelection};
use needledrop_engine::media::ClipInfo;
use needledrop_engine::music::audition::OutputChoice;
use needledrop_engine::ranking::{Key, Mode};
use needledrop_engine::{ClipEncoder, EngineError, Places};
use needledrop_session::*;

/// Longest wait for an event; only a deadlock takes this long.
pub const PATIENCE: Duration = Duration::from_secs(120);
const SPACE: &str = "embedded-audio-1";
const DIM: usize = 384;

/// Slow work calls this and waits until it returns. `at` names the work, such as `read a.mp4` or `embed b.mp4`.
pub type Gate = Arc<dyn Fn(&str) + Send + Sync>;

/// Reads real files; returns fixed results for the other work.
pub struct GatedBackend {
    pub gate: Gate,
    known: Mutex<HashMap<PathBuf, ClipFile>>,
}

impl GatedBackend {
    pub fn new(gate: Gate) -> Arc<GatedBackend> {
        Arc::new(GatedBackend {
            gate,
            known: Mutex::default(),
        })
    }

    fn known(&self, path: &Path) -> Result<ClipFile, Fault> {
        let mut known = self.known.lock().unwrap();
        if let Some(file) = known.get(path) {
            return Ok(file.clone());
        }
        let file = MediaBackend.read(path)?;
        known.insert(path.to_owned(), file.clone());
        Ok(file)
    }

    fn pass(&self, work: &str, path: &Path) {
        let name = path.file_name().unwrap().to_string_lossy();
        (self.gate)(&format!("{work} {name}"));
    }

    fn info(&self, path: &Path) -> ClipInfo {
        self.known(path).unwrap().info
    }
}

impl ClipBackend for GatedBackend {
    fn read(&self, path: &Path) -> Result<ClipFile, Fault> {
        self.pass("read", path);
        self.known(path)
    }

    fn embed(
        &self,
        encoder: &mut ClipEncoder,
        selection: &ClipSelection,
        job: &Job<'_>,
    ) -> Result<Outcome<ClipMatch>, EngineError> {
        self.pass("embed", &selection.clip);
        if job.is_cancelled() {
            return Ok(Outcome::Cancelled(None));
        }
        let mut vector = vec![0.0; encoder.dim()];
        vector[0] = 1.0;
        let info = self.info(&selection.clip);
        let matched = ClipMatch::of_vector(encoder, selection, &info, vector)?;
        Ok(Outcome::Completed(matched))
    }

    fn analyze(
        &self,
        _places: &Places,
        task: &AnalysisTask,
        job: &Job<'_>,
    ) -> Result<Outcome<Analysed>, EngineError> {
        let ClipSelection { clip, range_s, .. } = task.selection();
        self.pass("analyze", clip);
        if job.is_cancelled() {
            return Ok(Outcome::Cancelled(None));
        }
        let info = self.info(clip);
        let range_s = range_s.unwrap_or((0.0, info.duration_s));
        Ok(Outcome::Completed(Analysed::still(&info, range_s)))
    }

    fn film(
        &self,
        _places: &Places,
        film: &FilmRequest<'_>,
        job: &Job<'_>,
        show: FilmSink<'_>,
    ) -> Result<Outcome<()>, EngineError> {
        self.pass("film", film.path);
        for index in 0..film.count as usize {
            if job.is_cancelled() {
                return Ok(Outcome::Cancelled(None));
            }
            show(index, index as f64, b"jpeg");
        }
        Ok(Outcome::Completed(()))
    }
}

/// Named gates that a test closes and opens.
#[derive(Clone, Default)]
pub struct Gates(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    closed: Vec<String>,
    waiting: Vec<String>,
}

impl Gates {
    pub fn gate(&self) -> Gate {
        let own = self.clone();
        Arc::new(move |at| own.pass(at))
    }

    pub fn close(&self, at: &str) {
        self.0.0.lock().unwrap().closed.push(at.to_owned());
    }

    pub fn open(&self, at: &str) {
        self.0
            .0
            .lock()
            .unwrap()
            .closed
            .retain(|closed| closed != at);
        self.0.1.notify_all();
    }

    /// Waits until work waits at a gate.
    pub fn wait_for(&self, at: &str) {
        let (state, changed) = &*self.0;
        let state = state.lock().unwrap();
        let there = |state: &mut State| !state.waiting.iter().any(|waiting| waiting == at);
        let waited = changed.wait_timeout_while(state, PATIENCE, there).unwrap();
        assert!(!waited.1.timed_out(), "nothing came to {at:?}");
    }

    fn pass(&self, at: &str) {
        let (state, changed) = &*self.0;
        let mut state = state.lock().unwrap();
        state.waiting.push(at.to_owned());
        changed.notify_all();
        while state.closed.iter().any(|closed| closed == at) {
            state = changed.wait(state).unwrap();
        }
        state.waiting.retain(|waiting| waiting != at);
    }
}

/// A session in its own temporary folders.
pub struct Host {
    pub session: Arc<Session>,
    pub events: mpsc::Receiver<Event>,
    pub dir: tempfile::TempDir,
}

impl Host {
    pub fn new(backend: Arc<dyn ClipBackend>) -> Host {
        let dir = tempfile::tempdir().unwrap();
        let (session, events) = open(dir.path(), backend);
        Host {
            session,
            events,
            dir,
        }
    }

    /// Makes a clip of ten seconds with this file name.
    pub fn clip(&self, name: &str) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::copy(ten_seconds(), &path).unwrap();
        path
    }

    pub fn open(&self, path: &Path) -> Clip {
        match self.session.open(path).unwrap() {
            Opened::Clip { clip } => *clip,
            other => panic!("expected a clip, got {other:?}"),
        }
    }

    /// The next event for which `wanted` returns a value.
    pub fn event<T>(&self, mut wanted: impl FnMut(Event) -> Option<T>) -> T {
        loop {
            let event = self.events.recv_timeout(PATIENCE).expect("an event");
            if let Some(found) = wanted(event) {
                return found;
            }
        }
    }

    /// The end of the next job of a kind: its fault, and whether it was cancelled.
    pub fn ended(&self, kind: JobKind) -> (Option<Fault>, bool) {
        self.event(|event| match event {
            Event::JobEnded {
                job_kind,
                fault,
                cancelled,
                ..
            } if job_kind == kind => Some((fault, cancelled)),
            _ => None,
        })
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        self.session.end();
    }
}

/// A session over the folders below `dir`; its catalog has two tracks.
pub fn open(dir: &Path, backend: Arc<dyn ClipBackend>) -> (Arc<Session>, mpsc::Receiver<Event>) {
    let (sender, events) = mpsc::channel();
    let sender = Mutex::new(sender);
    let sink: EventSink = Arc::new(move |event| {
        // The test may have ended.
        sender.lock().unwrap().send(event).ok();
    });
    (open_with(dir, backend, sink), events)
}

/// As [`open`], with the test's own event sink.
pub fn open_with(dir: &Path, backend: Arc<dyn ClipBackend>, sink: EventSink) -> Arc<Session> {
    let catalog = dir.join("catalog");
    if !catalog.exists() {
        two_tracks(&catalog);
    }
    let checkout = checkout();
    let places = Places {
        config: dir.join("config"),
        data: dir.join("data"),
        cache: dir.join("cache"),
        packs: vec![checkout.join("models")],
        checkout: Some(checkout),
        default_catalog: catalog,
    };
    Session::new(SessionOptions {
        backend,
        output: Some(OutputChoice::Silent),
        ..SessionOptions::new(places, Arc::new(FileUrls), sink)
    })
}

/// The root of the checkout.
pub fn checkout() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..");
    root.canonicalize().unwrap()
}

/// A brief with the window's default values.
pub fn brief(text: &str) -> Brief {
    Brief {
        text: text.to_owned(),
        words_share: 0.5,
        reference: None,
        weights: TermWeights::default(),
        filters: Filters::default(),
        sensitivity: 0.5,
    }
}

pub fn request(clip: &Clip, range_s: (f64, f64)) -> MatchRequest {
    MatchRequest {
        clip: clip.clip.clone(),
        range_s,
        brief: brief(""),
    }
}

fn two_tracks(dir: &Path) {
    let mut catalog = Catalog::create(dir, SPACE, DIM, "two").unwrap();
    for (at, title) in ["First", "Second"].iter().enumerate() {
        let mut vector = vec![0.0; DIM];
        vector[at] = 1.0;
        let facts = TrackFacts {
            title: (*title).to_owned(),
            duration_s: 60.0,
            preview_s: (10.0, 40.0),
            tempo: Some(Tempo {
                bpm: 120.0,
                confidence: 0.9,
                candidates: vec![(120.0, 1.0)],
                stretches: vec![(0.0, 120.0)],
            }),
            key: Some(KeyEstimate {
                key: Key::new(0, Mode::Major),
                confidence: 0.9,
                tuning_cents: 0.0,
            }),
            ..TrackFacts::default()
        };
        let track = NewTrack {
            file: SourceFile {
                path: dir.join(format!("{title}.wav")),
                bytes: 1,
                modified_ns: 0,
                sha256: [at as u8; 32],
            },
            facts,
            vector,
            sections: Vec::new(),
            details: TrackDetails::default(),
            analysis_version: 1,
            same_as: Vec::new(),
        };
        catalog.put(&track).unwrap();
    }
}

/// Path of a clip of ten seconds; every web view plays its H.264.
pub fn ten_seconds() -> &'static Path {
    static CLIP: OnceLock<PathBuf> = OnceLock::new();
    CLIP.get_or_init(|| {
        use gstreamer::prelude::*;
        gstreamer::init().unwrap();
        let since = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_nanos();
        let path = std::env::temp_dir().join(format!("needledrop-ten-{since}.mp4"));
        let text = format!(
            "videotestsrc num-buffers=250 ! video/x-raw,format=I420,width=160,height=120,framerate=25/1 ! \
             x264enc speed-preset=ultrafast key-int-max=25 ! video/x-h264,profile=baseline ! mp4mux ! \
             filesink location=\"{}\"",
            path.display()
        );
        let pipeline = gstreamer::parse::launch(&text).unwrap();
        pipeline.set_state(gstreamer::State::Playing).unwrap();
        let kinds = [gstreamer::MessageType::Eos, gstreamer::MessageType::Error];
        let wait = gstreamer::ClockTime::from_seconds(60);
        let end = pipeline.bus().unwrap().timed_pop_filtered(wait, &kinds);
        assert_eq!(end.unwrap().type_(), gstreamer::MessageType::Eos, "{text}");
        pipeline.set_state(gstreamer::State::Null).unwrap();
        path
    })
}

/// Writes a WAV file with two seconds of silence, 16-bit mono.
pub fn silence(path: &Path) {
    let (rate, bytes) = (16_000_u32, 64_000_u32);
    let mut wav = Vec::new();
    wav.extend(b"RIFF");
    wav.extend((36 + bytes).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    wav.extend([1, 0, 1, 0]);
    wav.extend(rate.to_le_bytes());
    wav.extend((2 * rate).to_le_bytes());
    wav.extend([2, 0, 16, 0]);
    wav.extend(b"data");
    wav.extend(bytes.to_le_bytes());
    wav.resize(44 + bytes as usize, 0);
    std::fs::write(path, wav).unwrap();
}

/// Compares a committed file with `wanted`; writes it if the variable `NEEDLEDROP_REGENERATE` is set.
pub fn committed(name: &str, wanted: &str, test: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../..")
        .join(name);
    if std::env::var_os("NEEDLEDROP_REGENERATE").is_some() {
        std::fs::write(&path, wanted).unwrap();
    }
    let there = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        there == wanted,
        "{name} is stale: run NEEDLEDROP_REGENERATE=1 cargo test -p needledrop-session --test {test}"
    );
}
