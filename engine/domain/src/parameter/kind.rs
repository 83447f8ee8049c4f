//! What a parameter may hold, and how text becomes it.

use std::{fmt, net::IpAddr, ops::RangeInclusive, str::FromStr, time::Duration};

use super::{NumberPattern, Parameter, Unit, Value};
use crate::Money;

/// What a parameter may hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// On or Off.
    OnOff,
    /// A whole number.
    Whole {
        /// Smallest and largest.
        range: RangeInclusive<u32>,
        /// What is allowed outside the range.
        beside: Beside,
    },
    /// Waiting times in seconds, separated by commas, each 0.1 to 32, to a thousandth.
    Waits {
        /// How many there may be at most; there must be one.
        most: usize,
    },
    /// One of these values, each with what it means.
    Choice(&'static [(&'static str, &'static str)]),
    /// Printable text, which may be empty.
    Text {
        /// In characters.
        longest: usize,
    },
    /// A domain name or an address, or nothing.
    Host,
    /// Numbers, and beginnings of numbers with a star after them, separated by commas.
    Numbers {
        /// How many there may be at most.
        most: usize,
    },
    /// An amount of money, or this word for none.
    Amount(&'static str),
    /// Codes of failures (400 to 699), separated by commas, or the word `none`.
    Codes {
        /// How many there may be at most.
        most: usize,
    },
    /// Codes of failures each with the one in its place, like `404=503`, or the word `none`.
    Replacements {
        /// How many there may be at most.
        most: usize,
    },
}

/// The word for a list without anything on it, where empty means inherited.
const NONE: &str = "none";

/// What a whole number may be outside its range.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Beside {
    /// Nothing.
    Nothing,
    /// 0, which then means that the thing is off or unlimited.
    Zero,
    /// This word.
    Word(&'static str),
}

/// Text that a parameter cannot hold; says what it can.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct ValueError(pub String);

impl Parameter {
    /// The value that `text` stands for.
    ///
    /// # Errors
    /// A sentence that says what the parameter can hold.
    pub fn parse(self, text: &str) -> Result<Value, ValueError> {
        let text = text.trim();
        self.entry().kind.read(text).ok_or_else(|| ValueError(self.expected()))
    }

    /// What it can hold, as an instruction: `write a whole number of seconds from 1 to 120`.
    pub fn expected(self) -> String {
        match &self.entry().kind {
            Kind::OnOff => "write On or Off".to_owned(),
            Kind::Whole { .. } => match self.entry().unit {
                Unit::None => format!("write a whole number, {}", self.range()),
                Unit::Percent => format!("write a whole number of percent, {}", self.range()),
                unit => format!("write a whole number ({unit}), {}", self.range()),
            },
            Kind::Waits { .. } => format!("write waiting times in seconds like 0.5, 1, 2: {}", self.range()),
            Kind::Choice(_) => format!("choose one of {}", self.range()),
            Kind::Text { .. } => format!("write {}", self.range()),
            Kind::Host => "write a domain name or an address, or leave it empty".to_owned(),
            Kind::Numbers { .. } => {
                format!("write numbers like 911 or 0800*, without + and spaces: {}", self.range())
            }
            Kind::Amount(word) => format!("write an amount like 12.50, or {word}"),
            Kind::Codes { .. } => {
                format!("write codes of failures like 403, 404, or {NONE}: {}", self.range())
            }
            Kind::Replacements { .. } => format!("write pairs like 404=503, or {NONE}: {}", self.range()),
        }
    }

    /// What it can hold, in short: `1–120`.
    pub fn range(self) -> String {
        self.entry().kind.to_string()
    }
}

impl Kind {
    /// A whole number of this range and no other.
    pub(super) const fn whole(range: RangeInclusive<u32>) -> Self {
        Self::Whole { range, beside: Beside::Nothing }
    }

    /// 0 for off, or a whole number of this range.
    pub(super) const fn zero_or(range: RangeInclusive<u32>) -> Self {
        Self::Whole { range, beside: Beside::Zero }
    }

    /// A word, or a whole number of this range.
    pub(super) const fn word_or(word: &'static str, range: RangeInclusive<u32>) -> Self {
        Self::Whole { range, beside: Beside::Word(word) }
    }

    fn read(&self, text: &str) -> Option<Value> {
        match self {
            Self::OnOff => on_off(text).map(Value::OnOff),
            Self::Whole { range, beside } => whole(text, range, *beside),
            Self::Waits { most } => several(text, *most, wait).filter(|l| !l.is_empty()).map(Value::waits),
            Self::Choice(values) => values
                .iter()
                .find(|(value, _)| value.eq_ignore_ascii_case(text))
                .map(|(value, _)| Value::Word(value)),
            Self::Text { longest } => {
                let printable = text.chars().count() <= *longest && !text.chars().any(char::is_control);
                printable.then(|| Value::Text(text.to_owned().into()))
            }
            Self::Host => is_host(text).then(|| Value::Text(text.to_owned().into())),
            Self::Numbers { most } => {
                several(text, *most, |word| NumberPattern::from_str(word).ok()).map(Value::numbers)
            }
            Self::Amount(word) if word.eq_ignore_ascii_case(text) => Some(Value::Word(word)),
            Self::Amount(_) => text.parse::<Money>().ok().map(Value::Amount),
            Self::Codes { .. } | Self::Replacements { .. } if text.eq_ignore_ascii_case(NONE) => {
                Some(Value::Word(NONE))
            }
            Self::Codes { most } => list(several(text, *most, failure)?),
            Self::Replacements { most } => list(several(text, *most, replacement)?),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnOff => f.write_str("On, Off"),
            Self::Whole { range, beside } => {
                match beside {
                    Beside::Nothing => {}
                    Beside::Zero => f.write_str("0 or ")?,
                    Beside::Word(word) => write!(f, "{word} or ")?,
                }
                write!(f, "{} to {}", range.start(), range.end())
            }
            Self::Waits { most } => write!(f, "1 to {most} values, each 0.1 to 32"),
            Self::Choice(values) => {
                let values: Vec<_> = values.iter().map(|(value, _)| *value).collect();
                f.write_str(&values.join(", "))
            }
            Self::Text { longest } => write!(f, "at most {longest} printable characters"),
            Self::Host => f.write_str("domain name or address"),
            Self::Numbers { most } => write!(f, "at most {most}"),
            Self::Amount(word) => write!(f, "{word} or an amount"),
            Self::Codes { most } => write!(f, "{NONE} or at most {most}, each 400 to 699"),
            Self::Replacements { most } => write!(f, "{NONE} or at most {most} pairs, each code 400 to 699"),
        }
    }
}

fn on_off(text: &str) -> Option<bool> {
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is(&["on", "1", "true", "yes"]) {
        Some(true)
    } else {
        is(&["off", "0", "false", "no"]).then_some(false)
    }
}

fn whole(text: &str, range: &RangeInclusive<u32>, beside: Beside) -> Option<Value> {
    if let Beside::Word(word) = beside
        && word.eq_ignore_ascii_case(text)
    {
        return Some(Value::Word(word));
    }
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = text.parse().ok()?;
    let allowed = range.contains(&number) || (number == 0 && beside == Beside::Zero);
    allowed.then_some(Value::Whole(number))
}

/// The values of a list; more than `most` are none.
fn several<T>(text: &str, most: usize, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    let words = text.split([',', ';', ' ', '\n', '\r', '\t']).filter(|word| !word.is_empty());
    let values: Option<Vec<T>> = words.take(most + 1).map(read).collect();
    values.filter(|values| values.len() <= most)
}

fn wait(text: &str) -> Option<Duration> {
    let millis = crate::decimal::parse_scaled(text, 3)?;
    (100..=32_000).contains(&millis).then(|| Duration::from_millis(millis.unsigned_abs()))
}

fn failure(text: &str) -> Option<String> {
    whole(text, &(400..=699), Beside::Nothing).map(|code| code.to_string())
}

fn replacement(text: &str) -> Option<String> {
    let (told, instead) = text.split_once('=')?;
    Some(format!("{}={}", failure(told)?, failure(instead)?))
}

fn list(words: Vec<String>) -> Option<Value> {
    (!words.is_empty()).then(|| Value::Text(words.join(", ").into()))
}

fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.is_empty() || text.parse::<IpAddr>().is_ok() || (text.len() <= 253 && text.split('.').all(label))
}
