//! Texts about a clip that its editor should read.

use needledrop_media::ClipInfo;

/// What the container of a clip does not say, or says otherwise.
pub(crate) fn of_clip(clip: &ClipInfo) -> impl Iterator<Item = String> {
    clip.notes.iter().map(ToString::to_string)
}

/// The end of a clip that is cut short is told already, within this, seconds.
const TOLD_S: f64 = 0.2;

/// That a range is damaged from a second of the clip on; `None` where [`of_clip`] says it.
pub(crate) fn damaged(clip: &ClipInfo, from_s: f64) -> Option<String> {
    let told = clip.is_cut_short() && from_s > clip.duration_s - TOLD_S;
    (!told).then(|| {
        format!(
            "part of the range is missing or damaged, from {from_s:.2} s on; what can be read \
             was used"
        )
    })
}
