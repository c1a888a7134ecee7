//! A file host on this machine that answers by a script, one entry for each request.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// How one request is answered.
#[derive(Clone)]
#[allow(dead_code)]
pub enum Answer {
    /// The file, honouring `Range` when `If-Range` matches.
    Serve,
    /// The file from its start, whatever range was asked for.
    IgnoreRange,
    /// The file, but the connection is reset after this many bytes of body.
    ResetAfter(usize),
    /// The head, this many bytes, then silence until the client goes.
    StallAfter(usize),
    /// These bytes instead of the file's.
    Wrong(Vec<u8>),
    /// Bytes without end and without a length.
    Endless,
    /// A length that is larger than the file, announced.
    Announce(u64),
    /// A redirect, with the file's checksum as linked tag.
    Redirect(String),
    /// An answer with this status and an empty body.
    Status(u16),
}

/// A request as it came.
#[derive(Clone, Debug)]
#[allow(dead_code)]
pub struct HostRequest {
    pub path: String,
    pub range: Option<String>,
    pub if_range: Option<String>,
}

pub struct Host {
    pub base: String,
    requests: Arc<Mutex<Vec<HostRequest>>>,
}

impl Host {
    /// Serves `file` under `etag`; the script's last entry answers all further requests.
    pub fn new(file: Vec<u8>, etag: &str, script: Vec<Answer>) -> Host {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (seen, etag) = (requests.clone(), etag.to_owned());
        std::thread::spawn(move || {
            for (i, stream) in listener.incoming().enumerate() {
                let answer_as = script[i.min(script.len() - 1)].clone();
                let (file, etag, seen) = (file.clone(), etag.clone(), seen.clone());
                std::thread::spawn(move || {
                    // A client that goes away in the middle is part of the tests.
                    answer(stream.unwrap(), &file, &etag, answer_as, &seen).ok();
                });
            }
        });
        Host { base, requests }
    }

    pub fn requests(&self) -> Vec<HostRequest> {
        self.requests.lock().unwrap().clone()
    }
}

fn answer(
    stream: TcpStream,
    file: &[u8],
    etag: &str,
    answer_as: Answer,
    seen: &Mutex<Vec<HostRequest>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut request = HostRequest {
        path,
        range: None,
        if_range: None,
    };
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "range" => request.range = Some(value.trim().to_owned()),
            "if-range" => request.if_range = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    let same_file = request.if_range.as_ref().is_none_or(|tag| tag == etag);
    let from = request.range.as_ref().filter(|_| same_file).and_then(|r| {
        r.strip_prefix("bytes=")?
            .strip_suffix('-')?
            .parse::<usize>()
            .ok()
    });
    seen.lock().unwrap().push(request);
    let mut out = stream;
    match answer_as {
        Answer::Serve => body(&mut out, file, etag, from, usize::MAX),
        Answer::IgnoreRange => body(&mut out, file, etag, None, usize::MAX),
        Answer::ResetAfter(n) => {
            body(&mut out, file, etag, from, n)?;
            reset(out)
        }
        Answer::StallAfter(n) => {
            body(&mut out, file, etag, from, n)?;
            reader.read_line(&mut line).map(|_| ())
        }
        Answer::Wrong(bytes) => body(&mut out, &bytes, etag, None, usize::MAX),
        Answer::Endless => {
            write!(out, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")?;
            loop {
                out.write_all(&[7; 8192])?;
            }
        }
        Answer::Announce(length) => {
            write!(out, "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n")?;
            out.write_all(file)
        }
        Answer::Redirect(to) => write!(
            out,
            "HTTP/1.1 302 Found\r\nLocation: {to}\r\nX-Linked-ETag: {etag}\r\n\
             Content-Length: 0\r\nConnection: close\r\n\r\n"
        ),
        Answer::Status(code) => {
            write!(
                out,
                "HTTP/1.1 {code} So\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )
        }
    }
}

fn body(
    out: &mut TcpStream,
    file: &[u8],
    etag: &str,
    from: Option<usize>,
    most: usize,
) -> std::io::Result<()> {
    let total = file.len();
    let part = match from {
        Some(from) if from >= total => {
            return write!(
                out,
                "HTTP/1.1 416 No\r\nContent-Range: bytes */{total}\r\nContent-Length: 0\r\n\
                 Connection: close\r\n\r\n"
            );
        }
        Some(from) => {
            let last = total - 1;
            write!(
                out,
                "HTTP/1.1 206 Part\r\nContent-Range: bytes {from}-{last}/{total}\r\n"
            )?;
            &file[from..]
        }
        None => {
            write!(out, "HTTP/1.1 200 OK\r\n")?;
            file
        }
    };
    write!(
        out,
        "ETag: {etag}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        part.len()
    )?;
    out.write_all(&part[..part.len().min(most)])?;
    out.flush()
}

/// Closes with unread data on our side, which the system turns into a reset or an early end; the
/// client must handle both.
fn reset(out: TcpStream) -> std::io::Result<()> {
    out.shutdown(std::net::Shutdown::Both)
}
