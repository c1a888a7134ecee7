//! SPDX identifiers of the licences that files name.

/// The SPDX identifier of the Creative Commons address in `text`, or `text` itself without such an address. Words are
/// not interpreted.
pub(super) fn spdx(text: &str) -> String {
    let lower = text.to_lowercase();
    let Some((_, rest)) = lower.split_once("creativecommons.org/") else {
        return text.trim().to_owned();
    };
    let parts: Vec<&str> = rest.split('/').take(3).collect();
    let version = |text: &str| {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.');
        let number = text[..end.unwrap_or(text.len())].trim_end_matches('.');
        (!number.is_empty()).then(|| number.to_owned())
    };
    let found = match parts[..] {
        ["licenses", code, number] if is_code(code) => {
            version(number).map(|number| format!("CC-{}-{number}", code.to_uppercase()))
        }
        ["publicdomain", "zero", number] => version(number).map(|number| format!("CC0-{number}")),
        _ => None,
    };
    found.unwrap_or_else(|| text.trim().to_owned())
}

fn is_code(code: &str) -> bool {
    ["by", "by-sa", "by-nd", "by-nc", "by-nc-sa", "by-nc-nd"].contains(&code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn creative_commons_addresses_become_spdx_identifiers() {
        for (text, id) in [
            (
                "http://creativecommons.org/licenses/by-sa/3.0/",
                "CC-BY-SA-3.0",
            ),
            (
                "Licensed to the public under https://creativecommons.org/licenses/by/4.0.",
                "CC-BY-4.0",
            ),
            (
                "https://creativecommons.org/publicdomain/zero/1.0/legalcode",
                "CC0-1.0",
            ),
        ] {
            assert_eq!(spdx(text), id, "{text}");
        }
    }

    #[test]
    fn other_texts_are_unchanged() {
        for text in [
            "GPL-2.0-or-later",
            "all rights reserved",
            "creativecommons.org/licenses/odd/1.0/",
        ] {
            assert_eq!(spdx(text), text);
        }
        assert_eq!(
            spdx("https://creativecommons.org/"),
            "https://creativecommons.org/"
        );
    }
}
