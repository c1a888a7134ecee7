//! Planes of luma and chroma to packed RGB24.

use gstreamer_video::{
    VideoColorMatrix, VideoColorRange, VideoFormat, VideoFrameExt, VideoFrameRef,
};
use yuv::{YuvPlanarImage, YuvRange, YuvStandardMatrix};

/// The pixels of a picture of three full 8-bit planes (`Y444`) or of packed RGB, without padding:
/// `width * height * 3` bytes. `None` for any other format and for planes that are too short.
pub(crate) fn rgb<T>(frame: &VideoFrameRef<T>) -> Option<Vec<u8>>
where
    VideoFrameRef<T>: VideoFrameExt,
{
    let row = frame.width() as usize * 3;
    let mut pixels = vec![0; row * frame.height() as usize];
    let format = frame.format();
    if format == VideoFormat::Rgb {
        let stride = usize::try_from(*frame.plane_stride().first()?).ok()?;
        let lines = frame.plane_data(0).ok()?.chunks(stride);
        for (line, out) in lines.zip(pixels.chunks_exact_mut(row)) {
            out.copy_from_slice(line.get(..row)?);
        }
        return Some(pixels);
    }
    if format != VideoFormat::Y444 {
        return None;
    }
    let plane = |component: u32| {
        let stride = u32::try_from(frame.comp_stride(component)).ok()?;
        Some((frame.comp_data(component).ok()?, stride))
    };
    let ((y_plane, y_stride), (u_plane, u_stride), (v_plane, v_stride)) =
        (plane(0)?, plane(1)?, plane(2)?);
    let planes = YuvPlanarImage {
        y_plane,
        y_stride,
        u_plane,
        u_stride,
        v_plane,
        v_stride,
        width: frame.width(),
        height: frame.height(),
    };
    let colours = frame.info().colorimetry();
    let range = match colours.range() {
        VideoColorRange::Range0_255 => YuvRange::Full,
        _ => YuvRange::Limited,
    };
    let matrix = match colours.matrix() {
        VideoColorMatrix::Bt709 => YuvStandardMatrix::Bt709,
        VideoColorMatrix::Bt2020 => YuvStandardMatrix::Bt2020,
        VideoColorMatrix::Smpte240m => YuvStandardMatrix::Smpte240,
        VideoColorMatrix::Fcc => YuvStandardMatrix::Fcc,
        _ => YuvStandardMatrix::Bt601,
    };
    let stride = frame.width().checked_mul(3)?;
    yuv::yuv444_to_rgb(&planes, &mut pixels, stride, range, matrix).ok()?;
    Some(pixels)
}
