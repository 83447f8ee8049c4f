//! Looking for delimiters where quoted strings and angle brackets hide them.

/// Position of the first `wanted` byte; eight bytes a step, because header blocks are read on every datagram.
pub(crate) fn find_byte(hay: &[u8], wanted: u8) -> Option<usize> {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let pattern = LOW * u64::from(wanted);
    let mut chunks = hay.chunks_exact(8);
    let mut at = 0;
    for chunk in &mut chunks {
        let word = u64::from_le_bytes(chunk.try_into().expect("chunks of eight")) ^ pattern;
        let hit = word.wrapping_sub(LOW) & !word & HIGH;
        if hit != 0 {
            return Some(at + (hit.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    chunks.remainder().iter().position(|&b| b == wanted).map(|i| at + i)
}

/// Position of the first `wanted` byte outside quoted strings and outside `<…>` (RFC 3261 §25.1).
pub(crate) fn find_outside(text: &str, wanted: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    // Most values have nothing to hide a separator in.
    let first = find_byte(bytes, wanted)?;
    if find_byte(&bytes[..first], b'"').is_none() && find_byte(&bytes[..first], b'<').is_none() {
        return Some(first);
    }
    let (mut quoted, mut bracket) = (false, false);
    let mut i = 0;
    while i < bytes.len() {
        let b = bytes[i];
        match (quoted, b) {
            (true, b'\\') => i += 1,
            (true, b'"') => quoted = false,
            (true, _) => {}
            (false, _) if b == wanted && !bracket => return Some(i),
            (false, b'"') => quoted = true,
            (false, b'<') => bracket = true,
            (false, b'>') => bracket = false,
            (false, _) => {}
        }
        i += 1;
    }
    None
}

/// The parts of `text` between `separator`s that stand outside quotes and brackets, trimmed; empty parts are left out.
pub(crate) fn split_outside(text: &str, separator: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        loop {
            let now = rest?;
            let part = match find_outside(now, separator) {
                Some(at) => {
                    rest = Some(&now[at + 1..]);
                    &now[..at]
                }
                None => {
                    rest = None;
                    now
                }
            };
            let part = part.trim();
            if !part.is_empty() {
                return Some(part);
            }
        }
    })
}

/// The verbatim value of parameter `name` in `;a=b;c`; `Some("")` when it stands without a value.
pub(crate) fn find_param<'a>(params: &'a str, name: &str) -> Option<&'a str> {
    split_outside(params, b';').find_map(|part| {
        let (key, value) = name_and_value(part);
        key.eq_ignore_ascii_case(name).then(|| value.unwrap_or(""))
    })
}

/// `name = value` with the blanks that RFC 3261 allows around `=`.
pub(crate) fn name_and_value(part: &str) -> (&str, Option<&str>) {
    match part.split_once('=') {
        Some((name, value)) => (name.trim(), Some(value.trim())),
        None => (part.trim(), None),
    }
}

/// The text of a quoted string with its escapes resolved; anything else unchanged.
pub(crate) fn unquote(text: &str) -> String {
    let Some(inner) = text.strip_prefix('"') else { return text.to_owned() };
    let inner = inner.strip_suffix('"').unwrap_or(inner);
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next()),
            _ => out.push(c),
        }
    }
    out
}

/// Whether every byte may stand in a token (RFC 3261 §25.1).
pub(crate) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.!%*_+`'~".contains(&b))
}

/// `host`, `host:port`, `[v6]` or `[v6]:port`, blanks around the colon allowed (RFC 3261 §20.42).
pub(crate) fn host_and_port(text: &str) -> Option<(&str, Option<u16>)> {
    let text = text.trim();
    let (host, rest) = if text.starts_with('[') {
        let end = text.find(']')? + 1;
        let inner = &text[1..end - 1];
        if inner.parse::<std::net::Ipv6Addr>().is_err() {
            // RFC 5118 §4.10: three colons are to be tolerated.
            inner
                .contains(":::")
                .then(|| inner.replacen(":::", "::", 1).parse::<std::net::Ipv6Addr>().ok())??;
        }
        text.split_at(end)
    } else {
        let end = text.find(':').unwrap_or(text.len());
        let (host, rest) = text.split_at(end);
        let host = host.trim_end();
        if host.is_empty() || !host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b)) {
            return None;
        }
        (host, rest)
    };
    let rest = rest.trim();
    match rest.strip_prefix(':') {
        Some(port) => {
            let port = port.trim_start();
            // `parse` alone would take a leading plus sign.
            if !port.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            Some((host, Some(port.parse().ok()?)))
        }
        None => rest.is_empty().then_some((host, None)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_found_at_every_offset() {
        for len in 0..40 {
            for at in 0..len {
                let mut hay = vec![0x0bu8; len];
                hay[at] = b'\n';
                assert_eq!(find_byte(&hay, b'\n'), Some(at));
            }
            assert_eq!(find_byte(&vec![0x8au8; len], b'\n'), None);
        }
    }

    #[test]
    fn quotes_and_brackets_hide_separators() {
        let parts: Vec<_> = split_outside(r#""a,\"b" <sip:x,y@h>, <sip:z@h>;p="q,r",,  *"#, b',').collect();
        assert_eq!(parts, [r#""a,\"b" <sip:x,y@h>"#, r#"<sip:z@h>;p="q,r""#, "*"]);
    }

    #[test]
    fn hosts_are_taken_strictly() {
        assert_eq!(host_and_port(" [2001:db8::1] : 5061 "), Some(("[2001:db8::1]", Some(5061))));
        assert_eq!(host_and_port("a.b-c_d"), Some(("a.b-c_d", None)));
        for bad in
            ["", "[::1", "h:70000", "h:+5", "a b", "h@i", "[x]", "h:", ":5060", "[::::1]", "[1:::2:::3]"]
        {
            assert_eq!(host_and_port(bad), None, "{bad}");
        }
    }
}
