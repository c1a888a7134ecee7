//! Opus for symphonia (RFC 6716 streams with an RFC 7845 header), decoded by `opus-decoder`.

use std::panic::AssertUnwindSafe;

use opus_decoder::OpusMultistreamDecoder;
use symphonia::core::audio::{
    AsGenericAudioBufferRef, AudioBuffer, AudioMut, AudioSpec, Channels, GenericAudioBufferRef,
};
use symphonia::core::codecs::CodecInfo;
use symphonia::core::codecs::audio::well_known::CODEC_ID_OPUS;
use symphonia::core::codecs::audio::{
    AudioCodecParameters, AudioDecoder, AudioDecoderOptions, FinalizeResult,
};
use symphonia::core::codecs::registry::{RegisterableAudioDecoder, SupportedAudioCodec};
use symphonia::core::errors::{Error, Result, decode_error, unsupported_error};
use symphonia::core::packet::PacketRef;

const RATE_HZ: u32 = 48_000;
/// Longest packet: 120 ms.
const MOST_FRAMES: usize = 5_760;
const MOST_CHANNELS: usize = 8;

static CODECS: [SupportedAudioCodec; 1] = [SupportedAudioCodec {
    id: CODEC_ID_OPUS,
    info: CodecInfo {
        short_name: "opus",
        long_name: "Opus",
        profiles: &[],
    },
}];

/// One Opus stream, 48 kHz.
pub struct OpusStream {
    params: AudioCodecParameters,
    decoder: OpusMultistreamDecoder,
    header: Header,
    /// Frames at the stream's start that are still to be dropped.
    skip: usize,
    pcm: Vec<f32>,
    buffer: AudioBuffer<f32>,
}

/// What the identification header says (RFC 7845, section 5.1).
struct Header {
    channels: usize,
    pre_skip: usize,
    gain: f32,
    streams: usize,
    coupled: usize,
    mapping: Vec<u8>,
}

impl Header {
    fn parse(data: &[u8]) -> Result<Header> {
        if data.len() < 19 || &data[..8] != b"OpusHead" {
            return decode_error("opus: no identification header");
        }
        let channels = usize::from(data[9]);
        if !(1..=MOST_CHANNELS).contains(&channels) {
            return unsupported_error("opus: more than 8 channels");
        }
        let gain_db = f32::from(i16::from_le_bytes([data[16], data[17]])) / 256.0;
        let (streams, coupled, mapping) = match (data[18], data.get(19..21 + channels)) {
            (0, _) if channels <= 2 => (1, channels - 1, vec![0, 1][..channels].to_vec()),
            (1, Some(table)) => (
                usize::from(table[0]),
                usize::from(table[1]),
                table[2..].to_vec(),
            ),
            _ => return unsupported_error("opus: channel mapping family"),
        };
        Ok(Header {
            channels,
            pre_skip: usize::from(u16::from_le_bytes([data[10], data[11]])),
            gain: 10f32.powf(gain_db / 20.0),
            streams,
            coupled,
            mapping,
        })
    }
}

impl OpusStream {
    fn new(params: &AudioCodecParameters) -> Result<OpusStream> {
        let header = match &params.extra_data {
            Some(data) => Header::parse(data)?,
            None => return unsupported_error("opus: no identification header"),
        };
        let decoder = OpusMultistreamDecoder::new(
            RATE_HZ,
            header.channels,
            header.streams,
            header.coupled,
            &header.mapping,
        );
        let decoder = decoder.map_err(|_| Error::DecodeError("opus: impossible stream layout"))?;
        let channels = match &params.channels {
            Some(channels) if channels.count() == header.channels => channels.clone(),
            _ => Channels::Discrete(header.channels as u16),
        };
        Ok(OpusStream {
            params: params.clone(),
            decoder,
            skip: header.pre_skip,
            pcm: vec![0.0; MOST_FRAMES * header.channels],
            buffer: AudioBuffer::new(AudioSpec::new(RATE_HZ, channels), MOST_FRAMES),
            header,
        })
    }
}

impl AudioDecoder for OpusStream {
    fn reset(&mut self) {
        self.decoder.reset();
    }

    fn codec_info(&self) -> &CodecInfo {
        &CODECS[0].info
    }

    fn codec_params(&self) -> &AudioCodecParameters {
        &self.params
    }

    fn decode_ref(&mut self, packet: &PacketRef<'_>) -> Result<GenericAudioBufferRef<'_>> {
        self.buffer.clear();
        if packet.data.is_empty() {
            return decode_error("opus: empty packet");
        }
        let (decoder, pcm) = (&mut self.decoder, &mut self.pcm);
        // opus-decoder 0.1.1 panics on some malformed packets where overflow is checked. Its state is
        // plain numbers; `reset` makes it whole.
        let decoded = std::panic::catch_unwind(AssertUnwindSafe(|| {
            decoder.decode_float(packet.data, pcm, false)
        }));
        let frames = match decoded {
            Ok(Ok(frames)) => frames.min(MOST_FRAMES),
            Ok(Err(_)) => return decode_error("opus: malformed packet"),
            Err(_) => {
                self.decoder.reset();
                return decode_error("opus: malformed packet");
            }
        };
        let samples = &mut self.pcm[..frames * self.header.channels];
        samples.iter_mut().for_each(|x| *x *= self.header.gain);
        self.buffer.render_silence(Some(frames));
        self.buffer.copy_from_slice_interleaved(&&*samples);
        // The demuxer trims the end; the pre-skip is left to the decoder.
        let start = (packet.trim_start.get() as usize).max(self.skip.min(frames));
        self.skip = self.skip.saturating_sub(frames);
        self.buffer
            .trim(start.min(frames), packet.trim_end.get() as usize);
        Ok(self.buffer.as_generic_audio_buffer_ref())
    }

    fn finalize(&mut self) -> FinalizeResult {
        FinalizeResult::default()
    }

    fn last_decoded(&self) -> GenericAudioBufferRef<'_> {
        self.buffer.as_generic_audio_buffer_ref()
    }
}

impl RegisterableAudioDecoder for OpusStream {
    fn try_registry_new(
        params: &AudioCodecParameters,
        _options: &AudioDecoderOptions,
    ) -> Result<Box<dyn AudioDecoder>> {
        Ok(Box::new(OpusStream::new(params)?))
    }

    fn supported_codecs() -> &'static [SupportedAudioCodec] {
        &CODECS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_header_is_refused() {
        let mut head = b"OpusHead\x01\x02\x38\x01\x80\xbb\0\0\0\0\0".to_vec();
        assert_eq!(Header::parse(&head).map(|h| h.pre_skip).ok(), Some(312));
        head[9] = 200;
        assert!(Header::parse(&head).is_err(), "200 channels");
        head[9] = 6;
        assert!(
            Header::parse(&head).is_err(),
            "six channels without a mapping"
        );
        head[18] = 1;
        assert!(Header::parse(&head).is_err(), "a mapping that is cut off");
        assert!(Header::parse(&head[..12]).is_err(), "half a header");
    }
}
