//! Output devices: lists them and opens one.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{BufferSize, SampleFormat, StreamConfig, SupportedBufferSize, SupportedStreamConfig};

use crate::PlayerError;
use crate::device_feed::DeviceFeed;
use crate::frames::RATE_HZ;
use crate::render_clock::RenderClock;

/// Most time for opening a device.
const OPEN_TIMEOUT: Duration = Duration::from_secs(3);

/// An output device of the system, by the name that people know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Stable id, as far as the system has one.
    pub id: String,
    /// Name that the system shows.
    pub name: String,
    /// Whether it is the system's default output.
    pub is_default: bool,
}

/// Which output an audition plays on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum OutputChoice {
    /// The system's default, also after it changes.
    #[default]
    Default,
    /// The device with that [`id`](Output::id); the default while it is unplugged.
    Named(String),
    /// No device: the playhead moves and nothing is heard.
    Silent,
}

/// All output devices, the default one first.
///
/// # Errors
/// [`PlayerError::NoOutputs`].
pub fn outputs() -> Result<Vec<Output>, PlayerError> {
    silence_alsa_errors();
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

/// The first placement: the rest explains how the device is reached.
fn name(device: &cpal::Device) -> String {
    let whole = device.to_string();
    whole.lines().next().unwrap_or_default().to_owned()
}

/// Keeps ALSA from writing errors to standard error on the calling thread. Without a sound card it does
/// so at length at every query.
#[cfg(target_os = "linux")]
pub(crate) fn silence_alsa_errors() {
    if let Err(error) = alsa::Output::local_error_handler() {
        tracing::debug!(%error, "ALSA will write to standard error");
    }
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn silence_alsa_errors() {}

/// A device, not opened yet.
pub(crate) struct FoundDevice {
    pub id: String,
    device: cpal::Device,
}

/// The chosen device, or the default one; the error says why there is none.
pub(crate) fn find(host: &cpal::Host, choice: &OutputChoice) -> Result<FoundDevice, String> {
    let named = match choice {
        OutputChoice::Silent => return Err("silent output was chosen".to_owned()),
        OutputChoice::Named(id) => id.parse().ok().and_then(|id| host.device_by_id(&id)),
        OutputChoice::Default => None,
    };
    let device = named
        .or_else(|| host.default_output_device())
        .ok_or_else(|| "no sound output was found".to_owned())?;
    let id = device.id().map_err(|error| error.to_string())?;
    Ok(FoundDevice {
        id: id.to_string(),
        device,
    })
}

/// An error that a device reports while it plays.
#[derive(Clone, Debug)]
pub(crate) struct DeviceError {
    /// Driver id of the device.
    pub driver: u64,
    pub why: String,
}

/// A device that has been started.
pub(crate) struct OpenDevice {
    pub driver: u64,
    pub name: Arc<str>,
    pub rate_hz: u32,
    pub buffer_frames: u32,
    /// Whether it has called back.
    pub started: Arc<AtomicBool>,
    stream: cpal::Stream,
}

impl OpenDevice {
    /// Closes the device on a thread of its own: closing can hang.
    pub fn close_in_background(self) {
        let stream = self.stream;
        let dropped = std::thread::Builder::new()
            .name("output-closing".to_owned())
            .spawn(move || drop(stream));
        if let Err(error) = dropped {
            tracing::warn!(%error, "no thread to close the output on");
        }
    }
}

/// Opens a device with a small buffer and starts it. By default some devices buffer whole seconds.
pub(crate) fn open(
    found: &FoundDevice,
    buffer_frames: u32,
    render_clock: &Arc<RenderClock>,
    on_error: &(impl Fn(DeviceError) + Clone + Send + 'static),
) -> Result<OpenDevice, String> {
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
            render_clock,
            on_error,
        )
    };
    let (driver, started, stream) = attempt(BufferSize::Fixed(fixed))
        .or_else(|_| attempt(BufferSize::Default))
        .map_err(|error| error.to_string())?;
    let buffer_frames = stream.buffer_size().unwrap_or(fixed);
    stream.play().map_err(|error| error.to_string())?;
    Ok(OpenDevice {
        driver,
        name: name(device).into(),
        rate_hz: config.sample_rate(),
        buffer_frames,
        started,
        stream,
    })
}

/// Stereo f32 at the device's own rate where it offers that, else the nearest that it offers.
fn config(device: &cpal::Device) -> Result<SupportedStreamConfig, String> {
    let own = device
        .default_output_config()
        .map_err(|error| error.to_string())?;
    let rate = own.sample_rate();
    let fits = |channels: u16, format: SampleFormat| {
        let mut configs = device.supported_output_configs().ok()?;
        configs.find_map(|c| {
            let is_same = c.channels() == channels && c.sample_format() == format;
            is_same.then(|| c.try_with_sample_rate(rate))?
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
    render_clock: &Arc<RenderClock>,
    on_error: &(impl Fn(DeviceError) + Clone + Send + 'static),
) -> Result<Started, cpal::Error> {
    let driver = render_clock.new_driver();
    let rate_hz = NonZero::new(config.sample_rate).unwrap_or(NonZero::<u32>::MIN);
    let feed = DeviceFeed::new(Arc::clone(render_clock), driver, rate_hz);
    let started = Arc::clone(&feed.started);
    let on_error = on_error.clone();
    let report = move |error: cpal::Error| {
        use cpal::ErrorKind::{DeviceChanged, RealtimeDenied, Xrun};
        // Underruns are measured by the delay-locked loop, which knows their length.
        if !matches!(error.kind(), DeviceChanged | RealtimeDenied | Xrun) {
            let why = error.to_string();
            on_error(DeviceError { driver, why });
        }
    };
    let stream = match format {
        SampleFormat::F32 => stream::<f32>(device, config, feed, report),
        SampleFormat::F64 => stream::<f64>(device, config, feed, report),
        SampleFormat::I8 => stream::<i8>(device, config, feed, report),
        SampleFormat::I16 => stream::<i16>(device, config, feed, report),
        SampleFormat::I24 => stream::<cpal::I24>(device, config, feed, report),
        SampleFormat::I32 => stream::<i32>(device, config, feed, report),
        SampleFormat::U8 => stream::<u8>(device, config, feed, report),
        SampleFormat::U16 => stream::<u16>(device, config, feed, report),
        SampleFormat::U32 => stream::<u32>(device, config, feed, report),
        _ => Err(cpal::Error::new(cpal::ErrorKind::UnsupportedConfig)),
    }?;
    Ok((driver, started, stream))
}

fn stream<T>(
    device: &cpal::Device,
    config: StreamConfig,
    mut feed: DeviceFeed,
    report: impl FnMut(cpal::Error) + Send + 'static,
) -> Result<cpal::Stream, cpal::Error>
where
    T: cpal::SizedSample + cpal::FromSample<f32>,
{
    let channels = usize::from(config.channels);
    device.build_output_stream(
        config,
        move |out: &mut [T], info: &cpal::OutputCallbackInfo| {
            let timestamp = info.timestamp();
            let latency = timestamp
                .playback
                .saturating_duration_since(timestamp.callback);
            feed.fill(out, channels, latency, Instant::now());
        },
        report,
        Some(OPEN_TIMEOUT),
    )
}

/// Frames of the first buffer, about 10 ms.
pub(crate) const LEAST_BUFFER: u32 = 512;
/// Most frames of a buffer; it doubles after repeated underruns.
pub(crate) const MOST_BUFFER: u32 = 2048;
const _: () = assert!(LEAST_BUFFER * 90 < RATE_HZ, "about 10 ms");
