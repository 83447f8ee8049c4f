//! Where in a body or a query something cannot be read.

use std::error::Error;

use super::WrongField;

/// The reason of `error` and the field that it stands at. The innermost error of axum's extractors prints as `path: reason`.
pub(super) fn wrong_field(error: &(dyn Error + 'static)) -> WrongField {
    let mut innermost = error;
    while let Some(inner) = innermost.source() {
        innermost = inner;
    }
    told_at(&innermost.to_string())
}

fn told_at(text: &str) -> WrongField {
    let (field, reason) = text.split_once(": ").filter(|(path, _)| is_path(path)).unwrap_or(("", text));
    let reason = without_position(reason);
    let field = unnamed(reason).unwrap_or(field);
    WrongField { field: field.to_owned(), message: reason.to_owned() }
}

fn is_path(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'[' | b']'))
}

/// Lines and columns mean little in a body that a program wrote.
fn without_position(reason: &str) -> &str {
    match reason.rsplit_once(" at line ") {
        Some((reason, position)) if position.contains(" column ") => reason,
        _ => reason,
    }
}

/// The field that should not be there, or that should be.
fn unnamed(reason: &str) -> Option<&str> {
    let field = reason.strip_prefix("unknown field `").or_else(|| reason.strip_prefix("missing field `"))?;
    field.split_once('`').map(|(field, _)| field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_is_told_apart_from_the_reason() {
        for (text, field, message) in [
            (
                "sources[1]: invalid type: null, expected a string at line 1 column 20",
                "sources[1]",
                "invalid type: null, expected a string",
            ),
            ("invalid type: null, expected struct", "", "invalid type: null, expected struct"),
            ("missing field `name` at line 1 column 2", "name", "missing field `name`"),
            (
                "x: unknown field `x`, expected one of `a`, `b`",
                "x",
                "unknown field `x`, expected one of `a`, `b`",
            ),
            ("limit: write a number from 1 to 500", "limit", "write a number from 1 to 500"),
        ] {
            let told = told_at(text);
            assert_eq!((told.field.as_str(), told.message.as_str()), (field, message));
        }
    }
}
