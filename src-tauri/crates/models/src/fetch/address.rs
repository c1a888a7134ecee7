//! The address of a file, and which addresses are allowed.

use reqwest::Url;

use crate::ModelError;
use crate::manifest::PackFile;
use crate::pack::Pack;
use crate::transport::is_loopback;

pub(super) fn address(
    pack: &Pack,
    entry: &PackFile,
    source: Option<&str>,
) -> Result<Url, ModelError> {
    let below = |base: &str| {
        let remote = entry.remote.as_deref().unwrap_or(&entry.path);
        format!(
            "{}/{}",
            base.trim_end_matches('/'),
            remote.trim_start_matches('/')
        )
    };
    let text = match (source, &entry.url, &pack.manifest.source) {
        (Some(base), _, _) => below(base),
        (None, Some(url), _) => url.clone(),
        (None, None, Some(base)) => below(base),
        (None, None, None) => {
            return Err(ModelError::NoSource {
                pack: pack.manifest.name.clone(),
                file: entry.path.clone(),
            });
        }
    };
    let url: Url = text
        .parse()
        .map_err(|_| ModelError::InsecureSource { url: text })?;
    secure(&url, is_loopback(&url))?;
    Ok(url)
}

/// Allows https, and plain http on this machine if the first address was on this machine too.
pub(super) fn secure(url: &Url, first_was_here: bool) -> Result<(), ModelError> {
    match url.scheme() {
        "https" => Ok(()),
        "http" if first_was_here && is_loopback(url) => Ok(()),
        _ => Err(ModelError::InsecureSource {
            url: url.to_string(),
        }),
    }
}
