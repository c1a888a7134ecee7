//! A simulated device that calls back at even intervals.

use std::num::NonZero;

use super::*;
use crate::device_feed::DeviceFeed;
use crate::duck::Ducking;
use crate::render::{Command, RenderReport, SelectedTrack};
use crate::track_buffer::tests::{numbered, of};

const LATENCY: Duration = Duration::from_millis(20);

/// A render clock that plays a track from its start.
fn playing(track: &[[f32; 2]]) -> (Arc<RenderClock>, Instant) {
    let start = Instant::now();
    let (mut ask, commands) = rtrb::RingBuffer::new(8);
    let clock = Arc::new(Clock::new(start));
    let report = Arc::<RenderReport>::default();
    let ducking = Arc::<Ducking>::default();
    let renderer = Renderer::new(commands, Arc::clone(&clock), report, ducking);
    let selected = SelectedTrack {
        buffer: of(track),
        start: 0,
        gain: 1.0,
    };
    for command in [Command::Music(Some(selected)), Command::Play] {
        assert!(ask.push(command).is_ok(), "room for a command");
    }
    (Arc::new(RenderClock::new(renderer, clock)), start)
}

fn feed(render_clock: &Arc<RenderClock>, rate_hz: u32) -> DeviceFeed {
    DeviceFeed::new(
        Arc::clone(render_clock),
        render_clock.new_driver(),
        NonZero::new(rate_hz).unwrap(),
    )
}

/// Calls back at even intervals with that many frames each; gives the last buffer.
fn call<T>(
    feed: &mut DeviceFeed,
    channels: usize,
    frames: usize,
    start: Instant,
    calls: usize,
) -> Vec<T>
where
    T: cpal::FromSample<f32> + cpal::Sample,
{
    let mut out = vec![T::EQUILIBRIUM; frames * channels];
    let rate = f64::from(feed.rate_hz());
    for i in 0..calls {
        let at = start + Duration::from_secs_f64((i * frames) as f64 / rate);
        feed.fill(&mut out, channels, LATENCY, at);
    }
    out
}

#[test]
fn the_device_gets_the_track_and_the_clock_follows_it() {
    let track = numbered(60_000);
    let (render_clock, start) = playing(&track);
    let mut feed = feed(&render_clock, 48_000);
    let out: Vec<f32> = call(&mut feed, 2, 250, start, 100);
    let want = track[99 * 250..100 * 250].concat();
    assert_eq!(
        out, want,
        "the same frames, although a buffer is not a whole number of blocks"
    );
    // The last buffer begins at frame 24,750 and was asked for at 515.625 ms.
    let heard_at = start + Duration::from_secs_f64(99.0 * 250.0 / 48_000.0) + LATENCY;
    let (position_s, moves, _) = render_clock.clock.now(heard_at);
    let off = position_s - 24_750.0 / 48_000.0;
    assert!(moves && off.abs() < 1e-4, "off by {off} s");
    assert!((render_clock.latency_s() - 0.02).abs() < 1e-6);
}

#[test]
fn the_clock_follows_a_device_of_another_sample_rate() {
    let (render_clock, start) = playing(&numbered(120_000));
    let mut feed = feed(&render_clock, 44_100);
    call::<f32>(&mut feed, 2, 441, start, 100);
    let (position_s, ..) = render_clock
        .clock
        .now(start + Duration::from_millis(500) + LATENCY);
    assert!((position_s - 0.5).abs() < 1e-4, "{position_s}");
}

#[test]
fn the_sound_is_converted_to_channels_and_format_of_the_device() {
    let track = vec![[0.5, -0.25]; 20_000];
    for (channels, want) in [
        (1, vec![0.125]),
        (2, vec![0.5, -0.25]),
        (4, vec![0.5, -0.25, 0.0, 0.0]),
    ] {
        let (render_clock, start) = playing(&track);
        let out: Vec<f32> = call(&mut feed(&render_clock, 48_000), channels, 256, start, 10);
        assert_eq!(out[..channels], want, "{channels} channels");
    }
    let (render_clock, start) = playing(&track);
    let out: Vec<i16> = call(&mut feed(&render_clock, 48_000), 2, 256, start, 10);
    assert_eq!(out[..2], [16_384, -8_192]);
    let (render_clock, start) = playing(&track);
    let out: Vec<u8> = call(&mut feed(&render_clock, 48_000), 2, 256, start, 10);
    assert_eq!(out[..2], [192, 96]);
}

#[test]
fn a_device_takes_over_from_the_computers_clock_without_a_step() {
    let track = numbered(200_000);
    let (render_clock, start) = playing(&track);
    let timer = render_clock.new_driver();
    render_clock.set_driver(timer);
    render_clock.free_run(start);
    render_clock.tick(timer, start + Duration::from_millis(1));
    let moment = start + Duration::from_millis(1000);
    render_clock.tick(timer, moment);
    let before = render_clock.clock.now(moment).0;
    assert!((before - 1.0).abs() < 1e-3, "a second has passed: {before}");
    let mut feed = feed(&render_clock, 48_000);
    let out: Vec<f32> = call(&mut feed, 2, 640, moment, 1);
    assert!(render_clock.is_driver(feed.driver) && !render_clock.is_driver(timer));
    let now = render_clock.clock.now(moment).0;
    assert!(
        (now - before).abs() < 1e-4,
        "no step from {before} to {now}"
    );
    let at = ((now + LATENCY.as_secs_f64()) * 48_000.0).round() as usize;
    assert_eq!(
        out[1_000..1_002],
        track[at + 500],
        "the frame at the time it is heard"
    );
    let rendered = render_clock.clock.frames();
    render_clock.tick(timer, moment + Duration::from_secs(1));
    let still = render_clock.clock.frames();
    assert_eq!(still, rendered, "the computer's clock no longer renders");
    // After the loss of the device the clock continues from the last heard frame.
    let timer = render_clock.new_driver();
    render_clock.set_driver(timer);
    let heard = render_clock.clock.now(moment).0;
    render_clock.free_run(moment);
    render_clock.tick(timer, moment + Duration::from_millis(100));
    let later = render_clock
        .clock
        .now(moment + Duration::from_millis(100))
        .0;
    assert!((later - heard - 0.1).abs() < 1e-3, "{heard} to {later}");
}
