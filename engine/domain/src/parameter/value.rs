//! A parameter's value, typed.

use std::{borrow::Cow, fmt, time::Duration};

use super::NumberPattern;
use crate::{Money, decimal::print_scaled};

/// What a parameter holds. Prints as the text that is read back as the same value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Value {
    /// On or Off.
    OnOff(bool),
    /// A whole number, in its parameter's unit.
    Whole(u32),
    /// A word: one of a choice, or what stands for no number (`none`, `auto`, `off`).
    Word(&'static str),
    /// Free text.
    Text(Cow<'static, str>),
    /// Waiting times, one after another.
    Waits(Cow<'static, [Duration]>),
    /// Numbers and beginnings of numbers.
    Numbers(Cow<'static, [NumberPattern]>),
    /// An amount.
    Amount(Money),
}

impl Value {
    /// On.
    pub(super) const ON: Self = Self::OnOff(true);
    /// Off.
    pub(super) const OFF: Self = Self::OnOff(false);

    pub(super) const fn text(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    pub(super) fn waits(waits: Vec<Duration>) -> Self {
        Self::Waits(Cow::Owned(waits))
    }

    pub(super) fn numbers(numbers: Vec<NumberPattern>) -> Self {
        Self::Numbers(Cow::Owned(numbers))
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnOff(true) => f.pad("On"),
            Self::OnOff(false) => f.pad("Off"),
            Self::Whole(number) => number.fmt(f),
            Self::Word(word) => f.pad(word),
            Self::Text(text) => f.pad(text),
            Self::Waits(waits) => {
                list(f, waits.iter().map(|wait| print_scaled(wait.as_millis() as i64, 3, 0)))
            }
            Self::Numbers(numbers) => list(f, numbers.iter()),
            Self::Amount(amount) => amount.fmt(f),
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, values: impl Iterator<Item = impl fmt::Display>) -> fmt::Result {
    for (i, value) in values.enumerate() {
        let gap = if i == 0 { "" } else { "," };
        write!(f, "{gap}{value}")?;
    }
    Ok(())
}
