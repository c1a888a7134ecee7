//! Genres by number, as ID3 has them.

use lofty::id3::v1::GENRES;

/// The genres in a text: `17`, `(17)`, `(17)(52)Rock`, `RX` and `CR` stand for names.
pub(super) fn genres(text: &str) -> Vec<String> {
    let (mut names, mut rest) = (Vec::new(), text.trim());
    while let Some((inside, after)) = rest.strip_prefix('(').and_then(|r| r.split_once(')')) {
        // Two opening brackets stand for one that belongs to the text.
        let Some(name) = by_number(inside) else { break };
        names.extend(name);
        rest = after.trim();
    }
    match by_number(rest) {
        Some(name) => names.extend(name),
        None => names.push(
            rest.strip_prefix("((")
                .map_or(rest.to_owned(), |r| format!("({r}")),
        ),
    }
    names.retain(|name| !name.is_empty());
    names
}

/// The name of a number; an empty one for a number that has none, `None` for other texts.
fn by_number(text: &str) -> Option<Option<String>> {
    match text {
        "RX" => return Some(Some("Remix".to_owned())),
        "CR" => return Some(Some("Cover".to_owned())),
        _ => {}
    }
    let is_number = !text.is_empty() && text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit());
    let number: usize = text.parse().ok().filter(|_| is_number)?;
    Some(GENRES.get(number).map(|&name| name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_become_names() {
        for (text, want) in [
            ("(17)(52)Rock", &["Rock", "Electronic", "Rock"][..]),
            ("(17)", &["Rock"]),
            ("17", &["Rock"]),
            ("(4)Eurodisco", &["Disco", "Eurodisco"]),
            ("Ambient", &["Ambient"]),
            ("((live)", &["(live)"]),
            ("(live) set", &["(live) set"]),
            ("255", &[]),
            ("(255)", &[]),
            ("RX", &["Remix"]),
            ("1980s", &["1980s"]),
            ("", &[]),
        ] {
            assert_eq!(genres(text), want, "{text:?}");
        }
    }
}
