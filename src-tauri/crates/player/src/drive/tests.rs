//! A device that calls back in even time, without a device.

use super::*;
use crate::duck::Ducking;
use crate::reel::tests::{numbered, of};
use crate::render::{Command, Deck, Told};

const LATENCY: Duration = Duration::from_millis(20);

/// A drive that plays a track from its start.
fn playing(track: &[[f32; 2]]) -> (Arc<Drive>, Instant) {
    let start = Instant::now();
    let (mut ask, commands) = rtrb::RingBuffer::new(8);
    let clock = Arc::new(Clock::new(start));
    let told = Arc::<Told>::default();
    let ducking = Arc::<Ducking>::default();
    let renderer = Renderer::new(commands, Arc::clone(&clock), told, ducking);
    let deck = Deck {
        reel: of(track),
        start: 0,
        gain: 1.0,
    };
    for command in [Command::Deck(Some(deck)), Command::Play] {
        assert!(ask.push(command).is_ok(), "room for a command");
    }
    (Arc::new(Drive::new(renderer, clock)), start)
}

fn feed(drive: &Arc<Drive>, rate_hz: u32) -> Feed {
    Feed::new(
        Arc::clone(drive),
        drive.number(),
        NonZero::new(rate_hz).unwrap(),
    )
}

/// Calls back in even time, so many frames each; the last buffer.
fn call<T>(feed: &mut Feed, channels: usize, frames: usize, start: Instant, calls: usize) -> Vec<T>
where
    T: cpal::FromSample<f32> + cpal::Sample,
{
    let mut out = vec![T::EQUILIBRIUM; frames * channels];
    let rate = f64::from(feed.follower_rate_hz());
    for i in 0..calls {
        let at = start + Duration::from_secs_f64((i * frames) as f64 / rate);
        feed.fill(&mut out, channels, LATENCY, at);
    }
    out
}

impl Feed {
    fn follower_rate_hz(&self) -> u32 {
        self.mixer.sample_rate().get()
    }
}

#[test]
fn what_the_device_gets_is_the_track_and_the_clock_tells_when_it_is_heard() {
    let track = numbered(60_000);
    let (drive, start) = playing(&track);
    let mut feed = feed(&drive, 48_000);
    let out: Vec<f32> = call(&mut feed, 2, 250, start, 100);
    let want = track[99 * 250..100 * 250].concat();
    assert_eq!(
        out, want,
        "frame for frame, though buffers are no whole blocks"
    );
    // The last buffer begins at frame 24,750 and was asked for at 515.625 ms.
    let heard_at = start + Duration::from_secs_f64(99.0 * 250.0 / 48_000.0) + LATENCY;
    let (position_s, moves, _) = drive.clock.now(heard_at);
    let off = position_s - 24_750.0 / 48_000.0;
    assert!(moves && off.abs() < 1e-4, "off by {off} s");
    assert!((drive.latency_s() - 0.02).abs() < 1e-6);
}

#[test]
fn other_rates_are_told_in_their_own_time() {
    let (drive, start) = playing(&numbered(120_000));
    let mut feed = feed(&drive, 44_100);
    call::<f32>(&mut feed, 2, 441, start, 100);
    let (position_s, ..) = drive
        .clock
        .now(start + Duration::from_millis(500) + LATENCY);
    assert!((position_s - 0.5).abs() < 1e-4, "{position_s}");
}

#[test]
fn every_number_of_channels_and_format_gets_the_sound() {
    let track = vec![[0.5, -0.25]; 20_000];
    for (channels, want) in [
        (1, vec![0.125]),
        (2, vec![0.5, -0.25]),
        (4, vec![0.5, -0.25, 0.0, 0.0]),
    ] {
        let (drive, start) = playing(&track);
        let out: Vec<f32> = call(&mut feed(&drive, 48_000), channels, 256, start, 10);
        assert_eq!(out[..channels], want, "{channels} channels");
    }
    let (drive, start) = playing(&track);
    let out: Vec<i16> = call(&mut feed(&drive, 48_000), 2, 256, start, 10);
    assert_eq!(out[..2], [16_384, -8_192]);
    let (drive, start) = playing(&track);
    let out: Vec<u8> = call(&mut feed(&drive, 48_000), 2, 256, start, 10);
    assert_eq!(out[..2], [192, 96]);
}

#[test]
fn a_device_takes_over_from_the_computers_clock_at_its_place() {
    let track = numbered(200_000);
    let (drive, start) = playing(&track);
    let timer = drive.number();
    drive.take_turn(timer);
    drive.free_run(start);
    drive.tick(timer, start + Duration::from_millis(1));
    let moment = start + Duration::from_millis(1000);
    drive.tick(timer, moment);
    let before = drive.clock.now(moment).0;
    assert!((before - 1.0).abs() < 1e-3, "a second has passed: {before}");
    let mut feed = feed(&drive, 48_000);
    let out: Vec<f32> = call(&mut feed, 2, 640, moment, 1);
    assert!(drive.has_turn(feed.number) && !drive.has_turn(timer));
    let now = drive.clock.now(moment).0;
    assert!(
        (now - before).abs() < 1e-4,
        "no step from {before} to {now}"
    );
    let at = ((now + LATENCY.as_secs_f64()) * 48_000.0).round() as usize;
    assert_eq!(out[1_000..1_002], track[at + 500], "what is heard then");
    let rendered = drive.clock.frames();
    drive.tick(timer, moment + Duration::from_secs(1));
    let still = drive.clock.frames();
    assert_eq!(still, rendered, "the computer's clock has stepped back");
    // Gone again: the clock goes on from what was heard.
    let timer = drive.number();
    drive.take_turn(timer);
    let heard = drive.clock.now(moment).0;
    drive.free_run(moment);
    drive.tick(timer, moment + Duration::from_millis(100));
    let later = drive.clock.now(moment + Duration::from_millis(100)).0;
    assert!((later - heard - 0.1).abs() < 1e-3, "{heard} to {later}");
}
