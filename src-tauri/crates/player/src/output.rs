//! The outputs of the computer, and opening one of them.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{BufferSize, SampleFormat, StreamConfig, SupportedBufferSize, SupportedStreamConfig};

use crate::PlayerError;
use crate::drive::{Drive, Feed};
use crate::frames::RATE_HZ;

/// A device that can be asked to start is given so long.
const PATIENCE: Duration = Duration::from_secs(3);

/// Where sound can come out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Names it for good, as far as the system allows.
    pub id: String,
    /// For people.
    pub name: String,
    /// The one that the system would take.
    pub is_default: bool,
}

/// Which output is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum OutputChoice {
    /// The system's, also when that changes.
    #[default]
    Default,
    /// That one, by its [`id`](Output::id); the system's as long as it is not there.
    Named(String),
    /// None: the playhead moves and nothing is heard.
    Silent,
}

/// The outputs there are, the default one first.
///
/// # Errors
/// [`PlayerError::NoOutputs`].
pub fn outputs() -> Result<Vec<Output>, PlayerError> {
    hush();
    let host = cpal::default_host();
    let default = host.default_output_device().and_then(|d| d.id().ok());
    let devices = host
        .output_devices()
        .map_err(|error| PlayerError::NoOutputs {
            reason: error.to_string(),
        })?;
    let mut outputs: Vec<Output> = devices
        .filter_map(|device| {
            let id = device.id().ok()?;
            Some(Output {
                is_default: Some(&id) == default.as_ref(),
                id: id.to_string(),
                name: name(&device),
            })
        })
        .collect();
    outputs.sort_by_key(|output| !output.is_default);
    Ok(outputs)
}

/// The first line: the rest explains how the device is reached.
fn name(device: &cpal::Device) -> String {
    let whole = device.to_string();
    whole.lines().next().unwrap_or_default().to_owned()
}

/// Where there is no card, ALSA says so on standard error, at length, at every look. On the calling
/// thread it is kept, and dropped at the next call.
#[cfg(target_os = "linux")]
pub(crate) fn hush() {
    if let Err(error) = alsa::Output::local_error_handler() {
        tracing::debug!(%error, "ALSA will talk to standard error");
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn hush() {}

/// A device that was found.
pub(crate) struct Found {
    pub id: String,
    device: cpal::Device,
}

/// The device of choice, or the default one; the reason where there is none.
pub(crate) fn find(host: &cpal::Host, choice: &OutputChoice) -> Result<Found, String> {
    let named = match choice {
        OutputChoice::Silent => return Err("no output is wanted".to_owned()),
        OutputChoice::Named(id) => id.parse().ok().and_then(|id| host.device_by_id(&id)),
        OutputChoice::Default => None,
    };
    let device = named
        .or_else(|| host.default_output_device())
        .ok_or_else(|| "no sound output was found".to_owned())?;
    let id = device.id().map_err(|error| error.to_string())?;
    Ok(Found {
        id: id.to_string(),
        device,
    })
}

/// What a device says while it plays.
#[derive(Clone, Debug)]
pub(crate) struct Trouble {
    /// Which one.
    pub number: u64,
    pub why: String,
}

/// A device that has been started.
pub(crate) struct Open {
    pub number: u64,
    pub name: Arc<str>,
    pub rate_hz: u32,
    pub buffer_frames: u32,
    /// Its first callback has been.
    pub started: Arc<AtomicBool>,
    stream: cpal::Stream,
}

impl Open {
    /// Lets the device go on a thread of its own: one that hangs must not hang anything else.
    pub fn let_go(self) {
        let stream = self.stream;
        let dropped = std::thread::Builder::new()
            .name("output-closing".to_owned())
            .spawn(move || drop(stream));
        if let Err(error) = dropped {
            tracing::warn!(%error, "no thread to close the output on");
        }
    }
}

/// Opens a device with a small buffer of its own and starts it. Left to themselves some devices
/// buffer whole seconds.
pub(crate) fn open(
    found: &Found,
    buffer_frames: u32,
    drive: &Arc<Drive>,
    on_trouble: &(impl Fn(Trouble) + Clone + Send + 'static),
) -> Result<Open, String> {
    let device = &found.device;
    let config = config(device)?;
    let fixed = match config.buffer_size() {
        SupportedBufferSize::Range { min, max } => buffer_frames.clamp(*min, (*max).max(*min)),
        SupportedBufferSize::Unknown => buffer_frames,
    };
    let attempt = |buffer_size: BufferSize| {
        let config_now = StreamConfig {
            buffer_size,
            ..config.config()
        };
        start(
            device,
            config_now,
            config.sample_format(),
            drive,
            on_trouble,
        )
    };
    let (number, started, stream) = attempt(BufferSize::Fixed(fixed))
        .or_else(|_| attempt(BufferSize::Default))
        .map_err(|error| error.to_string())?;
    let buffer_frames = stream.buffer_size().unwrap_or(fixed);
    stream.play().map_err(|error| error.to_string())?;
    Ok(Open {
        number,
        name: name(device).into(),
        rate_hz: config.sample_rate(),
        buffer_frames,
        started,
        stream,
    })
}

/// Two channels of floats at the device's own rate where it has them, or else what it has.
fn config(device: &cpal::Device) -> Result<SupportedStreamConfig, String> {
    let own = device
        .default_output_config()
        .map_err(|error| error.to_string())?;
    let rate = own.sample_rate();
    let fits = |channels: u16, format: SampleFormat| {
        let mut configs = device.supported_output_configs().ok()?;
        configs.find_map(|c| {
            let alike = c.channels() == channels && c.sample_format() == format;
            alike.then(|| c.try_with_sample_rate(rate))?
        })
    };
    let formats = [SampleFormat::F32, SampleFormat::I32, SampleFormat::I16];
    let stereo = formats.into_iter().find_map(|format| fits(2, format));
    let wide = || {
        formats
            .into_iter()
            .find_map(|format| fits(own.channels(), format))
    };
    Ok(stereo.or_else(wide).unwrap_or(own))
}

type Started = (u64, Arc<AtomicBool>, cpal::Stream);

fn start(
    device: &cpal::Device,
    config: StreamConfig,
    format: SampleFormat,
    drive: &Arc<Drive>,
    on_trouble: &(impl Fn(Trouble) + Clone + Send + 'static),
) -> Result<Started, cpal::Error> {
    let number = drive.number();
    let rate_hz = NonZero::new(config.sample_rate).unwrap_or(NonZero::<u32>::MIN);
    let feed = Feed::new(Arc::clone(drive), number, rate_hz);
    let started = Arc::clone(&feed.started);
    let on_trouble = on_trouble.clone();
    let tell = move |error: cpal::Error| {
        use cpal::ErrorKind::{DeviceChanged, RealtimeDenied, Xrun};
        // Gaps are heard of by the clock, which knows how long they were.
        if !matches!(error.kind(), DeviceChanged | RealtimeDenied | Xrun) {
            let why = error.to_string();
            on_trouble(Trouble { number, why });
        }
    };
    let stream = match format {
        SampleFormat::F32 => stream::<f32>(device, config, feed, tell),
        SampleFormat::F64 => stream::<f64>(device, config, feed, tell),
        SampleFormat::I8 => stream::<i8>(device, config, feed, tell),
        SampleFormat::I16 => stream::<i16>(device, config, feed, tell),
        SampleFormat::I24 => stream::<cpal::I24>(device, config, feed, tell),
        SampleFormat::I32 => stream::<i32>(device, config, feed, tell),
        SampleFormat::U8 => stream::<u8>(device, config, feed, tell),
        SampleFormat::U16 => stream::<u16>(device, config, feed, tell),
        SampleFormat::U32 => stream::<u32>(device, config, feed, tell),
        _ => Err(cpal::Error::new(cpal::ErrorKind::UnsupportedConfig)),
    }?;
    Ok((number, started, stream))
}

fn stream<T>(
    device: &cpal::Device,
    config: StreamConfig,
    mut feed: Feed,
    tell: impl FnMut(cpal::Error) + Send + 'static,
) -> Result<cpal::Stream, cpal::Error>
where
    T: cpal::SizedSample + cpal::FromSample<f32>,
{
    let channels = usize::from(config.channels);
    device.build_output_stream(
        config,
        move |out: &mut [T], info: &cpal::OutputCallbackInfo| {
            let told = info.timestamp();
            let latency = told.playback.saturating_duration_since(told.callback);
            feed.fill(out, channels, latency, Instant::now());
        },
        tell,
        Some(PATIENCE),
    )
}

/// Frames of a buffer to begin with, at the rate that sound is held at.
pub(crate) const LEAST_BUFFER: u32 = 512;
/// A device that keeps running dry is given larger ones, up to this.
pub(crate) const MOST_BUFFER: u32 = 2048;
const _: () = assert!(LEAST_BUFFER * 90 < RATE_HZ, "about 10 ms");
