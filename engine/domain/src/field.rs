//! Validation: what a form or a document may hold, told at the field that is wrong.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// What is wrong with one field.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name, as in the form.
    pub field: String,
    /// What to do about it, in one sentence.
    pub message: String,
}

/// Everything that is wrong with one submission; never empty.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, thiserror::Error)]
pub struct Invalid(pub Vec<FieldError>);

impl Invalid {
    /// One wrong field.
    pub fn field(field: &str, message: impl Into<String>) -> Self {
        Self(vec![FieldError { field: field.to_owned(), message: message.into() }])
    }

    /// The messages by field, for a form.
    pub fn by_field(&self) -> BTreeMap<&str, &str> {
        self.0.iter().map(|e| (e.field.as_str(), e.message.as_str())).collect()
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.0.iter().enumerate() {
            let gap = if i == 0 { "" } else { "; " };
            write!(f, "{gap}{}: {}", error.field, error.message)?;
        }
        Ok(())
    }
}

/// Collects the errors of several fields, so that a person sees all of them at once.
#[derive(Default)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    /// Reads `text`; on failure notes the error at `field` and gives `None`.
    pub fn parse<T: FromStr>(&mut self, field: &str, text: &str) -> Option<T>
    where
        T::Err: fmt::Display,
    {
        self.take(field, text.trim().parse())
    }

    /// Reads `text` unless it is empty: `Some(None)` for empty, `None` when wrong.
    pub fn optional<T: FromStr>(&mut self, field: &str, text: &str) -> Option<Option<T>>
    where
        T::Err: fmt::Display,
    {
        if text.trim().is_empty() { Some(None) } else { self.parse(field, text).map(Some) }
    }

    /// A whole number within a range.
    pub fn whole(&mut self, field: &str, text: &str, range: std::ops::RangeInclusive<u32>) -> Option<u32> {
        match text.trim().parse() {
            Ok(n) if range.contains(&n) => Some(n),
            _ => {
                self.refuse(field, format!("write a whole number from {} to {}", range.start(), range.end()));
                None
            }
        }
    }

    /// Several values separated by commas, semicolons or white space.
    pub fn several<T: FromStr>(&mut self, field: &str, text: &str, most: usize) -> Option<Vec<T>>
    where
        T::Err: fmt::Display,
    {
        let words: Vec<&str> =
            text.split([',', ';', ' ', '\n', '\r', '\t']).filter(|w| !w.is_empty()).collect();
        if words.len() > most {
            self.refuse(field, format!("at most {most} are allowed"));
            return None;
        }
        words.into_iter().map(|word| self.take(field, word.parse())).collect()
    }

    /// Keeps the value of `result` or notes its error.
    pub fn take<T, E: fmt::Display>(&mut self, field: &str, result: Result<T, E>) -> Option<T> {
        result.map_err(|error| self.refuse(field, error.to_string())).ok()
    }

    /// Notes an error.
    pub fn refuse(&mut self, field: &str, message: impl Into<String>) {
        self.0.push(FieldError { field: field.to_owned(), message: message.into() });
    }

    /// The value when all fields were right, else every error.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Invalid> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ if self.0.is_empty() => Err(Invalid::field("", "something is missing")),
            _ => Err(Invalid(self.0)),
        }
    }
}

/// A name that people give to things: 1 to 64 characters, no control or direction-changing characters, no outer spaces.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(String);

/// Text that is no name.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NameError {
    /// Nothing was given.
    #[error("a name is needed")]
    Empty,
    /// Too long to show.
    #[error("at most 64 characters are allowed")]
    TooLong,
    /// A character that hides or turns text around.
    #[error("control and invisible characters are not allowed")]
    Unprintable,
}

impl Name {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Name {
    type Err = NameError;
    fn from_str(s: &str) -> Result<Self, NameError> {
        let s = s.trim();
        if s.is_empty() {
            return Err(NameError::Empty);
        }
        if s.chars().count() > 64 {
            return Err(NameError::TooLong);
        }
        let hides = |c: char| {
            c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        };
        if s.chars().any(hides) { Err(NameError::Unprintable) } else { Ok(Self(s.to_owned())) }
    }
}

impl TryFrom<String> for Name {
    type Error = NameError;
    fn try_from(s: String) -> Result<Self, NameError> {
        s.parse()
    }
}

impl From<Name> for String {
    fn from(name: Name) -> String {
        name.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_hidden_characters_is_refused() {
        for text in ["", "  ", "a\0b", "a\u{202e}b", "\u{200b}", &"x".repeat(65)] {
            assert!(text.parse::<Name>().is_err(), "{text:?}");
        }
        assert_eq!(" Acme Ltd ".parse::<Name>().unwrap().as_str(), "Acme Ltd");
    }

    #[test]
    fn all_wrong_fields_are_told_at_once() {
        let mut fields = Fields::default();
        let unit = fields.whole("unit", "x", 1..=60);
        let name = fields.parse::<Name>("name", "");
        let told = fields.finish(unit.zip(name)).unwrap_err();
        assert_eq!(told.by_field().len(), 2);
    }
}
