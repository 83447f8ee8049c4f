//! Free text on its way into the database: bounded, and without what Postgres cannot hold.

use domain::Invalid;

/// Text that a person typed: refused when it is longer than `most` characters or holds a control character.
pub(crate) fn typed<'a>(field: &str, text: &'a str, most: usize) -> Result<&'a str, Invalid> {
    let text = text.trim();
    if text.chars().count() > most {
        return Err(Invalid::field(field, format!("at most {most} characters are allowed")));
    }
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Invalid::field(field, "control characters are not allowed"));
    }
    Ok(text)
}

/// Text that came from the network and must be kept whatever it is: cut to `most` bytes, NUL shown as �.
pub(crate) fn received(text: &str, most: usize) -> String {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].replace('\0', "\u{fffd}")
}

/// A `like` pattern for what begins with `text`.
pub(crate) fn beginning(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn received_text_is_cut_between_characters_and_keeps_no_nul() {
        assert_eq!(received("aéb", 2), "a");
        assert_eq!(received("a\0b", 10), "a\u{fffd}b");
    }

    #[test]
    fn a_pattern_takes_wild_cards_literally() {
        assert_eq!(beginning("1%_\\"), "1\\%\\_\\\\%");
    }

    #[test]
    fn typed_text_with_nul_or_without_end_is_refused() {
        assert!(typed("note", "a\0b", 100).is_err());
        assert!(typed("note", &"x".repeat(10_000), 200).is_err());
        assert_eq!(typed("note", " fine ", 100).unwrap(), "fine");
    }
}
