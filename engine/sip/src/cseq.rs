//! The CSeq header (RFC 3261 §20.16).

/// Number and method token of `314159 INVITE`; `None` when either is missing or malformed.
pub(crate) fn parse(text: &str) -> Option<(u32, &str)> {
    let (number, method) = text.trim().split_once([' ', '\t'])?;
    let method = method.trim();
    if !number.bytes().all(|b| b.is_ascii_digit()) || !crate::scan::is_token(method) {
        return None;
    }
    Some((number.parse().ok()?, method))
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_beyond_32_bits_and_signs_are_refused() {
        assert_eq!(super::parse("0009   INVITE"), Some((9, "INVITE")));
        for bad in ["", "1", "INVITE", "36893488147419103232 INVITE", "-1 BYE", "+1 BYE", "1 BY E"] {
            assert_eq!(super::parse(bad), None, "{bad}");
        }
    }
}
