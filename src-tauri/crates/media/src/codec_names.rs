//! Codecs by their four-character codes, where GStreamer knows no name for them.

use gstreamer as gst;

/// Codes and the codecs that they stand for. A `?` stands for any character.
const NAMES: [(&str, &str); 50] = [
    ("Hap1", "Hap"),
    ("Hap5", "Hap Alpha"),
    ("HapY", "Hap Q"),
    ("HapM", "Hap Q Alpha"),
    ("HapA", "Hap Alpha-Only"),
    ("Hap7", "Hap R"),
    ("HapH", "Hap HDR"),
    ("UL??", "Ut Video"),
    ("UM??", "Ut Video"),
    ("UQ??", "Ut Video"),
    ("M8??", "MagicYUV"),
    ("M0??", "MagicYUV"),
    ("M2??", "MagicYUV"),
    ("MAGY", "MagicYUV"),
    ("DXD3", "DXV"),
    ("DXDI", "DXV"),
    ("DXDN", "DXV"),
    ("DXD?", "DXV"),
    ("icod", "Apple Intermediate Codec"),
    ("pxlt", "Apple Pixlet"),
    ("aprh", "Apple ProRes RAW"),
    ("aprn", "Apple ProRes RAW"),
    ("br??", "Blackmagic RAW"),
    ("BRAW", "Blackmagic RAW"),
    ("CRAW", "Canon Cinema RAW"),
    ("nraw", "N-RAW"),
    ("NRAW", "N-RAW"),
    ("R3D?", "REDCODE RAW"),
    ("CUVC", "Canopus HQ"),
    ("CHQX", "Grass Valley HQX"),
    ("CLLC", "Canopus Lossless"),
    ("LAGS", "Lagarith"),
    ("Shr?", "SheerVideo"),
    ("FPS1", "Fraps"),
    ("tscc", "TechSmith Screen Capture"),
    ("tsc2", "TechSmith Screen Capture 2"),
    ("ZMBV", "Zip Motion Blocks Video"),
    ("MSS1", "Windows Media Screen"),
    ("MSS2", "Windows Media Screen"),
    ("SCPR", "ScreenPressor"),
    ("AVrp", "Avid uncompressed RGB"),
    ("AVup", "Avid uncompressed"),
    ("AV1x", "Avid uncompressed"),
    ("vvc1", "H.266 (VVC)"),
    ("vvi1", "H.266 (VVC)"),
    ("evc1", "MPEG-5 EVC"),
    ("jxsm", "JPEG XS"),
    ("IV50", "Indeo 5"),
    ("IV41", "Indeo 4"),
    ("AJPG", "AJPEG"),
];

/// The four-character code of caps that carry one because GStreamer knows no name for the codec.
pub(crate) fn code(caps: &gst::CapsRef) -> Option<[u8; 4]> {
    let s = caps.structure(0)?;
    let name = s.name().as_str();
    if let Some(text) = name.strip_prefix("video/x-gst-fourcc-") {
        let mut code = [b' '; 4];
        for (place, byte) in code.iter_mut().zip(text.bytes()) {
            *place = byte;
        }
        return Some(code);
    }
    let number = s.get::<i32>("fourcc").ok()? as u32;
    name.ends_with("-unknown").then(|| number.to_le_bytes())
}

/// The codec's name for people; `None` where GStreamer knows one.
pub(crate) fn name(caps: &gst::CapsRef) -> Option<String> {
    let code = code(caps)?;
    let fits = |pattern: &str| {
        let each = pattern.bytes().zip(code);
        each.into_iter()
            .all(|(wanted, got)| wanted == b'?' || wanted == got)
    };
    if let Some((_, name)) = NAMES.iter().find(|(pattern, _)| fits(pattern)) {
        return Some((*name).to_owned());
    }
    let text: String = code
        .iter()
        .map(|&b| if b.is_ascii_graphic() { b as char } else { '.' })
        .collect();
    Some(format!("a codec of the code \"{text}\""))
}

/// The caps under which a decoder takes the stream, where its container names it otherwise: DNxHR is decoded by the
/// decoder of DNxHD.
pub(crate) fn alias(caps: &gst::CapsRef) -> Option<gst::Caps> {
    let media_type = match &code(caps)? {
        b"AVdh" => "video/x-dnxhd",
        _ => return None,
    };
    let mut known = caps.structure(0)?.to_owned();
    known.set_name(media_type);
    Some(gst::Caps::builder_full().structure(known).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(media_type: &str, fourcc: Option<&[u8; 4]>) -> Option<String> {
        gst::init().ok()?;
        let caps = gst::Caps::builder(media_type);
        let caps = match fourcc {
            Some(code) => caps
                .field("fourcc", u32::from_le_bytes(*code) as i32)
                .build(),
            None => caps.build(),
        };
        name(&caps)
    }

    #[test]
    fn codecs_without_a_decoder_are_named_and_never_by_a_bare_code() {
        let hap = described("video/x-gst-fourcc-Hap1", None);
        assert_eq!(hap.as_deref(), Some("Hap"));
        let ut = described("video/x-avi-unknown", Some(b"ULRG"));
        assert_eq!(ut.as_deref(), Some("Ut Video"));
        let strange = described("video/x-gst-fourcc-Q1_2", None);
        assert_eq!(strange.as_deref(), Some("a codec of the code \"Q1_2\""));
        assert_eq!(described("video/x-h264", None), None);
    }

    #[test]
    fn dnxhr_goes_to_the_decoder_of_dnxhd_with_its_size() {
        gst::init().unwrap();
        let builder = gst::Caps::builder("video/x-gst-fourcc-AVdh");
        let known = alias(&builder.field("width", 1280).build()).unwrap();
        assert_eq!(known.to_string(), "video/x-dnxhd, width=(int)1280");
        assert_eq!(alias(&gst::Caps::builder("video/x-dnxhd").build()), None);
    }
}
