//! The decoders this program has.

use symphonia::core::codecs::registry::CodecRegistry;

/// Every decoder of symphonia.
pub fn registry() -> &'static CodecRegistry {
    symphonia::default::get_codecs()
}
