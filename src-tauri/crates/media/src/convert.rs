//! Conversion of decoded pictures to upright, scaled, packed RGB24.

use crate::{
    MediaError, colour, colours,
    frame::FrameSize,
    geometry::{Orientation, scaled_size},
};
use gstreamer as gst;
use gstreamer_video::{self as video, VideoFormat, prelude::*};

/// Scales, converts and rotates pictures; set up once for each stream format.
pub(crate) struct FrameConverter {
    size: FrameSize,
    orientation: Orientation,
    ready: Option<Ready>,
}

struct Ready {
    caps: gst::Caps,
    info: video::VideoInfo,
    /// `None` where decoded pictures already are planes of the wanted size.
    step: Option<Step>,
}

struct Step {
    converter: video::VideoConverter,
    out: video::VideoInfo,
}

/// Packed RGB24 and its size.
pub(crate) struct Rgb {
    pub width: u32,
    pub height: u32,
    pub pixels: Vec<u8>,
}

impl FrameConverter {
    pub fn new(size: FrameSize, orientation: Orientation) -> Self {
        Self {
            size,
            orientation,
            ready: None,
        }
    }

    /// Converts one decoded sample.
    pub fn convert(&mut self, sample: &gst::Sample) -> Result<Rgb, MediaError> {
        let broken = |what: &str| MediaError::GStreamer(format!("a decoder's output {what}"));
        let caps = sample.caps().ok_or_else(|| broken("has no caps"))?;
        let buffer = sample.buffer().ok_or_else(|| broken("has no data"))?;
        if self.ready.as_ref().is_none_or(|r| r.caps.as_ref() != caps) {
            self.ready = Some(Ready::new(&caps.to_owned(), self.size, self.orientation)?);
        }
        let ready = self.ready.as_ref().ok_or_else(|| broken("was lost"))?;
        let frame = video::VideoFrameRef::from_buffer_ref_readable(buffer, &ready.info)
            .map_err(|_| broken("cannot be mapped"))?;
        let converted = match &ready.step {
            None => None,
            Some(step) => {
                let empty = gst::Buffer::with_size(step.out.size())
                    .map_err(|_| MediaError::GStreamer("memory ran out".into()))?;
                let mut out = video::VideoFrame::from_buffer_writable(empty, &step.out)
                    .map_err(|_| broken("cannot be converted"))?;
                step.converter
                    .frame_ref(&frame, &mut out.as_mut_video_frame_ref());
                Some(out)
            }
        };
        let done = match &converted {
            None => frame,
            Some(out) => out.as_video_frame_ref(),
        };
        let (width, height) = (done.width(), done.height());
        let pixels = colour::rgb(&done).ok_or_else(|| broken("is no picture"))?;
        let (pixels, width, height) = self.orientation.apply(pixels, width, height);
        Ok(Rgb {
            width,
            height,
            pixels,
        })
    }
}

impl Ready {
    fn new(
        caps: &gst::Caps,
        size: FrameSize,
        orientation: Orientation,
    ) -> Result<Self, MediaError> {
        let failed = |e: gst::glib::BoolError| MediaError::GStreamer(e.to_string());
        let info = video::VideoInfo::from_caps(&colours::completed(caps)).map_err(failed)?;
        let par = (
            info.par().numer().max(0) as u32,
            info.par().denom().max(0) as u32,
        );
        let (width, height) = scaled_size((info.width(), info.height()), par, orientation, size);
        // The field order and the frame rate do not matter for a single picture.
        let still = |format, width, height, colors: bool| {
            let builder = video::VideoInfo::builder(format, width, height);
            let colorimetry = info.colorimetry();
            let builder = if colors {
                builder.colorimetry(&colorimetry)
            } else {
                builder
            };
            builder.build().map_err(failed)
        };
        let same_size = (width, height) == (info.width(), info.height());
        if same_size && colour::takes(info.format()) {
            return Ok(Self {
                caps: caps.clone(),
                info,
                step: None,
            });
        }
        // GStreamer converts only sizes and rarer layouts. It scales each plane separately, which
        // is several times cheaper than scaling pixels.
        let source = still(info.format(), info.width(), info.height(), true)?;
        let out = if info.format_info().is_rgb() {
            still(VideoFormat::Rgb, width, height, false)?
        } else {
            still(VideoFormat::Y444, width, height, true)?
        };
        let mut config = video::VideoConverterConfig::new();
        config.set_resampler_method(video::VideoResamplerMethod::Linear);
        config.set_chroma_resampler_method(video::VideoResamplerMethod::Linear);
        config.set_dither_method(video::VideoDitherMethod::None);
        if same_size {
            // Avoids a fast path that repeats chroma instead of interpolating it.
            config.set_dither_quantization(2);
        }
        let converter = video::VideoConverter::new(&source, &out, Some(config)).map_err(failed)?;
        Ok(Self {
            caps: caps.clone(),
            info,
            step: Some(Step { converter, out }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The greys of a picture of luma 40 with this colour description, in its own and in another size.
    fn greys(colorimetry: &str) -> [u8; 2] {
        gst::init().unwrap();
        let caps = gst::Caps::builder("video/x-raw")
            .field("format", "I420")
            .field("width", 64)
            .field("height", 32)
            .field("framerate", gst::Fraction::new(25, 1))
            .field("colorimetry", colorimetry)
            .build();
        let mut planes = vec![40; 64 * 32];
        planes.resize(64 * 32 * 3 / 2, 128);
        let buffer = gst::Buffer::from_slice(planes);
        let sample = gst::Sample::builder().buffer(&buffer).caps(&caps).build();
        [FrameSize::Native, FrameSize::Stretch(32, 16)].map(|size| {
            let mut converter = FrameConverter::new(size, Orientation::default());
            converter.convert(&sample).unwrap().pixels[0]
        })
    }

    #[test]
    fn a_full_range_without_colour_description_keeps_its_greys() {
        assert_eq!(greys("1:0:0:0"), [40, 40]);
        assert_eq!(greys("bt601"), [28, 28], "limited");
    }
}
