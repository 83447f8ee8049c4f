//! How a price came about, spelled out.

use domain::{Money, Price, Rate};

use crate::{
    figures,
    words::{fill, pages},
};

/// The steps from the duration to the amount, as a person would write them down.
pub(super) fn steps(price: &Price, duration_ms: i64) -> String {
    if duration_ms == 0 && price.amount == Money::ZERO {
        return pages().nothing_to_charge.to_owned();
    }
    let (billed, unit) = (price.billed.0, price.billing_unit.0);
    let mut text = fill(
        pages().steps_of,
        &[
            &exact_seconds(duration_ms),
            &price.rounded.0.to_string(),
            &billed.to_string(),
            &unit.to_string(),
            &product(billed, unit, price.rate),
        ],
    );
    if price.connect_fee != Money::ZERO {
        text.push_str(&fill(pages().connect_fee_part, &[&price.connect_fee.to_string()]));
    }
    text.push_str(&format!(" = {}", figures::amount(price.amount, price.currency)));
    text
}

/// Units times the price of a unit where that is a finite number, else seconds times the price of a minute by 60.
fn product(billed: u32, unit: u32, rate: Rate) -> String {
    let of_unit = i128::from(rate.nanos()) * i128::from(unit);
    match i64::try_from(of_unit / 60) {
        Ok(nanos) if unit > 0 && billed.is_multiple_of(unit) && of_unit % 60 == 0 => {
            format!("{} × {}", billed / unit, Rate::from_nanos(nanos))
        }
        _ => format!("{billed} × {rate} ÷ 60"),
    }
}

/// Milliseconds as seconds without needless zeros: `65.2`.
fn exact_seconds(milliseconds: i64) -> String {
    let text = format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use domain::{AccountId, Seconds};

    use super::*;

    fn price(rate: &str, unit: u32, rounded: u32, billed: u32, fee: &str, amount: &str) -> Price {
        Price {
            account: AccountId(1),
            account_name: "Acme".to_owned(),
            currency: "USD".parse().unwrap(),
            prefix: "44".parse().unwrap(),
            rate: rate.parse().unwrap(),
            billing_unit: Seconds(unit),
            connect_fee: fee.parse().unwrap(),
            rounded: Seconds(rounded),
            billed: Seconds(billed),
            amount: amount.parse().unwrap(),
        }
    }

    #[test]
    fn a_price_by_units_is_spelled_out() {
        assert_eq!(
            steps(&price("0.03", 6, 66, 66, "0", "0.033"), 65_200),
            "65.2 s → 66 s → 66 s billed at unit 6 → 11 × 0.0030 = 0.033 USD"
        );
    }

    #[test]
    fn an_endless_price_of_a_second_is_written_as_a_fraction() {
        assert_eq!(
            steps(&price("0.01", 1, 7, 7, "0.05", "0.0512"), 7_000),
            "7 s → 7 s → 7 s billed at unit 1 → 7 × 0.0100 ÷ 60 + 0.05 connect fee = 0.0512 USD"
        );
    }

    #[test]
    fn an_unanswered_call_costs_nothing() {
        assert_eq!(steps(&price("0.03", 60, 0, 0, "0.05", "0"), 0), "Not answered: nothing to charge.");
    }
}
