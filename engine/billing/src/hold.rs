//! Money held for calls in progress (decision 8).

use domain::{Money, Seconds};

use crate::{Terms, billed, fee::fee};

/// How far ahead a call's money is held, in minutes (`SERVER_BILLING_PREVENT_OVERDRAFT_ADVANCE_TIME`, 1–15).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AdvanceMinutes(u32);

impl AdvanceMinutes {
    /// `minutes` of 1 to 15.
    pub fn new(minutes: u32) -> Option<Self> {
        (1..=15).contains(&minutes).then_some(Self(minutes))
    }

    /// The window in seconds.
    pub fn seconds(self) -> Seconds {
        Seconds(self.0 * 60)
    }
}

impl Default for AdvanceMinutes {
    fn default() -> Self {
        Self(1)
    }
}

/// What a call of up to `talk` costs at most: the amount to hold for it, connect fee included. A settled charge for no more
/// than `talk` never exceeds it.
pub fn hold_for(talk: Seconds, terms: &Terms) -> Money {
    fee(billed(talk, terms.unit), terms)
}

/// The longest talk time, in whole increments, that `amount` pays for; `None` when the call is free and so unlimited.
pub fn affordable(amount: Money, terms: &Terms) -> Option<Seconds> {
    if terms.rate.nanos() == 0 {
        return None;
    }
    let unit = i128::from(terms.unit.seconds());
    let micros = i128::from((amount - terms.connect_fee).micros().max(0));
    let increments =
        (micros * 60_000 / (i128::from(terms.rate.nanos()) * unit)).min(i128::from(u32::MAX) / unit);
    let mut seconds = Seconds(u32::try_from(increments * unit).unwrap_or(u32::MAX));
    // Half-up rounding may lift the last increment's fee above the amount.
    while seconds.0 > 0 && fee(seconds, terms) > amount {
        seconds.0 -= terms.unit.seconds();
    }
    Some(seconds)
}

#[cfg(test)]
mod tests {
    use domain::{BillingUnit, Precision};

    use super::*;

    fn terms(rate: &str) -> Terms {
        Terms {
            rate: rate.parse().unwrap(),
            unit: BillingUnit::SECOND,
            connect_fee: Money::ZERO,
            precision: Precision::FOUR,
        }
    }

    /// How many calls are admitted at once.
    fn admitted(balance: &str, rate: &str, minutes: u32) -> u32 {
        let mut available: Money = balance.parse().unwrap();
        let hold = hold_for(AdvanceMinutes::new(minutes).unwrap().seconds(), &terms(rate));
        let mut calls = 0;
        while available >= hold {
            available -= hold;
            calls += 1;
        }
        calls
    }

    #[test]
    fn ovd_1_2_and_4_holds_admit_as_many_calls_as_the_balance_covers() {
        assert_eq!(admitted("10", "1", 5), 2, "OVD-1");
        assert_eq!(admitted("6", "0.50", 10), 1, "OVD-2");
        assert_eq!(admitted("10", "0.50", 5), 4, "OVD-4");
    }

    #[test]
    fn ovd_advance_time_outside_1_to_15_is_refused() {
        assert_eq!(AdvanceMinutes::new(0), None);
        assert_eq!(AdvanceMinutes::new(16), None);
    }

    #[test]
    fn mcd_1_ten_dollars_at_fifty_cents_last_twenty_minutes() {
        assert_eq!(affordable("10".parse().unwrap(), &terms("0.50")), Some(Seconds(1200)));
    }

    #[test]
    fn what_is_affordable_never_costs_more_than_the_amount() {
        for micros in [0, 1, 49, 50, 99, 100, 833, 10_000, 123_456] {
            let amount = Money::from_micros(micros);
            for rate in ["0.0001", "0.0123", "0.5", "7"] {
                let talk = affordable(amount, &terms(rate)).unwrap();
                assert!(fee(talk, &terms(rate)) <= amount, "{micros} at {rate}");
            }
        }
        assert_eq!(affordable(Money::ZERO, &terms("0")), None);
    }
}
