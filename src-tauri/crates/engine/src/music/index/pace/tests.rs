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

/// A recorded sequence: extension, bytes, seconds of sound, seconds of analysis on one thread of a busy machine.
const RECORDED: [(&str, u64, f64, f64); 16] = [
    ("ogg", 1_017_281, 95.0, 7.8),
    ("ogg", 2_229_255, 210.0, 10.0),
    ("wav", 5_292_078, 30.0, 2.9),
    ("flac", 17_935_749, 180.0, 10.2),
    ("mp3", 5_761_611, 240.0, 29.8),
    ("wav", 26_460_078, 150.0, 6.6),
    ("ogg", 493_442, 45.0, 2.0),
    ("flac", 5_988_024, 60.0, 3.0),
    ("mp3", 361_787, 15.0, 1.7),
    ("ogg", 2_831_412, 260.0, 7.9),
    ("wav", 35_280_078, 200.0, 5.5),
    ("mp3", 2_881_454, 120.0, 4.4),
    ("flac", 23_955_523, 240.0, 4.7),
    ("ogg", 1_663_079, 150.0, 2.1),
    ("mp3", 4_801_768, 200.0, 2.8),
    ("wav", 10_584_078, 60.0, 1.2),
];

/// The sequence three times on two threads, each second of the recording as long as `slower` seconds. For each
/// settled file with a pace: the time, the estimated and the true time left, seconds.
fn estimates(slower: f64) -> Vec<(f64, f64, f64)> {
    const THREADS: usize = 2;
    let sequence: Vec<_> = RECORDED.iter().cycle().take(3 * RECORDED.len()).collect();
    let files: Vec<MusicFile> = sequence
        .iter()
        .enumerate()
        .map(|(at, (extension, bytes, ..))| file(&format!("{at}.{extension}"), *bytes))
        .collect();
    let mut free_s = [0.0; THREADS];
    let mut ends: Vec<(f64, usize)> = Vec::new();
    for (at, (.., cost_s)) in sequence.iter().enumerate() {
        let thread = usize::from(free_s[1] < free_s[0]);
        free_s[thread] += cost_s * slower;
        ends.push((free_s[thread], at));
    }
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let end_s = free_s[0].max(free_s[1]);
    let start = Instant::now();
    let mut meter = Meter::new(&files, THREADS, start);
    ends.into_iter()
        .filter_map(|(at_s, at)| {
            meter.analysed(at, sequence[at].2);
            let pace = meter.settle(at, start + Duration::from_secs_f64(at_s))?;
            Some((at_s, pace.left_s, end_s - at_s))
        })
        .collect()
}

#[test]
fn the_time_left_does_not_jump_where_files_differ_in_length_and_kind() {
    for slower in [1.0, 8.0] {
        let estimates = estimates(slower);
        assert!(estimates.len() > 40, "{}", estimates.len());
        for pair in estimates.windows(2) {
            let ((before_s, before_left_s, _), (now_s, left_s, _)) = (pair[0], pair[1]);
            let expected_s = before_left_s - (now_s - before_s);
            let change = left_s / expected_s;
            assert!(
                expected_s < 10.0 * slower || (0.7..1.4).contains(&change),
                "at {now_s:.0} s: {left_s:.0} s left, expected {expected_s:.0} s"
            );
        }
    }
}

#[test]
fn the_time_left_is_near_the_true_one_from_the_first_estimate_on() {
    let estimates = estimates(1.0);
    let (.., whole_s) = estimates[0];
    for (at_s, left_s, true_s) in estimates {
        // The recorded machine became faster, so a part of the error is not known before.
        assert!(
            true_s < whole_s / 4.0 || (0.5..2.0).contains(&(left_s / true_s)),
            "at {at_s:.0} s: {left_s:.0} s left, in truth {true_s:.0} s"
        );
    }
}
