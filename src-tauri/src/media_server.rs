//! Serves the window's `<video>` and pictures over 127.0.0.1, because web views do not play media from custom schemes
//! everywhere (tauri-apps/tauri#3725).
//!
//! A request is answered only if its path has the token of this launch and a registered id, if it is addressed to 127.0.0.1
//! itself (a name that resolves to it is refused), and if it comes from the window's own page. URLs have no paths of the
//! file system. tower-http serves ranges.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path as UrlPath, Request, State};
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderName, ORIGIN, VARY,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use needledrop_session::MediaUrls;
use tower_http::services::ServeFile;

/// Origins of the window's own pages, by platform.
pub const ORIGINS: [&str; 3] = [
    "tauri://localhost",
    "http://tauri.localhost",
    "https://tauri.localhost",
];

#[derive(Clone)]
enum Held {
    File(PathBuf),
    Bytes(Arc<[u8]>, &'static str),
}

struct Table {
    token: String,
    host: String,
    held: RwLock<HashMap<String, Held>>,
    /// Number of files registered since the start, so that no id is used twice.
    files: AtomicU32,
}

impl Table {
    fn find(&self, id: &str) -> Option<Held> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.get(id).cloned()
    }
}

/// The server; it stops with the process.
#[derive(Clone)]
pub struct MediaServer {
    table: Arc<Table>,
}

impl MediaServer {
    /// Listens on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// Those of the system, if it has no free port or no random numbers.
    pub async fn start() -> io::Result<MediaServer> {
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address: SocketAddr = listener.local_addr()?;
        let table = Arc::new(Table {
            token: secret()?,
            host: address.to_string(),
            held: RwLock::default(),
            files: AtomicU32::new(0),
        });
        let router = Router::new()
            .route("/{token}/{id}", get(answer))
            .fallback(|| async { StatusCode::NOT_FOUND })
            .with_state(table.clone());
        tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!("the media server stopped: {error}");
            }
        });
        Ok(MediaServer { table })
    }

    fn held(&self) -> std::sync::RwLockWriteGuard<'_, HashMap<String, Held>> {
        let held = self.table.held.write();
        held.unwrap_or_else(PoisonError::into_inner)
    }

    fn url(&self, id: &str) -> String {
        format!("http://{}/{}/{id}", self.table.host, self.table.token)
    }
}

impl MediaUrls for MediaServer {
    fn file(&self, path: &Path) -> String {
        let mut held = self.held();
        let known = held
            .iter()
            .find(|(_, held)| matches!(held, Held::File(known) if known == path));
        if let Some((id, _)) = known {
            return self.url(id);
        }
        let id = format!("f{}", self.table.files.fetch_add(1, Ordering::Relaxed));
        held.insert(id.clone(), Held::File(path.to_owned()));
        self.url(&id)
    }

    fn bytes(&self, name: &str, bytes: Vec<u8>, mime: &'static str) -> String {
        self.held()
            .insert(name.to_owned(), Held::Bytes(bytes.into(), mime));
        self.url(name)
    }

    fn forget_file(&self, path: &Path) {
        self.held()
            .retain(|_, held| !matches!(held, Held::File(known) if known == path));
    }

    fn forget_bytes(&self, prefix: &str) {
        self.held()
            .retain(|name, held| matches!(held, Held::File(_)) || !name.starts_with(prefix));
    }
}

/// 128 random bits in hexadecimal.
fn secret() -> io::Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    let mut text = String::with_capacity(32);
    for byte in bytes {
        write!(text, "{byte:02x}").map_err(io::Error::other)?;
    }
    Ok(text)
}

async fn answer(
    State(table): State<Arc<Table>>,
    UrlPath((token, id)): UrlPath<(String, String)>,
    request: Request,
) -> Response {
    let (host, origin) = (header(&request, HOST), header(&request, ORIGIN));
    if let Err(refusal) = admit(&table, &token, host.as_deref(), origin.as_deref()) {
        return refusal.into_response();
    }
    let held = table.find(&id);
    let mut response = match held {
        None => return StatusCode::NOT_FOUND.into_response(),
        Some(Held::Bytes(bytes, mime)) => (
            [(CONTENT_TYPE, mime)],
            Body::from(axum::body::Bytes::from_owner(bytes)),
        )
            .into_response(),
        Some(Held::File(path)) => match ServeFile::new(path)
            .try_call(request.map(|_| Body::empty()))
            .await
        {
            Ok(response) => response.map(Body::new),
            Err(error) => {
                tracing::warn!("a file could not be sent to the window: {error}");
                return StatusCode::NOT_FOUND.into_response();
            }
        },
    };
    let headers = response.headers_mut();
    if let Some(origin) = origin.and_then(|o| HeaderValue::from_str(&o).ok()) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
    headers.insert(VARY, HeaderValue::from_static("Origin"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        HeaderName::from_static("x-content-type-options"),
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("cross-origin"),
    );
    response
}

fn header(request: &Request, name: HeaderName) -> Option<String> {
    let value = request.headers().get(name)?;
    Some(value.to_str().unwrap_or("not text").to_owned())
}

/// Whether a request comes from the window. The token is compared in constant time.
fn admit(
    table: &Table,
    token: &str,
    host: Option<&str>,
    origin: Option<&str>,
) -> Result<(), StatusCode> {
    let same = token.len() == table.token.len()
        && token
            .bytes()
            .zip(table.token.bytes())
            .fold(0, |differ, (a, b)| differ | (a ^ b))
            == 0;
    if !same {
        return Err(StatusCode::NOT_FOUND);
    }
    if host != Some(table.host.as_str()) {
        return Err(StatusCode::FORBIDDEN);
    }
    match origin {
        Some(origin) if !ORIGINS.contains(&origin) => Err(StatusCode::FORBIDDEN),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
