//! The decoders this program has: symphonia's own, and Opus, which symphonia demultiplexes only.

mod opus;

use std::sync::LazyLock;

use symphonia::core::codecs::registry::CodecRegistry;

static REGISTRY: LazyLock<CodecRegistry> = LazyLock::new(|| {
    let mut registry = CodecRegistry::new();
    symphonia::default::register_enabled_codecs(&mut registry);
    registry.register_audio_decoder::<opus::OpusStream>();
    registry
});

/// Every decoder.
pub fn registry() -> &'static CodecRegistry {
    &REGISTRY
}
