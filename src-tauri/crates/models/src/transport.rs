//! The interface between fetching and the network, and its HTTP implementation.
//!
//! The transport does not follow redirects: its caller sees every answer with its headers and
//! target.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::{Client, Url};
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

/// A request for a file or the rest of it.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// Address of the file.
    pub url: &'a Url,
    /// First byte wanted; 0 for the whole file.
    pub from: u64,
    /// The rest is only wanted if the file still has this entity tag.
    pub if_range: Option<&'a str>,
}

/// The head of an answer, and its body.
pub struct Reply {
    /// HTTP status code.
    pub status: u16,
    /// The header `Location`.
    pub location: Option<String>,
    /// The header `ETag`, as sent.
    pub etag: Option<String>,
    /// The header `X-Linked-ETag`: tag of the file itself on an answer that redirects to it.
    pub linked_etag: Option<String>,
    /// The header `Content-Length`.
    pub length: Option<u64>,
    /// The header `Content-Range`: first byte (`None` in an answer 416) and length of the whole
    /// file, if known.
    pub range: Option<(Option<u64>, Option<u64>)>,
    /// The header `Retry-After` in seconds.
    pub retry_after_s: Option<u64>,
    /// The body, piece by piece.
    pub body: Box<dyn Body>,
}

/// A body that arrives in pieces.
pub trait Body {
    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// `Cancelled`, `Broken`.
    fn next(&mut self, cancel: &CancellationToken) -> Result<Option<Vec<u8>>, TransportError>;
}

/// Why there is no answer or no more of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// The token was cancelled.
    #[error("cancelled")]
    Cancelled,
    /// The connection failed, stalled or ended early; another attempt may succeed.
    #[error("{0}")]
    Broken(String),
}

/// The way to send requests.
pub trait Transport {
    /// Sends a request and waits for the head of the answer.
    ///
    /// # Errors
    /// `Cancelled`, `Broken`.
    fn get(
        &self,
        request: &Request<'_>,
        cancel: &CancellationToken,
    ) -> Result<Reply, TransportError>;

    /// Waits between attempts; returns early when cancelled.
    fn pause(&self, time: Duration, cancel: &CancellationToken);
}

/// A transport over HTTP and HTTPS.
pub struct HttpTransport {
    runtime: std::sync::Arc<Runtime>,
    direct: OnceLock<Client>,
    outside: OnceLock<Client>,
    stall: Duration,
}

impl HttpTransport {
    /// A transport that gives a connection up after 30 seconds without data.
    ///
    /// # Errors
    /// `Broken` if the system provides no event loop.
    pub fn new() -> Result<Self, TransportError> {
        Self::with_stall(Duration::from_secs(30))
    }

    /// Like [`new`](Self::new), with another limit.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_stall(stall: Duration) -> Result<Self, TransportError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| TransportError::Broken(e.to_string()))?;
        let (direct, outside) = (OnceLock::new(), OnceLock::new());
        Ok(HttpTransport {
            runtime: runtime.into(),
            direct,
            outside,
            stall,
        })
    }

    /// The client for this machine, which never uses a proxy, or the one for all others.
    fn client(&self, url: &Url) -> Result<&Client, TransportError> {
        let here = is_loopback(url);
        let place = if here { &self.direct } else { &self.outside };
        if let Some(client) = place.get() {
            return Ok(client);
        }
        if rustls::crypto::ring::default_provider()
            .install_default()
            .is_err()
        {
            tracing::trace!("the TLS provider is set already");
        }
        let mut builder = Client::builder()
            .user_agent(concat!("needledrop/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(self.stall)
            .redirect(reqwest::redirect::Policy::none());
        if here {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|e| broken(&e))?;
        Ok(place.get_or_init(|| client))
    }
}

impl Transport for HttpTransport {
    fn get(
        &self,
        request: &Request<'_>,
        cancel: &CancellationToken,
    ) -> Result<Reply, TransportError> {
        let mut builder = self
            .client(request.url)?
            .get(request.url.clone())
            .header(header::ACCEPT_ENCODING, "identity");
        if request.from > 0 {
            builder = builder.header(header::RANGE, format!("bytes={}-", request.from));
            if let Some(tag) = request.if_range {
                builder = builder.header(header::IF_RANGE, tag);
            }
        }
        let sent = self.runtime.block_on(async {
            cancel
                .run_until_cancelled(tokio::time::timeout(self.stall, builder.send()))
                .await
        });
        let response = match sent {
            None => return Err(TransportError::Cancelled),
            Some(Err(_)) => return Err(stalled(self.stall)),
            Some(Ok(Err(e))) => return Err(broken(&e)),
            Some(Ok(Ok(response))) => response,
        };
        let headers = response.headers();
        Ok(Reply {
            status: response.status().as_u16(),
            location: text(headers, &header::LOCATION),
            etag: text(headers, &header::ETAG),
            linked_etag: text(headers, &HeaderName::from_static("x-linked-etag")),
            length: text(headers, &header::CONTENT_LENGTH).and_then(|t| t.parse().ok()),
            range: text(headers, &header::CONTENT_RANGE).and_then(|t| content_range(&t)),
            retry_after_s: text(headers, &header::RETRY_AFTER).and_then(|t| t.parse().ok()),
            body: Box::new(HttpBody {
                runtime: self.runtime.clone(),
                response,
                stall: self.stall,
            }),
        })
    }

    fn pause(&self, time: Duration, cancel: &CancellationToken) {
        self.runtime.block_on(async {
            cancel.run_until_cancelled(tokio::time::sleep(time)).await;
        });
    }
}

struct HttpBody {
    runtime: std::sync::Arc<Runtime>,
    response: reqwest::Response,
    stall: Duration,
}

impl Body for HttpBody {
    fn next(&mut self, cancel: &CancellationToken) -> Result<Option<Vec<u8>>, TransportError> {
        let chunk = self.runtime.block_on(async {
            let next = tokio::time::timeout(self.stall, self.response.chunk());
            cancel.run_until_cancelled(next).await
        });
        match chunk {
            None => Err(TransportError::Cancelled),
            Some(Err(_)) => Err(stalled(self.stall)),
            Some(Ok(Err(e))) => Err(broken(&e)),
            Some(Ok(Ok(bytes))) => Ok(bytes.map(|b| b.to_vec())),
        }
    }
}

/// True for an address on this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// `bytes 5-9/10`, `bytes 5-9/*` or `bytes */10`.
fn content_range(text: &str) -> Option<(Option<u64>, Option<u64>)> {
    let (span, total) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let first = span
        .split_once('-')
        .and_then(|(first, _)| first.trim().parse().ok());
    Some((first, total.trim().parse().ok()))
}

fn stalled(stall: Duration) -> TransportError {
    TransportError::Broken(format!("nothing arrived for {} s", stall.as_secs_f32()))
}

fn broken(error: &reqwest::Error) -> TransportError {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    TransportError::Broken(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_ranges_are_read() {
        assert_eq!(content_range("bytes 5-9/10"), Some((Some(5), Some(10))));
        assert_eq!(content_range("bytes 5-9/*"), Some((Some(5), None)));
        assert_eq!(content_range("bytes */10"), Some((None, Some(10))));
        assert_eq!(
            content_range("lines 1-2/3"),
            None,
            "another unit is no byte range"
        );
    }

    #[test]
    fn only_this_machine_is_loopback() {
        let is = |url: &str| is_loopback(&url.parse().unwrap());
        assert!(is("http://127.0.0.1:80/x") && is("http://[::1]/x") && is("http://localhost/x"));
        assert!(
            !is("http://127.0.0.1.example.org/x"),
            "a name that only starts like it"
        );
        assert!(
            !is("http://10.0.0.1/x"),
            "a private address is another machine"
        );
    }
}
