//! Lists of numbers: whole ones, and beginnings with a star.

use std::{fmt, str::FromStr};

/// A number, or with a star after it every number that begins so, itself included (decision 6): `911`, `0800*`. In E.164
/// digits, 1 to 24 of them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct NumberPattern {
    digits: Box<str>,
    open: bool,
}

/// Text that is no such pattern.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("write digits, and a star after them for all numbers that begin so")]
pub struct NumberPatternError;

impl NumberPattern {
    /// Whether it is about `number`, which is given in digits.
    pub fn matches(&self, number: &str) -> bool {
        if self.open { number.starts_with(&*self.digits) } else { *self.digits == *number }
    }
}

impl FromStr for NumberPattern {
    type Err = NumberPatternError;

    fn from_str(s: &str) -> Result<Self, NumberPatternError> {
        let (digits, open) = s.strip_suffix('*').map_or((s, false), |digits| (digits, true));
        if !(1..=24).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(NumberPatternError);
        }
        Ok(Self { digits: digits.into(), open })
    }
}

impl fmt::Display for NumberPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.digits, if self.open { "*" } else { "" })
    }
}
