//! Amounts to `numeric` and back: exactly, or not at all.

use domain::{Money, Rate};
use rust_decimal::Decimal;

use crate::StoreError;

pub(crate) fn from_money(amount: Money) -> Decimal {
    Decimal::new(amount.micros(), Money::SCALE)
}

pub(crate) fn from_rate(rate: Rate) -> Decimal {
    Decimal::new(rate.nanos(), Rate::SCALE)
}

pub(crate) fn to_money(value: Decimal) -> Result<Money, StoreError> {
    scaled(value, Money::SCALE).map(Money::from_micros).ok_or_else(|| StoreError::unreadable("amount", value))
}

pub(crate) fn to_rate(value: Decimal) -> Result<Rate, StoreError> {
    scaled(value, Rate::SCALE).map(Rate::from_nanos).ok_or_else(|| StoreError::unreadable("rate", value))
}

/// `value` × 10^`scale` when that is a whole number within range.
fn scaled(value: Decimal, scale: u32) -> Option<i64> {
    // Trailing zeros are not decimals: 1.50000000 has one that counts.
    let value = value.normalize();
    let missing = scale.checked_sub(value.scale())?;
    let mantissa = value.mantissa().checked_mul(10i128.pow(missing))?;
    i64::try_from(mantissa).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_amount_survives_the_way_to_a_decimal_and_back() {
        for micros in [0, 1, -1, 125, 12_500_000, i64::MAX, i64::MIN] {
            assert_eq!(to_money(from_money(Money::from_micros(micros))).unwrap().micros(), micros);
            assert_eq!(to_rate(from_rate(Rate::from_nanos(micros))).unwrap().nanos(), micros);
        }
        assert_eq!(to_money(Decimal::new(150_000_000, 8)).unwrap().micros(), 1_500_000);
    }

    #[test]
    fn what_an_amount_cannot_hold_is_an_error_and_never_cut() {
        assert!(to_money(Decimal::new(1, 7)).is_err());
        assert!(to_rate(Decimal::new(1, 10)).is_err());
        assert!(to_money(Decimal::from(i64::MAX)).is_err());
        assert!(to_money(Decimal::MAX).is_err());
    }
}
