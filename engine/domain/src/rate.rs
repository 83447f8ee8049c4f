//! Prices per minute.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    decimal::{parse_scaled, print_scaled},
    money::MoneyError,
};

/// A price in 10⁻⁹ currency units per minute: decks carry six decimals and more (decision 4).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Rate(i64);

impl Rate {
    /// Free of charge.
    pub const ZERO: Self = Self(0);
    /// Decimals that a rate keeps.
    pub const SCALE: u32 = 9;

    /// A rate of `nanos` billionths a minute.
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// Billionths a minute.
    pub const fn nanos(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Rate {
    /// Four to nine decimals: `0.0235`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&print_scaled(self.0, Self::SCALE, 4))
    }
}

impl FromStr for Rate {
    type Err = MoneyError;
    fn from_str(s: &str) -> Result<Self, MoneyError> {
        parse_scaled(s.trim(), Self::SCALE).map(Self).ok_or(MoneyError)
    }
}

impl Serialize for Rate {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}
