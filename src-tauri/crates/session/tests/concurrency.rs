//! Calls that overtake each other leave the session, its sound and its store with one clip.
#![allow(clippy::unwrap_used, reason = "a failed step of a test should panic")]

mod common;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use common::{GatedBackend, Gates, Host, brief, request};
use needledrop_session::*;

fn host(gates: &Gates) -> Host {
    Host::new(GatedBackend::new(gates.gate()))
}

#[test]
fn a_slow_opening_that_a_faster_one_overtook_changes_nothing() {
    let gates = Gates::default();
    let host = host(&gates);
    let (a, b) = (host.clip("a.mp4"), host.clip("b.mp4"));
    gates.close("read a.mp4");
    let slow = {
        let (session, a) = (host.session.clone(), a.clone());
        std::thread::spawn(move || session.open(&a).unwrap())
    };
    gates.wait_for("read a.mp4");
    let opened = host.open(&b);
    let number = host
        .session
        .match_clip(request(&opened, (2.0, 8.0)))
        .unwrap();
    let shown = host.event(|event| match event {
        Event::Rows { rows, .. } => Some(rows.number),
        _ => None,
    });
    assert_eq!(shown, number);
    gates.open("read a.mp4");
    assert!(
        matches!(slow.join().unwrap(), Opened::Superseded),
        "the older opening is superseded"
    );
    // B is open still: in the session, ...
    let rows = host.session.rerank(&opened.clip, brief("calm")).unwrap();
    assert_eq!(rows.report.clip.file.path.file_name(), b.file_name());
    // ... in the sound, ...
    assert_eq!(host.session.clock().range_s, (2.0, 8.0));
    assert_eq!(host.session.offered().len(), 2, "both tracks are on offer");
    // ... and among the picks.
    let track = rows.report.results[0].track.track_id.clone();
    let picks = host.session.save(&opened.clip, &track, 1.5).unwrap();
    assert_eq!((picks.len(), picks[0].range_s), (1, (2.0, 8.0)));
    assert!(host.open(&a).picks.is_empty(), "A has no picks");
}

#[test]
fn closing_supersedes_an_opening_that_still_reads() {
    let gates = Gates::default();
    let host = host(&gates);
    let a = host.clip("a.mp4");
    gates.close("read a.mp4");
    let session = host.session.clone();
    let slow = std::thread::spawn(move || session.open(&a).unwrap());
    gates.wait_for("read a.mp4");
    host.session.close();
    gates.open("read a.mp4");
    assert!(matches!(slow.join().unwrap(), Opened::Superseded));
    assert!(host.session.clip().is_none(), "no clip is open");
    assert!(host.session.clock().range_s.1 < 1.0, "no clip is loaded");
}

#[test]
fn a_panic_inside_a_match_ends_the_job_and_the_next_filmstrip_runs() {
    let host = Host::new(GatedBackend::new(Arc::new(|at: &str| {
        assert!(!at.starts_with("embed"), "index 7 of 3");
    })));
    let clip = host.open(&host.clip("a.mp4"));
    host.session.match_clip(request(&clip, (0.0, 5.0))).unwrap();
    let (fault, cancelled) = host.ended(JobKind::Match);
    let fault = fault.expect("a fault");
    assert_eq!((fault.code.as_str(), cancelled), ("panicked", false));
    assert!(fault.message.contains("index 7 of 3"), "{fault:?}");
    host.session.film(&clip.clip, (0.0, 5.0), 3).unwrap();
    assert_eq!(host.ended(JobKind::Film), (None, false));
}

#[test]
fn the_analysis_of_a_superseded_match_stops() {
    let gates = Gates::default();
    let host = host(&gates);
    let clip = host.open(&host.clip("a.mp4"));
    gates.close("analyze a.mp4");
    let first = host.session.match_clip(request(&clip, (0.0, 5.0))).unwrap();
    gates.wait_for("analyze a.mp4");
    let second = host.session.match_clip(request(&clip, (5.0, 9.0))).unwrap();
    assert!(second > first);
    gates.open("analyze a.mp4");
    // The second match's analysis may end before the first one's.
    let (mut ends, mut refined) = (BTreeMap::new(), Vec::new());
    while ends.len() < 2 {
        host.event(|event| {
            match event {
                Event::JobEnded {
                    job,
                    job_kind: JobKind::Watch,
                    fault,
                    cancelled,
                } => drop(ends.insert(job, (fault, cancelled))),
                Event::Rows { rows, report } => refined.extend(report.map(|_| rows.number)),
                _ => {}
            }
            Some(())
        });
    }
    let ends: Vec<_> = ends.into_values().collect();
    assert_eq!(
        ends,
        [(None, true), (None, false)],
        "the first is cancelled"
    );
    assert_eq!(refined, [second], "no refined rows of the first match");
}

#[test]
fn late_changes_go_to_their_own_clip() {
    let gates = Gates::default();
    let host = host(&gates);
    let (a, b) = (host.clip("a.mp4"), host.clip("b.mp4"));
    let first = host.open(&a);
    let second = host.open(&b);
    host.session
        .set_range(&first.clip, (1.0, 3.0), true)
        .unwrap();
    let refused = host
        .session
        .rerank(&first.clip, brief("strings"))
        .unwrap_err();
    assert_eq!(refused.code, "no_clip");
    assert_eq!(host.session.clock().range_s, second.range_s);
    host.session.set_levels(Levels {
        music: 0.25,
        ..Levels::default()
    });
    let second = host.open(&b);
    assert_eq!(second.brief, "", "B has no words");
    let first = host.open(&a);
    assert_eq!(
        (first.range_s, first.brief.as_str()),
        ((1.0, 3.0), "strings")
    );
    assert_eq!(host.session.start().settings.levels.music, 0.25);
}

#[test]
fn a_clock_has_the_range_of_the_clip_that_it_names() {
    let host = Host::new(GatedBackend::new(Arc::new(|_: &str| ())));
    let ranges_s = [(1.0, 3.0), (5.0, 9.0)];
    let clips = ["a.mp4", "b.mp4"].map(|name| {
        let path = host.clip(name);
        let id = host.open(&path).clip;
        (path, id)
    });
    for ((_, id), range_s) in clips.iter().zip(ranges_s) {
        host.session.set_range(id, range_s, true).unwrap();
    }
    host.open(&clips[0].0);
    let done = AtomicBool::new(false);
    let read = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut read = Vec::new();
            while !done.load(Ordering::SeqCst) {
                let clock = host.session.clock();
                let pair = (clock.clip, clock.range_s);
                if read.last() != Some(&pair) {
                    read.push(pair);
                }
            }
            read
        });
        for turn in 0..100 {
            host.open(&clips[turn % 2].0);
        }
        host.session.close();
        done.store(true, Ordering::SeqCst);
        reader.join().unwrap()
    });
    assert!(read.len() > 2, "both clips were read: {read:?}");
    for (clip, range_s) in read {
        let Some(at) = clips.iter().position(|(_, id)| clip.as_ref() == Some(id)) else {
            assert_eq!(clip, None, "only the two clips were open");
            continue;
        };
        assert_eq!(range_s, ranges_s[at], "clip {at}");
    }
    let closed = host.event(|event| match event {
        Event::Clock { clock } if clock.clip.is_none() && clock.range_s.1 < 1.0 => Some(clock),
        _ => None,
    });
    assert!(!closed.playing, "no clip is loaded");
}

#[test]
fn a_brief_that_cannot_be_used_changes_nothing() {
    let gates = Gates::default();
    let host = host(&gates);
    let clip = host.open(&host.clip("a.mp4"));
    let number = host.session.match_clip(request(&clip, (0.0, 5.0))).unwrap();
    let mut wrong = request(&clip, (5.0, 9.0));
    wrong.brief.filters.key = Some("13Z".to_owned());
    let fault = host.session.match_clip(wrong).unwrap_err();
    assert_eq!(fault.code, "invalid_value");
    let refined = host.event(|event| match event {
        Event::Rows { rows, report } => report.map(|_| rows.number),
        _ => None,
    });
    assert_eq!(refined, number, "the running match goes on");
    assert_eq!(host.session.clock().range_s, (0.0, 5.0));
}

#[test]
fn a_pick_outlives_the_session() {
    let gates = Gates::default();
    let host = host(&gates);
    let path = host.clip("a.mp4");
    let clip = host.open(&path);
    host.session.match_clip(request(&clip, (0.0, 5.0))).unwrap();
    let track = host.event(|event| match event {
        Event::Rows { rows, .. } => Some(rows.report.results[0].track.track_id.clone()),
        _ => None,
    });
    let saved = host.session.save(&clip.clip, &track, 2.0).unwrap();
    host.session.end();
    let (again, _events) = common::open(host.dir.path(), GatedBackend::new(gates.gate()));
    let Opened::Clip { clip } = again.open(&path).unwrap() else {
        panic!("the clip opens again");
    };
    assert_eq!(clip.picks, saved);
    assert_eq!(clip.range_s, (0.0, 5.0));
}

#[test]
fn the_end_of_an_indexing_names_what_failed() {
    let dir = tempfile::tempdir().unwrap();
    let music = dir.path().join("music");
    std::fs::create_dir(&music).unwrap();
    std::fs::write(music.join("noise.mp3"), [0x55; 3000]).unwrap();
    std::fs::write(music.join("notes.txt"), "text").unwrap();
    let (sender, ended) = std::sync::mpsc::channel();
    let session = common::open_with(
        dir.path(),
        GatedBackend::new(Gates::default().gate()),
        Arc::new(move |event| {
            if let Event::Indexed { indexed } = event {
                sender.send(indexed).unwrap();
            }
        }),
    );
    session.index(vec![music]).unwrap();
    session.settle();
    let indexed = ended.try_recv().unwrap();
    assert_eq!((indexed.added, indexed.failed), (0, 1), "{indexed:?}");
    assert_eq!(indexed.failures[0].name, "noise.mp3");
    assert_eq!(indexed.passed_over[0].what, "files without sound");
}

#[test]
fn a_second_indexing_is_refused_while_one_runs() {
    let dir = tempfile::tempdir().unwrap();
    let music = dir.path().join("music");
    std::fs::create_dir(&music).unwrap();
    common::silence(&music.join("silence.wav"));
    let gates = Gates::default();
    let (gate, backend) = (gates.gate(), GatedBackend::new(gates.gate()));
    let session = common::open_with(
        dir.path(),
        backend,
        Arc::new(move |event| {
            if let Event::Progress { progress } = event
                && progress.kind == JobKind::Index
            {
                gate("index");
            }
        }),
    );
    gates.close("index");
    let job = session.index(vec![music.clone()]).unwrap();
    gates.wait_for("index");
    let fault = session.index(vec![music.clone()]).unwrap_err();
    assert_eq!(fault.code, "catalog_busy");
    assert!(fault.message.contains(&job.to_string()), "{fault:?}");
    gates.open("index");
    session.settle();
    session.index(vec![music]).expect("the first run is over");
    session.settle();
}

#[test]
fn rows_carry_the_times_of_both_answers() {
    let gates = Gates::default();
    let host = host(&gates);
    let clip = host.open(&host.clip("a.mp4"));
    gates.close("analyze a.mp4");
    host.session.match_clip(request(&clip, (0.0, 5.0))).unwrap();
    let rows = |refined: bool| {
        host.event(|event| match event {
            Event::Rows { rows, .. } if rows.report.refined == refined => {
                Some(rows.report.timings_ms)
            }
            _ => None,
        })
    };
    let first = rows(false);
    assert_eq!(first.first_rows, first.total);
    gates.wait_for("analyze a.mp4");
    std::thread::sleep(std::time::Duration::from_millis(20));
    gates.open("analyze a.mp4");
    let refined = rows(true);
    assert_eq!(
        refined.first_rows, first.first_rows,
        "the time of the first rows stays"
    );
    assert!(refined.total >= first.total + 20.0, "{refined:?}");
    let again = host.session.rerank(&clip.clip, brief("")).unwrap();
    assert_eq!(
        again.report.timings_ms.total, refined.total,
        "a new order is no new match"
    );
}
