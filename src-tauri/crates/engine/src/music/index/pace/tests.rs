use super::super::credits::Credit;
use super::*;

fn file(name: &str, bytes: u64) -> MusicFile {
    MusicFile {
        path: name.into(),
        bytes,
        modified_ns: 0,
        credit: Credit::default(),
    }
}

#[test]
fn the_pace_counts_files_sound_and_what_is_left() {
    let files: Vec<MusicFile> = (0..100)
        .map(|at| file(&format!("{at}.mp3"), 2_400_000))
        .collect();
    let start = Instant::now();
    let mut meter = Meter::new(&files, 1, start);
    let mut last = None;
    for at in 0..50 {
        meter.analysed(at, 100.0);
        last = meter.settle(at, start + Duration::from_secs(2 * (at as u64 + 1)));
    }
    let pace = last.unwrap();
    assert!((pace.files_per_s - 0.5).abs() < 0.01, "{pace:?}");
    assert!((pace.times_real - 50.0).abs() < 1.0, "{pace:?}");
    assert!((pace.left_s - 100.0).abs() < 2.0, "{pace:?}");
    assert_eq!(meter.settled_files(), 50);
}

#[test]
fn no_pace_is_reported_before_every_thread_has_settled_a_file() {
    let files: Vec<MusicFile> = (0..9).map(|at| file(&format!("{at}.ogg"), 1_000)).collect();
    let start = Instant::now();
    let second = |s: u64| start + Duration::from_secs(s);
    let mut meter = Meter::new(&files, 4, start);
    for at in 0..3 {
        assert_eq!(meter.settle(at, second(20)), None, "file {at}");
    }
    assert!(meter.settle(3, second(20)).is_some());
    let mut quick = Meter::new(&files, 1, start);
    let soon = start + Duration::from_millis(900);
    assert_eq!(quick.settle(0, soon), None, "too early to tell");
}

#[test]
fn files_that_are_known_already_are_left_out_of_the_sound() {
    let files: Vec<MusicFile> = (0..20)
        .map(|at| file(&format!("{at}.flac"), 1 << 20))
        .collect();
    let start = Instant::now();
    let mut meter = Meter::new(&files, 1, start);
    let mut last = None;
    for at in 0..10 {
        last = meter.settle(at, start + Duration::from_secs(at as u64 + 1));
    }
    let pace = last.unwrap();
    assert!(pace.times_real < 1e-9, "{pace:?}");
    assert!((pace.left_s - 10.0).abs() < 0.5, "{pace:?}");
}
