//! `Digest name="value", name=value` lists (RFC 7235 §2.1).

use std::fmt;

use super::DigestError;
use crate::scan;

/// The parameters of one header; values without quotes and escapes.
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(super) fn parse(text: &str) -> Result<Self, DigestError> {
        let (scheme, rest) = text.trim().split_once([' ', '\t']).ok_or(DigestError::Scheme)?;
        if !scheme.eq_ignore_ascii_case("Digest") {
            return Err(DigestError::Scheme);
        }
        let parts = scan::split_outside(rest, b',').map(|part| {
            let (name, value) = scan::name_and_value(part);
            (name.to_ascii_lowercase(), value.map(scan::unquote).unwrap_or_default())
        });
        Ok(Self(parts.collect()))
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn need(&self, name: &'static str) -> Result<String, DigestError> {
        self.get(name).filter(|value| !value.is_empty()).map(str::to_owned).ok_or(DigestError::Missing(name))
    }
}

/// A quoted string. Line breaks would begin another header.
pub(super) struct Quoted<'a>(pub(super) &'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for letter in self.0.chars() {
            match letter {
                '"' | '\\' => write!(f, "\\{letter}")?,
                '\r' | '\n' | '\0' => f.write_str(" ")?,
                _ => write!(f, "{letter}")?,
            }
        }
        f.write_str("\"")
    }
}
