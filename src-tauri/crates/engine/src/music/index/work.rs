//! Analyses files on several threads.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, SyncSender, channel, sync_channel};
use std::thread;
use std::time::Instant;

use needledrop_audio::{Analyzer, AudioError, TrackAnalysis};
use needledrop_models::Pack;

use super::background::lower_priority;
use super::pace::Meter;
use super::walk::MusicFile;
use crate::error::EngineError;
use crate::files::sha256;
use crate::job::Job;

/// A result for the file with index `at`.
pub(super) enum Event {
    /// Its checksum was computed; the worker waits for an answer on `known`: whether another worker or an earlier run analyses this content.
    Hashed {
        at: usize,
        sha256: [u8; 32],
        known: SyncSender<bool>,
    },
    /// Its analysis is complete.
    Analysed {
        at: usize,
        sha256: [u8; 32],
        analysis: Box<TrackAnalysis>,
    },
    /// Its analysis is impossible; the message says why. The checksum is absent for a file that could not be read.
    Failed {
        at: usize,
        sha256: Option<[u8; 32]>,
        code: String,
        message: String,
    },
}

enum Message {
    Event(Event),
    /// The file with this index was analysed, was known, or failed.
    Settled(usize),
    /// The pack does not work, so no file can be analysed.
    Broken(EngineError),
}

/// Analyses `files` on `threads` threads and calls `take` with the results on this thread. Stops when the job is
/// cancelled, when `take` fails, or when the pack does not work.
pub(super) fn analyse(
    pack: &Pack,
    files: &[MusicFile],
    threads: usize,
    job: &Job<'_>,
    mut take: impl FnMut(Event) -> Result<(), EngineError>,
) -> Result<(), EngineError> {
    let next = AtomicUsize::new(0);
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let (sender, messages) = channel();
        for _ in 0..threads.min(files.len()) {
            let worker = Worker {
                pack,
                files,
                next: &next,
                stop: &stop,
                job,
                sender: sender.clone(),
            };
            scope.spawn(move || {
                lower_priority();
                worker.run();
            });
        }
        drop(sender);
        let mut result = Ok(());
        let mut meter = Meter::new(files, threads, Instant::now());
        job.report(0, files.len() as u64, "analysing music");
        for message in messages {
            let step = match message {
                Message::Event(event) if result.is_ok() => {
                    if let Event::Analysed { at, analysis, .. } = &event {
                        meter.analysed(*at, analysis.duration_s);
                    }
                    take(event)
                }
                Message::Event(_) => Ok(()),
                Message::Settled(at) => {
                    let pace = meter.settle(at, Instant::now());
                    let name = files[at].path.file_name().unwrap_or_default();
                    let (done, total) = (meter.settled_files(), files.len() as u64);
                    job.report_pace(done, total, &name.to_string_lossy(), pace);
                    Ok(())
                }
                Message::Broken(error) => Err(error),
            };
            if let Err(error) = step {
                stop.store(true, Ordering::Relaxed);
                result = result.and(Err(error));
            }
        }
        result
    })
}

struct Worker<'a> {
    pack: &'a Pack,
    files: &'a [MusicFile],
    next: &'a AtomicUsize,
    stop: &'a AtomicBool,
    job: &'a Job<'a>,
    sender: Sender<Message>,
}

impl Worker<'_> {
    fn run(self) {
        let mut analyzer = None;
        while !self.stop.load(Ordering::Relaxed) && !self.job.is_cancelled() {
            let at = self.next.fetch_add(1, Ordering::Relaxed);
            if at >= self.files.len() {
                return;
            }
            let message = match self.file(at, &mut analyzer) {
                Ok(Some(event)) => Message::Event(event),
                Ok(None) => Message::Settled(at),
                Err(AudioError::Cancelled) => return,
                Err(error) => Message::Broken(error.into()),
            };
            let event = matches!(message, Message::Event(_));
            let gone = self.sender.send(message).is_err();
            if gone || (event && self.sender.send(Message::Settled(at)).is_err()) {
                return;
            }
        }
    }

    /// Analyses one file; `None` if the catalog has its content.
    fn file(
        &self,
        at: usize,
        analyzer: &mut Option<Analyzer>,
    ) -> Result<Option<Event>, AudioError> {
        let path = &self.files[at].path;
        let sha256 = match sha256(path) {
            Ok(sha256) => sha256,
            Err(error) => {
                let code = "unreadable".to_owned();
                return Ok(Some(Event::Failed {
                    at,
                    sha256: None,
                    code,
                    message: error.to_string(),
                }));
            }
        };
        let (known, answer) = sync_channel(1);
        let asked = self
            .sender
            .send(Message::Event(Event::Hashed { at, sha256, known }));
        // Without an answer the writer has stopped.
        if asked.is_err() || answer.recv().unwrap_or(true) {
            return Ok(None);
        }
        let ready = match analyzer {
            Some(ready) => ready,
            None => analyzer.insert(Analyzer::open(self.pack, 1)?),
        };
        let heard = catch_unwind(AssertUnwindSafe(|| ready.analyze(path, self.job.cancel())));
        match heard {
            Ok(Ok(analysis)) => Ok(Some(Event::Analysed {
                at,
                sha256,
                analysis: Box::new(analysis),
            })),
            Ok(Err(error)) if error.is_about_the_file() => Ok(Some(Event::Failed {
                at,
                sha256: Some(sha256),
                code: error.code().to_owned(),
                message: error.to_string(),
            })),
            Ok(Err(error)) => Err(error),
            Err(_) => {
                // The state of the analyser is unknown after a panic.
                *analyzer = None;
                let message = format!("the decoder failed on this file: {}", path.display());
                Ok(Some(Event::Failed {
                    at,
                    sha256: Some(sha256),
                    code: "decoder_failed".to_owned(),
                    message,
                }))
            }
        }
    }
}
