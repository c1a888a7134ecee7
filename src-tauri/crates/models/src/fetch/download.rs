//! The download of one file: attempts, resuming, bounds, final check.

use std::fs::{self, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;

use reqwest::Url;
use tokio_util::sync::CancellationToken;

use super::address::secure;
use super::options::FetchOptions;
use super::part::{Part, with_suffix};
use super::report::FetchedFile;
use crate::ModelError;
use crate::digest::{hash_file, is_sha256};
use crate::manifest::PackFile;
use crate::pack::{FileProgress, Pack};
use crate::transport::{Reply, Request, Transport, TransportError, is_loopback};
use crate::whole_file;

const MOST_REDIRECTS: usize = 10;
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// Restarts from the first byte after a change on the server or a wrong checksum.
const MOST_RESTARTS: u32 = 2;
/// Progress is reported every so many bytes, and at the end.
const STEP: u64 = 256 << 10;

pub(super) struct Download<'a> {
    pub pack: &'a Pack,
    pub entry: &'a PackFile,
    pub options: &'a FetchOptions,
    pub transport: &'a dyn Transport,
    pub url: &'a Url,
    /// SHA-256 and length, if they are known beforehand.
    pub recorded: Option<(String, Option<u64>)>,
}

/// Why an attempt did not complete the file.
enum Stop {
    Cancelled,
    /// Retry after at least this pause.
    Again(String, Duration),
    /// The part belongs to another version of the file.
    Restart(String),
    Final(ModelError),
}

impl From<ModelError> for Stop {
    fn from(error: ModelError) -> Self {
        Stop::Final(error)
    }
}

impl From<TransportError> for Stop {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::Cancelled => Stop::Cancelled,
            TransportError::Broken(reason) => Stop::Again(reason, Duration::ZERO),
        }
    }
}

impl Download<'_> {
    pub(super) fn run(
        &self,
        progress: &mut dyn FnMut(FileProgress<'_>),
        cancel: &CancellationToken,
    ) -> Result<Option<FetchedFile>, ModelError> {
        let at = self.pack.store.join(&self.entry.path);
        let mut part = self.open_part(&at)?;
        let mut resumed_from = part.have;
        let (mut failures, mut restarts) = (0u32, 0u32);
        loop {
            if cancel.is_cancelled() {
                return Ok(None);
            }
            let before = part.have;
            let stop = match self.attempt(&mut part, progress, cancel) {
                Ok(server_sha) => match self.settle(part, &at, server_sha, resumed_from)? {
                    Ok(fetched) => return Ok(Some(fetched)),
                    Err((wrong, again)) => {
                        if resumed_from == 0 || restarts >= MOST_RESTARTS {
                            return Err(wrong);
                        }
                        part = again;
                        Stop::Restart(wrong.to_string())
                    }
                },
                Err(stop) => stop,
            };
            match stop {
                Stop::Cancelled => return Ok(None),
                Stop::Final(error) => return Err(error),
                Stop::Restart(reason) if restarts >= MOST_RESTARTS => {
                    return Err(self.failed(reason));
                }
                Stop::Restart(reason) => {
                    tracing::info!(file = self.entry.path, reason, "fetching from the start");
                    restarts += 1;
                    resumed_from = 0;
                    part.empty()?;
                }
                Stop::Again(reason, wait) => {
                    failures = if part.have > before { 1 } else { failures + 1 };
                    tracing::info!(file = self.entry.path, reason, failures, "trying again");
                    if failures >= self.options.attempts {
                        return Err(self.failed(reason));
                    }
                    let doubled = self
                        .options
                        .pause
                        .saturating_mul(1 << (failures - 1).min(16));
                    self.transport
                        .pause(doubled.max(wait).min(LONGEST_PAUSE), cancel);
                }
            }
        }
    }

    /// One request with its redirects and its body. Returns the SHA-256 that the server declares.
    fn attempt(
        &self,
        part: &mut Part,
        progress: &mut dyn FnMut(FileProgress<'_>),
        cancel: &CancellationToken,
    ) -> Result<Option<String>, Stop> {
        let (mut reply, server_sha) = self.ask(part, cancel)?;
        let known = self.recorded.as_ref().and_then(|(_, bytes)| *bytes);
        match reply.status {
            200 => part.empty()?,
            206 => match reply.range {
                Some((Some(first), _)) if first == part.have => {
                    if let (Some(ours), Some(theirs)) = (&part.tag, &reply.etag)
                        && ours != theirs
                    {
                        return Err(Stop::Restart("the file changed on the server".into()));
                    }
                }
                _ => return Err(Stop::Restart("the server sent another range".into())),
            },
            416 => {
                let total = reply.range.and_then(|(_, total)| total).or(known);
                return if total == Some(part.have) {
                    Ok(server_sha)
                } else {
                    Err(Stop::Restart(
                        "the partial file is longer than the file".into(),
                    ))
                };
            }
            404 | 410 => return Err(Stop::Final(self.refused("has no such file", &reply))),
            401 | 403 => return Err(Stop::Final(self.refused("refuses access", &reply))),
            408 | 425 | 429 | 500 | 502 | 503 | 504 => {
                let wait = Duration::from_secs(reply.retry_after_s.unwrap_or(0));
                return Err(Stop::Again(
                    format!("the server answered {}", reply.status),
                    wait,
                ));
            }
            _ => {
                return Err(Stop::Final(
                    self.refused("gave an unexpected answer", &reply),
                ));
            }
        }
        let announced = match reply.range {
            Some((_, Some(total))) => Some(total),
            _ => reply.length.map(|length| part.have.saturating_add(length)),
        };
        let limit = known.unwrap_or(self.options.most_bytes);
        if announced.is_some_and(|a| a > limit) {
            return Err(Stop::Final(self.too_large(limit)));
        }
        if let (Some(expected), Some(actual)) = (known, announced)
            && expected != actual
        {
            let (file, path) = (self.entry.path.clone(), part.path.clone());
            return Err(Stop::Final(ModelError::WrongLength {
                file,
                expected,
                actual,
                path,
            }));
        }
        part.belongs_to(reply.etag.take())?;
        let total = known.or(announced);
        let mut told = part.have;
        let mut tell = |done: u64, last: bool| {
            if last || done >= told + STEP {
                told = done;
                progress(FileProgress {
                    file: &self.entry.path,
                    done,
                    total,
                });
            }
        };
        while let Some(piece) = reply.body.next(cancel)? {
            if part.have + piece.len() as u64 > total.unwrap_or(limit) {
                part.empty()?;
                return Err(Stop::Final(self.too_large(total.unwrap_or(limit))));
            }
            part.append(&piece, total)?;
            tell(part.have, false);
        }
        tell(part.have, true);
        match total {
            Some(total) if part.have < total => Err(Stop::Again(
                format!("the connection closed after {} of {total} bytes", part.have),
                Duration::ZERO,
            )),
            _ => Ok(server_sha),
        }
    }

    /// Follows redirects. Also returns the SHA-256 if any server of the chain declares it as entity
    /// tag.
    fn ask(
        &self,
        part: &Part,
        cancel: &CancellationToken,
    ) -> Result<(Reply, Option<String>), Stop> {
        let mut url = self.url.clone();
        let mut linked = None;
        for _ in 0..=MOST_REDIRECTS {
            let request = Request {
                url: &url,
                from: part.have,
                if_range: part.tag.as_deref(),
            };
            let reply = self.transport.get(&request, cancel)?;
            linked = linked.or_else(|| reply.linked_etag.as_deref().and_then(sha256_of_tag));
            if !matches!(reply.status, 301 | 302 | 303 | 307 | 308) {
                let server = linked.or_else(|| reply.etag.as_deref().and_then(sha256_of_tag));
                return Ok((reply, server));
            }
            let target = reply.location.as_deref().and_then(|to| url.join(to).ok());
            url = target.ok_or_else(|| {
                Stop::Final(self.failed("the server redirects to no address".into()))
            })?;
            secure(&url, is_loopback(self.url))?;
        }
        Err(Stop::Final(
            self.failed(format!("more than {MOST_REDIRECTS} redirects")),
        ))
    }

    /// Verifies the complete part and moves it into place; returns the emptied part if it is wrong.
    #[allow(clippy::type_complexity)]
    fn settle(
        &self,
        mut part: Part,
        at: &Path,
        server_sha: Option<String>,
        resumed_from: u64,
    ) -> Result<Result<FetchedFile, (ModelError, Part)>, ModelError> {
        let (sha256, bytes) = hash_file(&part.path, &mut |_| true)?.unwrap_or_default();
        let expected = self
            .recorded
            .as_ref()
            .map(|(sha, _)| sha.clone())
            .or(server_sha);
        if let Some(expected) = &expected
            && *expected != sha256
        {
            part.empty()?;
            let file = self.entry.path.clone();
            let (expected, path) = (expected.clone(), at.to_owned());
            let wrong = ModelError::WrongChecksum {
                file,
                expected,
                actual: sha256,
                path,
            };
            return Ok(Err((wrong, part)));
        }
        whole_file::place_named(&part.file, &part.path, at)
            .map_err(|e| ModelError::io("place a fetched file", at, e))?;
        part.forget_tag();
        self.pack.record_checksum(at, &sha256);
        let (path, already_present) = (self.entry.path.clone(), false);
        let compared = expected.is_some();
        Ok(Ok(FetchedFile {
            path,
            sha256,
            bytes,
            already_present,
            resumed_from,
            compared,
        }))
    }

    fn open_part(&self, at: &Path) -> Result<Part, ModelError> {
        let path = with_suffix(at, ".part");
        let tag_path = with_suffix(at, ".tag.part");
        let io = |e| ModelError::io("write a fetched file", &path, e);
        if let Some(dir) = at.parent() {
            fs::create_dir_all(dir).map_err(io)?;
        }
        let file = OpenOptions::new()
            .create(true)
            .read(true)
            .write(true)
            .truncate(false)
            .open(&path)
            .map_err(io)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                return Err(self.failed("another fetch is writing this file".into()));
            }
            // On file systems without locks the user must not run two fetches at once.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        let have = file.metadata().map_err(io)?.len();
        let saved = fs::read_to_string(&tag_path).unwrap_or_default();
        let tag = saved
            .split_once('\n')
            .filter(|(url, tag)| *url == self.url.as_str() && !tag.is_empty())
            .map(|(_, tag)| tag.to_owned());
        let mut part = Part {
            file,
            path: path.clone(),
            tag_path,
            have,
            tag,
        };
        // Without a tag only a known checksum can verify a resumed file.
        if part.have > 0 && part.tag.is_none() && self.recorded.is_none() {
            part.empty()?;
        }
        part.remember_url(self.url);
        Ok(part)
    }

    fn failed(&self, reason: String) -> ModelError {
        ModelError::Fetch {
            file: self.entry.path.clone(),
            reason,
            url: self.url.to_string(),
        }
    }

    fn refused(&self, what: &str, reply: &Reply) -> ModelError {
        self.failed(format!("the server {what} ({})", reply.status))
    }

    fn too_large(&self, limit: u64) -> ModelError {
        let (file, url) = (self.entry.path.clone(), self.url.to_string());
        ModelError::TooLarge { file, limit, url }
    }
}

/// The SHA-256 in an entity tag, as some hosts of large files use it.
fn sha256_of_tag(tag: &str) -> Option<String> {
    let bare = tag
        .trim()
        .trim_start_matches("W/")
        .trim_matches('"')
        .to_ascii_lowercase();
    is_sha256(&bare).then_some(bare)
}
