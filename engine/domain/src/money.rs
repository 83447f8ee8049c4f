//! Amounts: whole millionths of a currency unit (decision 4). No floating point comes near them.

use std::{
    fmt,
    iter::Sum,
    ops::{Add, AddAssign, Neg, Sub, SubAssign},
    str::FromStr,
};

use serde::{Deserialize, Serialize};

use crate::decimal::{parse_scaled, print_scaled};

/// An amount in 10⁻⁶ of its currency's unit. Range ±9.2 × 10¹² units; sums beyond it saturate rather than wrap, and no
/// account can reach that range because validation stops far below.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Money(i64);

/// Text that is no amount.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("write an amount like 12.50, with at most 6 decimals")]
pub struct MoneyError;

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// Decimals that an amount keeps.
    pub const SCALE: u32 = 6;

    /// An amount of `micros` millionths.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// The amount in millionths.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// True below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
}

impl fmt::Display for Money {
    /// Two to six decimals: `12.50`, `0.000125`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&print_scaled(self.0, Self::SCALE, 2))
    }
}

impl FromStr for Money {
    type Err = MoneyError;
    fn from_str(s: &str) -> Result<Self, MoneyError> {
        parse_scaled(s.trim(), Self::SCALE).map(Self).ok_or(MoneyError)
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::ZERO, Add::add)
    }
}

impl Serialize for Money {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_print_with_two_to_six_decimals() {
        for (micros, text) in [
            (0, "0.00"),
            (12_500_000, "12.50"),
            (125, "0.000125"),
            (-1, "-0.000001"),
            (i64::MIN, "-9223372036854.775808"),
        ] {
            assert_eq!(Money::from_micros(micros).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_exact_amount_is_refused() {
        for text in
            ["", ".", "-", "1,5", "1.2345678", "1e3", "0x1", "99999999999999", "1.2.3", "٣", "NaN", " 1 2"]
        {
            assert!(text.parse::<Money>().is_err(), "{text:?}");
        }
        assert_eq!(" 1.5000000000 ".parse(), Ok(Money::from_micros(1_500_000)));
    }

    proptest! {
        #[test]
        fn every_amount_survives_print_and_parse(micros: i64) {
            let amount = Money::from_micros(micros);
            prop_assert_eq!(amount.to_string().parse(), Ok(amount));
        }
    }
}
