//! The decoders of this program: those of symphonia, and libopus. symphonia reads Opus packets from
//! their containers but does not decode them.

use std::sync::LazyLock;

use symphonia::core::codecs::audio::AudioCodecParameters;
use symphonia::core::codecs::audio::well_known::{CODEC_ID_AAC, CODEC_ID_OPUS};
use symphonia::core::codecs::registry::CodecRegistry;
use symphonia_adapter_libopus::OpusDecoder;

static REGISTRY: LazyLock<CodecRegistry> = LazyLock::new(|| {
    let mut registry = CodecRegistry::new();
    symphonia::default::register_enabled_codecs(&mut registry);
    registry.register_audio_decoder::<OpusDecoder>();
    registry
});

/// A registry of all these decoders.
pub fn registry() -> &'static CodecRegistry {
    &REGISTRY
}

/// Name of a codec, or of the variant that the decoder refused, with the reason.
pub fn describe(params: &AudioCodecParameters, reason: &str) -> String {
    let name = match params.codec {
        CODEC_ID_AAC => "AAC other than low complexity in one or two channels".to_owned(),
        CODEC_ID_OPUS => "Opus in more than two channels".to_owned(),
        codec => registry()
            .get_audio_decoder(codec)
            .map_or_else(|| codec.to_string(), |d| d.codec.info.long_name.to_owned()),
    };
    format!("{name} ({reason})")
}
