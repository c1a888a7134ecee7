//! Writes the documents of the browser tests' fake platform from a real session.
#![allow(clippy::unwrap_used, reason = "a failed step of a test should panic")]

mod common;

use std::sync::Arc;

use common::{GatedBackend, Host, brief, committed, request};
use needledrop_session::*;
use serde_json::{Value, json};

/// `NEEDLEDROP_REGENERATE=1 cargo test -p needledrop-session --test window_documents` writes the file anew.
#[test]
fn the_fake_platforms_documents_are_those_of_a_session() {
    let host = Host::new(GatedBackend::new(Arc::new(|_: &str| ())));
    let session = &host.session;
    let start = session.start();
    let catalog = host.event(|event| match event {
        Event::Catalog { catalog } => Some(catalog),
        _ => None,
    });
    let path = host.clip("meadow_v3.mp4");
    let opened = session.open(&path).unwrap();
    let clip = session.clip().unwrap();
    session.match_clip(request(&clip, (0.0, 8.0))).unwrap();
    let rows = |refined| {
        host.event(|event| match event {
            Event::Rows { rows, report } if report.is_some() == refined => Some((rows, report)),
            _ => None,
        })
    };
    let (first, _) = rows(false);
    let (refined, report) = rows(true);
    let track = refined.report.results[0].track.track_id.clone();
    let found = session.search("calm strings", &Filters::default()).unwrap();
    let picks = session.save(&clip.clip, &track, 1.5).unwrap();
    let undone = session.undo().unwrap();
    let document = json!({
        "start": start,
        "catalog": catalog,
        "opened": opened,
        "brief": brief(""),
        "rows": first,
        "refined_rows": refined,
        "report": report,
        "track": session.track(&track).unwrap(),
        "found": found,
        "picks": picks,
        "undone": undone,
        "cache": session.cache(),
    });
    let mut document = serde_json::to_value(document).unwrap();
    let home = host.dir.path().canonicalize().unwrap();
    steady(&mut document, &home.to_string_lossy(), "/home/editor");
    let checkout = common::checkout();
    steady(
        &mut document,
        &checkout.to_string_lossy(),
        "/opt/needledrop",
    );
    let mut text = serde_json::to_string_pretty(&document).unwrap();
    text.push('\n');
    committed(
        "ui/src/platform/fake/documents.json",
        &text,
        "window_documents",
    );
}

/// Replaces folders, times and devices, so that the document is the same on every machine.
fn steady(value: &mut Value, folder: &str, stands_for: &str) {
    match value {
        Value::String(text) => *text = text.replace(folder, stands_for),
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| steady(item, folder, stands_for)),
        Value::Object(fields) => {
            for (name, field) in fields {
                match name.as_str() {
                    "at_ms" | "saved_ms" => *field = json!(0.0),
                    // The sound devices of this machine.
                    "devices" => *field = json!([]),
                    "timings_ms" => zero(field),
                    _ => steady(field, folder, stands_for),
                }
            }
        }
        _ => {}
    }
}

fn zero(value: &mut Value) {
    if let Value::Object(fields) = value {
        fields.values_mut().for_each(|field| *field = json!(0.0));
    }
}
