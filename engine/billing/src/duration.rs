//! Milliseconds → whole seconds → billed seconds (decision 5).

use domain::{BillingUnit, Seconds};

/// From which fraction of a second, in milliseconds, a duration is rounded up (`SERVER_BILLING_HOLD_TIME_PRECISION`, 0–999).
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct HoldTimePrecision(u16);

impl HoldTimePrecision {
    /// `milliseconds` of 0 to 999.
    pub fn new(milliseconds: u16) -> Option<Self> {
        (milliseconds < 1000).then_some(Self(milliseconds))
    }
}

impl Default for HoldTimePrecision {
    fn default() -> Self {
        Self(50)
    }
}

/// Whole seconds of a measured duration: a whole number of seconds stays, otherwise a fraction at or above the threshold rounds
/// up and a smaller one is dropped. Negative durations count as none.
pub fn rounded(milliseconds: i64, precision: HoldTimePrecision) -> Seconds {
    let milliseconds = milliseconds.max(0);
    let fraction = milliseconds % 1000;
    let up = i64::from(fraction > 0 && fraction >= i64::from(precision.0));
    Seconds(u32::try_from(milliseconds / 1000 + up).unwrap_or(u32::MAX))
}

/// Rounded up to the increment: any started one is charged in full.
pub fn billed(rounded: Seconds, unit: BillingUnit) -> Seconds {
    let unit = unit.seconds();
    Seconds(rounded.0.div_ceil(unit).saturating_mul(unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(milliseconds: i64, threshold: u16) -> u32 {
        rounded(milliseconds, HoldTimePrecision::new(threshold).unwrap()).0
    }

    #[test]
    fn htp_1_to_7_fractions_round_at_the_threshold() {
        for (ms, threshold, expected) in [
            (21_049, 50, 21),
            (21_050, 50, 22),
            (21_001, 50, 21),
            (21_999, 50, 22),
            (21_500, 50, 22),
            (21_001, 0, 22),
            (21_998, 999, 21),
            (21_999, 999, 22),
        ] {
            assert_eq!(seconds(ms, threshold), expected, "{ms} ms at {threshold}");
        }
    }

    #[test]
    fn a_whole_second_stays_even_at_threshold_zero() {
        assert_eq!(seconds(21_000, 0), 21);
        assert_eq!(seconds(0, 0), 0);
        assert_eq!(seconds(-5, 0), 0);
    }

    #[test]
    fn bu_1_to_12_durations_round_up_to_the_increment() {
        for (actual, unit, expected) in [
            (45, 1, 45),
            (45, 6, 48),
            (45, 12, 48),
            (45, 30, 60),
            (45, 60, 60),
            (65, 60, 120),
            (3, 6, 6),
            (67, 6, 72),
            (65, 6, 66),
            (5, 60, 60),
            (0, 60, 0),
        ] {
            assert_eq!(
                billed(Seconds(actual), BillingUnit::new(unit).unwrap()).0,
                expected,
                "{actual} s at {unit}"
            );
        }
    }
}
