//! Records the output of the sound server, with the moment of each block.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Instant;

const RATE: f64 = 48_000.0;
/// A read that waited at least this long begins a block of the server, seconds.
const NEW_BLOCK_S: f64 = 0.0015;

/// The left channel so far and the reads it came in: first frame, moment, whether it was waited for.
#[derive(Default)]
pub struct Tape {
    pub samples: Vec<f32>,
    reads: Vec<(usize, f64, bool)>,
}

/// A recording under way.
pub struct Recorder {
    pub start: Instant,
    tape: Arc<Mutex<Tape>>,
    child: Child,
    thread: JoinHandle<()>,
}

impl Recorder {
    /// Records the monitor of the default sink.
    pub fn start() -> Recorder {
        let mut child = Command::new("parec")
            .envs(std::env::var("TAPE_SERVER").map(|s| ("PULSE_SERVER", s)))
            .args(["-d", "@DEFAULT_MONITOR@", "--raw", "--format=float32le"])
            .args(["--rate=48000", "--channels=2", "--latency-msec=2"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("parec of pulseaudio-utils");
        let mut out = child.stdout.take().unwrap();
        let (start, tape) = (Instant::now(), Arc::<Mutex<Tape>>::default());
        let to = Arc::clone(&tape);
        let thread = std::thread::spawn(move || {
            let (mut buffer, mut rest) = (vec![0; 1 << 16], Vec::new());
            loop {
                let asked = Instant::now();
                let Ok(n) = out.read(&mut buffer) else { return };
                if n == 0 {
                    return;
                }
                let at_s = start.elapsed().as_secs_f64();
                let waited = asked.elapsed().as_secs_f64() > NEW_BLOCK_S;
                rest.extend_from_slice(&buffer[..n]);
                let whole = rest.len() / 8 * 8;
                let frames = rest[..whole].chunks_exact(8);
                let mut tape = to.lock().unwrap();
                let first = tape.samples.len();
                tape.reads.push((first, at_s, waited));
                let left = frames.map(|f| f32::from_le_bytes([f[0], f[1], f[2], f[3]]));
                tape.samples.extend(left);
                drop(tape);
                rest.drain(..whole);
            }
        });
        Recorder {
            start,
            tape,
            child,
            thread,
        }
    }

    /// Ends the recording; its start and what was recorded.
    pub fn stop(mut self) -> (Instant, Tape) {
        self.child.kill().ok();
        self.child.wait().ok();
        self.thread.join().unwrap();
        (
            self.start,
            Arc::try_unwrap(self.tape)
                .ok()
                .unwrap()
                .into_inner()
                .unwrap(),
        )
    }
}

impl Tape {
    /// When a frame was played, seconds after the start. A block arrives when its first frame is due, or
    /// later: the earliest tenth of the blocks within ten seconds gives the moment.
    pub fn moment_s(&self, frame: usize) -> f64 {
        let near = |(first, ..): &&(usize, f64, bool)| first.abs_diff(frame) < 5 * 48_000;
        let mut late: Vec<f64> = self
            .reads
            .iter()
            .filter(near)
            .filter(|(.., waited)| *waited)
            .map(|(first, at_s, _)| at_s - *first as f64 / RATE)
            .collect();
        late.sort_by(f64::total_cmp);
        late[late.len() / 10] + frame as f64 / RATE
    }

    /// The first frame at or after a moment.
    pub fn frame_at(&self, moment_s: f64) -> usize {
        let mut frame = self.samples.len() / 2;
        for _ in 0..4 {
            let off = moment_s - self.moment_s(frame);
            frame =
                (frame as f64 + off * RATE).clamp(0.0, self.samples.len() as f64 - 1.0) as usize;
        }
        frame
    }
}
