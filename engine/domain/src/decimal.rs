//! Exact decimal text to and from scaled integers: the one place where a point is placed.

/// Reads `text` as a decimal number scaled by 10^`scale`. `None` for anything but an optional sign, digits and one point,
/// for more decimals than the scale keeps, and for what does not fit.
pub(crate) fn parse_scaled(text: &str, scale: u32) -> Option<i64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > scale as usize || whole.len() > 19 {
        return None;
    }
    let mut value: i128 = 0;
    for digit in whole.bytes().chain(fraction.bytes()) {
        value = value * 10 + i128::from(digit - b'0');
    }
    value *= 10i128.pow(scale - fraction.len() as u32);
    i64::try_from(if negative { -value } else { value }).ok()
}

/// Prints a scaled integer with at least `least` decimals and no further trailing zeros.
pub(crate) fn print_scaled(value: i64, scale: u32, least: usize) -> String {
    let unit = 10u64.pow(scale);
    let magnitude = value.unsigned_abs();
    let mut text = format!("{}.{:0width$}", magnitude / unit, magnitude % unit, width = scale as usize);
    let point = text.len() - scale as usize;
    while text.ends_with('0') && text.len() > point + least {
        text.pop();
    }
    if text.ends_with('.') {
        text.pop();
    }
    if value < 0 {
        text.insert(0, '-');
    }
    text
}
