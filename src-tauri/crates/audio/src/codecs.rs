//! The decoders this program has: symphonia's own, and libopus, as symphonia takes Opus out of
//! its containers but does not decode it.

use std::sync::LazyLock;

use symphonia::core::codecs::registry::CodecRegistry;
use symphonia_adapter_libopus::OpusDecoder;

static REGISTRY: LazyLock<CodecRegistry> = LazyLock::new(|| {
    let mut registry = CodecRegistry::new();
    symphonia::default::register_enabled_codecs(&mut registry);
    registry.register_audio_decoder::<OpusDecoder>();
    registry
});

/// Every decoder.
pub fn registry() -> &'static CodecRegistry {
    &REGISTRY
}
