//! The window's settings, which an older or newer version, or the editor, may have written.

use needledrop_session::fuzzing;

use crate::target::Target;

/// `settings.json`.
pub const SETTINGS: Target = Target {
    name: "settings",
    most_bytes: 1 << 12,
    read: |input| {
        let Some((settings, _)) = fuzzing::settings(input) else {
            return false;
        };
        let fractions = [settings.split, settings.levels.music, settings.levels.clip];
        assert!(
            fractions.iter().all(|part| (0.0..=1.0).contains(part)),
            "{settings:?}"
        );
        assert!(settings.cache_limit_gb > 0.0, "{settings:?}");
        true
    },
    seeds: || {
        vec![
            br#"{"catalog":"/music","folders":["/a","/b"],"pack":"embedded","provider":"cpu","device":null,"split":0.5}"#
                .to_vec(),
            br#"{"theme":"light","levels":{"music":0.5,"clip":1e99},"cache_limit_gb":-1,"play_first":false,"other":[{}]}"#
                .to_vec(),
        ]
    },
};
