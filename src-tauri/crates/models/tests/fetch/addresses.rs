//! Allowed addresses, and failures that end a fetch at once.

use needledrop_models::{FetchOptions, HttpTransport, fetch};
use tokio_util::sync::CancellationToken;

use crate::fixture::{pack, run};
use crate::host::{Answer, Host};

#[test]
fn plain_http_is_allowed_on_this_machine_only() {
    let dir = tempfile::tempdir().unwrap();
    let pack = pack(dir.path(), "");
    let transport = HttpTransport::new().unwrap();
    let token = CancellationToken::new();
    for source in [
        "http://models.example.org",
        "ftp://127.0.0.1",
        "file:///etc",
        "nonsense",
    ] {
        let options = FetchOptions {
            source: Some(source.into()),
            ..FetchOptions::default()
        };
        let error = fetch(&pack, &options, &transport, &mut |_| {}, &token).unwrap_err();
        assert_eq!(error.code(), "insecure_source", "{source}");
    }
    let elsewhere = "http://models.example.org/model.onnx".to_owned();
    let host = Host::new(Vec::new(), "\"v1\"", vec![Answer::Redirect(elsewhere)]);
    assert_eq!(
        run(&pack, &host).unwrap_err().code(),
        "insecure_source",
        "nor does a redirect"
    );
}

#[test]
fn a_redirect_loop_ends_with_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let pack = pack(dir.path(), "");
    let host = Host::new(
        Vec::new(),
        "\"v1\"",
        vec![Answer::Redirect("/again".into())],
    );
    let error = run(&pack, &host).unwrap_err();
    assert!(error.to_string().contains("redirects"), "{error}");
}

#[test]
fn without_an_address_the_error_says_how_to_give_one() {
    let dir = tempfile::tempdir().unwrap();
    let pack = pack(dir.path(), "");
    let transport = HttpTransport::new().unwrap();
    let token = CancellationToken::new();
    let error = fetch(
        &pack,
        &FetchOptions::default(),
        &transport,
        &mut |_| {},
        &token,
    );
    let error = error.unwrap_err();
    assert_eq!(error.code(), "no_source");
    assert!(error.hint().unwrap().contains("--source"));
}

#[test]
fn a_missing_file_is_requested_once() {
    let dir = tempfile::tempdir().unwrap();
    let pack = pack(dir.path(), "");
    let host = Host::new(Vec::new(), "\"v1\"", vec![Answer::Status(404)]);
    let error = run(&pack, &host).unwrap_err();
    assert!(error.to_string().contains("404"), "{error}");
    assert_eq!(host.requests().len(), 1);
}
