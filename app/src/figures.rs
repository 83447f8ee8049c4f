//! Figures as people read them: amounts, rates, moments, durations.

use domain::{Currency, Money};

/// `1,234.50 USD`.
pub(crate) fn amount(money: Money, currency: Currency) -> String {
    format!("{} {currency}", grouped(&money.to_string()))
}

/// A price of a call, with four decimals at least so that a column of them aligns: `0.0180`.
pub(crate) fn fine(money: Money) -> String {
    let text = money.to_string();
    let decimals = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let padding = "0".repeat(4usize.saturating_sub(decimals));
    grouped(&format!("{text}{padding}"))
}

/// An amount to look at rather than to settle by, rounded half up to two decimals: `20.38 USD`.
pub(crate) fn about(money: Money, currency: Currency) -> String {
    let hundredths = (i128::from(money.micros()) + 5_000).div_euclid(10_000);
    let rounded = i64::try_from(hundredths * 10_000).map_or(money, Money::from_micros);
    amount(rounded, currency)
}

/// A decimal number with its thousands set apart: `1,234,567.50`.
pub(crate) fn grouped(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |rest| ("−", rest));
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(w, f)| (w, Some(f)));
    let mut text = String::with_capacity(number.len() + 8);
    text.push_str(sign);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if let Some(fraction) = fraction {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// A whole number with its thousands set apart.
pub(crate) fn count(number: impl ToString) -> String {
    grouped(&number.to_string())
}

/// Thousandths as a percentage: `48.7 %`.
pub(crate) fn percent(permille: i64) -> String {
    format!("{}.{} %", permille / 10, permille % 10)
}

/// Milliseconds as seconds: `1.2 s`.
pub(crate) fn seconds_of(milliseconds: i64) -> String {
    format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100)
}

/// Seconds as `m:ss` or `h:mm:ss`.
pub(crate) fn duration(seconds: i64) -> String {
    domain::Seconds(u32::try_from(seconds.max(0)).unwrap_or(u32::MAX)).to_string()
}

/// Octets as people count them: `96.0 kB`.
pub(crate) fn octets(octets: u64) -> String {
    match octets {
        0..1_000 => format!("{octets} B"),
        1_000..1_000_000 => format!("{}.{} kB", octets / 1_000, octets / 100 % 10),
        _ => format!("{}.{} MB", octets / 1_000_000, octets / 100_000 % 10),
    }
}

/// Text as a value in a query string.
pub(crate) fn in_query(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [
            ("0.00", "0.00"),
            ("999", "999"),
            ("1000.5", "1,000.5"),
            ("-1234567.000125", "−1,234,567.000125"),
            ("-12.00", "−12.00"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn prices_align_and_sums_are_rounded_for_the_eye() {
        let micros = Money::from_micros;
        assert_eq!(fine(micros(18_000)), "0.0180");
        assert_eq!(fine(micros(18_005)), "0.018005");
        assert_eq!(fine(micros(-1_500_000_000)), "−1,500.0000");
        let usd = "USD".parse().unwrap();
        assert_eq!(about(micros(20_375_000), usd), "20.38 USD");
        assert_eq!(about(micros(20_374_999), usd), "20.37 USD");
        assert_eq!(about(micros(-5_001), usd), "−0.01 USD");
    }

    #[test]
    fn a_query_value_carries_no_separator() {
        assert_eq!(in_query("/cdrs?caller=44 1&x=ü"), "/cdrs%3Fcaller%3D44%201%26x%3D%C3%BC");
    }

    #[test]
    fn units_grow_with_the_figure() {
        assert_eq!(octets(999), "999 B");
        assert_eq!(octets(96_050), "96.0 kB");
        assert_eq!(octets(12_345_678), "12.3 MB");
        assert_eq!(percent(487), "48.7 %");
        assert_eq!(seconds_of(1_240), "1.2 s");
        assert_eq!(duration(65), "1:05");
    }
}
