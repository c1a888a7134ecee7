use std::io::{Read, Write};
use std::net::TcpStream;

use super::*;

/// Sends the text of a request; returns the answer's status, headers and body.
fn ask(url: &str, headers: &str) -> (u16, String, Vec<u8>) {
    let rest = url.strip_prefix("http://").unwrap();
    let (host, path) = rest.split_once('/').unwrap();
    raw(
        host,
        &format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\n{headers}"),
    )
}

fn raw(host: &str, head: &str) -> (u16, String, Vec<u8>) {
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "{head}Connection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let end = answer.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
    let head = String::from_utf8_lossy(&answer[..end]).to_lowercase();
    let status = head[9..12].parse().unwrap();
    (status, head, answer[end + 4..].to_vec())
}

struct Served {
    _runtime: tokio::runtime::Runtime,
    _dir: tempfile::TempDir,
    server: MediaServer,
    url: String,
}

fn served() -> Served {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a clip #1 100%.mp4");
    std::fs::write(&path, (0..=255_u8).collect::<Vec<_>>()).unwrap();
    let server = runtime.block_on(MediaServer::start()).unwrap();
    let url = server.file(&path);
    Served {
        _runtime: runtime,
        _dir: dir,
        server,
        url,
    }
}

#[test]
fn a_registered_file_is_served_whole_or_by_range() {
    let served = served();
    let (status, head, body) = ask(&served.url, "");
    assert_eq!((status, body.len()), (200, 256));
    assert!(head.contains("accept-ranges: bytes"), "{head}");
    assert!(head.contains("content-type: video/mp4"), "{head}");
    let (status, head, body) = ask(&served.url, "Range: bytes=10-13\r\n");
    assert_eq!((status, body), (206, vec![10, 11, 12, 13]));
    assert!(head.contains("content-range: bytes 10-13/256"), "{head}");
    let (status, ..) = ask(&served.url, "Range: bytes=900-\r\n");
    assert_eq!(status, 416, "a range outside the file");
}

#[test]
fn without_the_token_no_file_is_served() {
    let served = served();
    let (host, rest) = served.url[7..].split_once('/').unwrap();
    let id = rest.split_once('/').unwrap().1;
    for path in [
        format!("/{id}"),
        format!("//{id}"),
        format!("/{}/{id}", "0".repeat(32)),
        format!("/{}/{id}", &rest[..31]),
        "/".to_owned(),
    ] {
        let (status, _, body) = raw(host, &format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n"));
        assert_eq!((status, body.len()), (404, 0), "{path}");
    }
}

#[test]
fn only_the_windows_own_page_is_answered() {
    let served = served();
    for origin in [
        "http://evil.example",
        "null",
        "tauri://localhost.evil.example",
    ] {
        let (status, _, body) = ask(&served.url, &format!("Origin: {origin}\r\n"));
        assert_eq!((status, body.len()), (403, 0), "{origin}");
    }
    let (status, head, _) = ask(&served.url, "Origin: tauri://localhost\r\n");
    assert_eq!(status, 200);
    assert!(
        head.contains("access-control-allow-origin: tauri://localhost"),
        "{head}"
    );
}

#[test]
fn a_name_that_resolves_to_this_machine_is_refused() {
    let served = served();
    let (host, path) = served.url[7..].split_once('/').unwrap();
    for name in ["localhost", "evil.example", "evil.example:80"] {
        let (status, ..) = raw(host, &format!("GET /{path} HTTP/1.1\r\nHost: {name}\r\n"));
        assert_eq!(status, 403, "{name}");
    }
}

#[test]
fn an_unregistered_id_is_not_found() {
    let served = served();
    let base = served.url.rsplit_once('/').unwrap().0;
    for id in [
        "f99",
        "..%2f..%2fetc%2fpasswd",
        "../../etc/passwd",
        "%2e%2e/%2e%2e/etc/passwd",
        "f0/../../etc/passwd",
        "etc/passwd",
    ] {
        let (status, _, body) = ask(&format!("{base}/{id}"), "");
        assert_eq!((status, body.len()), (404, 0), "{id}");
    }
    let (host, path) = served.url[7..].split_once('/').unwrap();
    let (status, ..) = raw(host, &format!("POST /{path} HTTP/1.1\r\nHost: {host}\r\n"));
    assert_eq!(status, 405, "only reading");
}

#[test]
fn pictures_are_served_until_they_are_removed() {
    let served = served();
    let url = served
        .server
        .bytes("film-1-0", b"jpeg".to_vec(), "image/jpeg");
    let (status, head, body) = ask(&url, "");
    assert_eq!((status, body), (200, b"jpeg".to_vec()));
    assert!(head.contains("content-type: image/jpeg"), "{head}");
    served.server.forget_bytes("film-1-");
    assert_eq!(ask(&url, "").0, 404);
    assert_eq!(ask(&served.url, "").0, 200, "files stay");
}

#[test]
fn a_url_is_never_used_for_another_file() {
    let served = served();
    let dir = tempfile::tempdir().unwrap();
    let mut urls = vec![(served.url.clone(), 256)];
    for round in 0..4_usize {
        for picture in 0..round {
            let name = format!("film-{round}-{picture}");
            served.server.bytes(&name, vec![0], "image/jpeg");
        }
        let path = dir.path().join(format!("{round}.mp4"));
        std::fs::write(&path, vec![0; round + 1]).unwrap();
        urls.push((served.server.file(&path), round + 1));
        served.server.forget_bytes("film-");
    }
    for (url, length) in urls {
        assert_eq!(ask(&url, "").2.len(), length, "{url}");
    }
}
