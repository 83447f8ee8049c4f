//! Numbers as they are dialled and matched.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Why a text is no number.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NumberError {
    /// Nothing was given.
    #[error("a number is needed")]
    Empty,
    /// Something else than a digit.
    #[error("only digits, * and # are allowed (no spaces, no +)")]
    NotADigit,
    /// Longer than any number.
    #[error("at most {0} digits are allowed")]
    TooLong(usize),
}

/// A called or calling number, as routed and rated: digits, `*` and `#`, a leading `+` taken off, visual separators
/// (`-.()`) dropped. At most 40 digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CalledNumber(String);

impl CalledNumber {
    /// Longest number that is accepted.
    pub const LONGEST: usize = 40;

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for CalledNumber {
    type Err = NumberError;
    fn from_str(s: &str) -> Result<Self, NumberError> {
        let s = s.strip_prefix('+').unwrap_or(s);
        let digits: String = s.chars().filter(|c| !matches!(c, '-' | '.' | '(' | ')')).collect();
        checked(&digits, Self::LONGEST)?;
        if digits.is_empty() { Err(NumberError::Empty) } else { Ok(Self(digits)) }
    }
}

impl fmt::Display for CalledNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The beginning of a number, in a gateway's or a rate's condition. Empty matches every number. At most 24 digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Prefix(String);

impl Prefix {
    /// Longest prefix that is accepted.
    pub const LONGEST: usize = 24;

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Prefix {
    type Err = NumberError;
    fn from_str(s: &str) -> Result<Self, NumberError> {
        let s = s.trim();
        checked(s, Self::LONGEST)?;
        Ok(Self(s.to_owned()))
    }
}

impl TryFrom<String> for Prefix {
    type Error = NumberError;
    fn try_from(s: String) -> Result<Self, NumberError> {
        s.parse()
    }
}

impl From<Prefix> for String {
    fn from(prefix: Prefix) -> String {
        prefix.0
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

fn checked(digits: &str, longest: usize) -> Result<(), NumberError> {
    if digits.len() > longest {
        return Err(NumberError::TooLong(longest));
    }
    if !digits.bytes().all(|b| b.is_ascii_digit() || b == b'*' || b == b'#') {
        return Err(NumberError::NotADigit);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_called_number_loses_its_plus_and_separators() {
        assert_eq!("+1-415.555(0100)".parse::<CalledNumber>().unwrap().as_str(), "14155550100");
    }

    #[test]
    fn letters_spaces_and_endless_digits_are_no_number() {
        for text in ["", "+", "bob", "1 2", "１２３", &"1".repeat(41)] {
            assert!(text.parse::<CalledNumber>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_empty_prefix_is_allowed_and_a_plus_is_not() {
        assert_eq!("".parse::<Prefix>(), Ok(Prefix::default()));
        assert_eq!("+44".parse::<Prefix>(), Err(NumberError::NotADigit));
    }
}
