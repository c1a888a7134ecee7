use super::display_order::SNAP_NS;
use super::*;
use crate::{
    bitstream::Role,
    packets::{Index, Packet},
    sampling::Sampling,
    stream_time::nanoseconds,
};

const MS: i64 = 1_000_000;

fn packet(at_ms: i64, kind: char, bytes: usize) -> Packet {
    Packet {
        stamp_ns: at_ms * MS,
        start_ns: at_ms * MS,
        end_ns: Some((at_ms + 100) * MS),
        shown: true,
        bytes,
        role: Role {
            entry: kind == 'K',
            intra: "KI".contains(kind),
            droppable: kind == 'b',
            unreadable: false,
        },
    }
}

/// 10 pictures a second, `gop` pictures in a group, in decoding order K, then P and b in turn.
fn stream(seconds: i64, gop: i64) -> Index {
    let packets = (0..seconds * 10)
        .map(|i| match i % gop {
            0 => packet(i * 100, 'K', 9000),
            n if n % 2 == 0 => packet(i * 100, 'b', 200),
            _ => packet(i * 100, 'P', 1000),
        })
        .collect();
    Index {
        packets,
        timed: true,
        ended: true,
        ..Index::default()
    }
}

fn chosen(index: &Index, times: &[f64], sampling: Sampling) -> (Vec<i64>, Vec<Target>) {
    match route(index, times, sampling) {
        Route::Chosen { stamps, targets } => {
            let mut stamps: Vec<i64> = stamps.into_iter().map(|s| s / MS).collect();
            stamps.sort_unstable();
            (stamps, targets)
        }
        Route::Straight => panic!("the index is sound"),
    }
}

#[test]
fn exact_takes_the_picture_shown_at_each_time() {
    let index = stream(4, 20);
    let (_, targets) = chosen(&index, &[0.0, 1.0, 2.05, 3.099], Sampling::Exact);
    let starts: Vec<i64> = targets.iter().map(|t| t.start_ns / MS).collect();
    assert_eq!(starts, [0, 1000, 2000, 3000], "the last start at or before");
}

#[test]
fn only_the_pictures_a_chosen_one_needs_are_decoded() {
    let index = stream(4, 20);
    let (stamps, _) = chosen(&index, &[0.5], Sampling::Exact);
    assert_eq!(
        stamps,
        [0, 100, 300, 500],
        "entry, P pictures, nothing after, no b"
    );
    let (stamps, _) = chosen(&index, &[2.4], Sampling::Exact);
    assert_eq!(
        stamps,
        [2000, 2100, 2300, 2400],
        "its own GOP and itself, a b picture"
    );
}

#[test]
fn fast_decodes_key_pictures_alone_where_they_are_two_seconds_apart() {
    let index = stream(12, 20);
    let times: Vec<f64> = (0..12).map(f64::from).collect();
    let (stamps, targets) = chosen(&index, &times, Sampling::Fast);
    assert_eq!(
        stamps,
        [0, 2000, 4000, 6000, 8000, 10000],
        "key pictures only"
    );
    let served: usize = targets.iter().map(|t| t.times_s.len()).sum();
    assert_eq!(served, 12, "every sampling time is stood for");
}

#[test]
fn fast_decodes_further_where_key_pictures_are_sparse() {
    let index = stream(40, 100);
    let times: Vec<f64> = (0..40).map(f64::from).collect();
    let (stamps, targets) = chosen(&index, &times, Sampling::Fast);
    let most = (400.0 * fast::SPEND_MOST) as usize + 4;
    assert!(
        stamps.len() <= most,
        "{} packets, at most {most}",
        stamps.len()
    );
    let near = |t: &&Target| (t.start_ns - nanoseconds(t.times_s[0])).abs() <= SNAP_NS;
    let served = targets.iter().filter(near).count();
    assert!(served > 20, "{served} times have their own picture");
}

#[test]
fn a_short_strip_is_sampled_exactly() {
    let index = stream(10, 20);
    let times: Vec<f64> = (0..10).map(f64::from).collect();
    let exact = chosen(&index, &times, Sampling::Exact);
    assert_eq!(chosen(&index, &times, Sampling::Fast), exact);
}

#[test]
fn a_picture_never_stands_for_a_time_in_another_shot() {
    let mut index = stream(100, 20);
    let times: Vec<f64> = (0..20).map(f64::from).collect();
    index.packets[7] = packet(700, 'P', 9000);
    let (_, targets) = chosen(&index, &times, Sampling::Fast);
    let for_one = targets.iter().find(|t| t.times_s.contains(&1.0)).unwrap();
    assert_eq!(
        for_one.start_ns,
        2000 * MS,
        "the key picture of the same shot"
    );
    index.packets[13] = packet(1300, 'I', 9000);
    let (_, targets) = chosen(&index, &times, Sampling::Fast);
    let for_one = targets.iter().find(|t| t.times_s.contains(&1.0)).unwrap();
    assert_eq!(
        for_one.start_ns,
        900 * MS,
        "a shot without a cheap picture is decoded"
    );
}

#[test]
fn leading_pictures_need_the_group_before() {
    let mut packets = stream(2, 10).packets;
    // An open GOP: after the entry at 1000 comes a picture shown at 950.
    packets.insert(11, packet(950, 'b', 200));
    let index = Index {
        packets,
        timed: true,
        ended: true,
        ..Index::default()
    };
    let (stamps, _) = chosen(&index, &[0.95], Sampling::Exact);
    assert_eq!(
        stamps,
        [0, 100, 300, 500, 700, 900, 950, 1000],
        "both groups it refers to"
    );
}

#[test]
fn times_after_the_picture_ends_are_left_out() {
    let index = stream(3, 20);
    let (_, targets) = chosen(&index, &[2.0, 3.5, 9.0], Sampling::Exact);
    let served: Vec<f64> = targets.iter().flat_map(|t| t.times_s.clone()).collect();
    assert_eq!(
        served,
        [2.0, 3.5],
        "the last picture stands a second longer, not six"
    );
}

#[test]
fn an_index_without_times_or_with_duplicate_ones_is_not_used() {
    let mut index = stream(2, 10);
    index.timed = false;
    assert_eq!(
        route(&index, &[0.0], Sampling::Fast),
        Route::Straight,
        "no times"
    );
    let mut index = stream(2, 10);
    index.packets[3].stamp_ns = index.packets[2].stamp_ns;
    assert_eq!(
        route(&index, &[0.0], Sampling::Exact),
        Route::Straight,
        "double times"
    );
}
