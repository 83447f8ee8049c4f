//! The fee of one leg.

use domain::{Money, Seconds};

use crate::{HoldTimePrecision, Terms, billed, rounded};

/// A priced duration. All three durations are kept, so that the arithmetic can be shown (decision 5).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Charge {
    /// Whole seconds.
    pub rounded: Seconds,
    /// Seconds charged.
    pub billed: Seconds,
    /// The amount.
    pub amount: Money,
}

/// Prices an answered call of `milliseconds`. An answered call pays its connect fee however short it is.
pub fn charge(milliseconds: i64, terms: &Terms, precision: HoldTimePrecision) -> Charge {
    let rounded = rounded(milliseconds, precision);
    let billed = billed(rounded, terms.unit);
    Charge { rounded, billed, amount: fee(billed, terms) }
}

/// `billed × rate ÷ 60 + connect fee`, rounded half-up once at the account's precision.
pub(crate) fn fee(billed: Seconds, terms: &Terms) -> Money {
    // In sixtieths of 10⁻⁹ units both parts are whole numbers.
    let exact = i128::from(terms.rate.nanos()) * i128::from(billed.0)
        + i128::from(terms.connect_fee.micros()) * 60_000;
    let grain = 10i128.pow(Money::SCALE - terms.precision.decimals());
    let step = grain * 60_000;
    let micros = (exact + step / 2).div_euclid(step) * grain;
    Money::from_micros(i64::try_from(micros).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use domain::{BillingUnit, Precision};
    use proptest::prelude::*;

    use super::*;

    fn terms(rate: &str, unit: u32, precision: u32) -> Terms {
        Terms {
            rate: rate.parse().unwrap(),
            unit: BillingUnit::new(unit).unwrap(),
            connect_fee: Money::ZERO,
            precision: Precision::new(precision).unwrap(),
        }
    }

    fn price(seconds: i64, rate: &str, unit: u32, precision: u32) -> String {
        charge(seconds * 1000, &terms(rate, unit, precision), HoldTimePrecision::default()).amount.to_string()
    }

    #[test]
    fn fee_1_to_5_profiles_price_65_seconds() {
        assert_eq!(price(65, "0.0100", 1, 5), "0.01083");
        assert_eq!(price(65, "0.0300", 6, 5), "0.033");
        assert_eq!(price(65, "0.0500", 12, 5), "0.06");
        assert_eq!(price(65, "0.0800", 30, 5), "0.12");
        assert_eq!(price(65, "0.1000", 60, 5), "0.20");
    }

    #[test]
    fn fee_6_precision_of_the_account_decides_the_rounding() {
        assert_eq!(price(48, "0.0235", 6, 4), "0.0188");
        assert_eq!(price(48, "0.0235", 6, 2), "0.02");
    }

    #[test]
    fn fee_7_to_11_per_second_against_per_minute() {
        for (seconds, by_second, by_minute) in [
            (5, "0.0042", "0.05"),
            (30, "0.025", "0.05"),
            (61, "0.0508", "0.10"),
            (90, "0.075", "0.10"),
            (180, "0.15", "0.15"),
        ] {
            assert_eq!(price(seconds, "0.05", 1, 4), by_second);
            assert_eq!(price(seconds, "0.05", 60, 4), by_minute);
        }
    }

    #[test]
    fn connect_fee_and_minutes_are_rounded_together_once() {
        let terms = Terms { connect_fee: "0.00004".parse().unwrap(), ..terms("0.0006", 1, 4) };
        // 0.00004 + 0.00001 = 0.00005, which is half a step; rounded apart both parts would vanish.
        assert_eq!(charge(1000, &terms, HoldTimePrecision::default()).amount.to_string(), "0.0001");
    }

    proptest! {
        #[test]
        fn the_fee_is_within_half_a_step_of_the_exact_fraction(
            nanos in 0i64..1_000_000_000_000, seconds in 0u32..1_000_000, connect in 0i64..1_000_000_000, decimals in 0u32..=6,
        ) {
            let terms = Terms {
                rate: domain::Rate::from_nanos(nanos),
                unit: BillingUnit::SECOND,
                connect_fee: Money::from_micros(connect),
                precision: Precision::new(decimals).unwrap(),
            };
            let amount = fee(Seconds(seconds), &terms);
            let step = 10i128.pow(6 - decimals);
            prop_assert_eq!(i128::from(amount.micros()) % step, 0);
            let exact = i128::from(nanos) * i128::from(seconds) + i128::from(connect) * 60_000;
            let error = i128::from(amount.micros()) * 60_000 - exact;
            prop_assert!(error * 2 <= step * 60_000 && error * 2 > -step * 60_000);
        }
    }
}
