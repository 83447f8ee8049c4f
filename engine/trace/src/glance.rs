//! A look at a message that may be anything: the first line and the headers that tell where it belongs.

/// What a look at a message gives; each part is empty when it is not there.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Glance<'a> {
    start: &'a [u8],
    call_id: &'a [u8],
    from: &'a [u8],
    to: &'a [u8],
    cseq: &'a [u8],
}

impl<'a> Glance<'a> {
    pub(crate) fn at(octets: &'a [u8]) -> Self {
        let begin = octets.iter().position(|b| !matches!(b, b'\r' | b'\n')).unwrap_or(octets.len());
        let mut lines = octets[begin..].split(|b| *b == b'\n').map(|l| l.strip_suffix(b"\r").unwrap_or(l));
        let mut glance = Self { start: lines.next().unwrap_or_default(), ..Self::default() };
        for line in lines.take(200) {
            if line.is_empty() {
                break;
            }
            let Some(colon) = line.iter().position(|b| *b == b':') else { continue };
            let value = line[colon + 1..].trim_ascii();
            let name = line[..colon].trim_ascii();
            let is = |long: &str, short: &str| {
                name.eq_ignore_ascii_case(long.as_bytes()) || name.eq_ignore_ascii_case(short.as_bytes())
            };
            let part = match name.len() {
                7 | 1 if is("Call-ID", "i") => &mut glance.call_id,
                4 | 1 if is("From", "f") => &mut glance.from,
                2 | 1 if is("To", "t") => &mut glance.to,
                4 if is("CSeq", "CSeq") => &mut glance.cseq,
                _ => continue,
            };
            if part.is_empty() {
                *part = value;
            }
        }
        glance
    }

    pub(crate) fn call_id(&self) -> &'a [u8] {
        self.call_id
    }

    /// The first line.
    pub(crate) fn start(&self) -> &'a [u8] {
        self.start
    }

    /// The user part of From.
    pub(crate) fn caller(&self) -> &'a [u8] {
        user(self.from)
    }

    /// The user part of the Request-URI, or of To in a response.
    pub(crate) fn called(&self) -> &'a [u8] {
        let uri = self.start.split(|b| *b == b' ').nth(1).unwrap_or_default();
        match user(uri) {
            b"" => user(self.to),
            user => user,
        }
    }

    /// Every user part that says who calls or is called.
    pub(crate) fn numbers(self) -> impl Iterator<Item = &'a [u8]> {
        [self.caller(), self.called(), user(self.to)].into_iter().filter(|user| !user.is_empty())
    }

    /// The status of a response.
    pub(crate) fn status(&self) -> Option<u16> {
        let rest =
            self.start.get(..8).filter(|v| v.eq_ignore_ascii_case(b"SIP/2.0 ")).map(|_| &self.start[8..])?;
        std::str::from_utf8(rest.get(..3)?).ok()?.parse().ok()
    }

    /// Whether CSeq names this method.
    pub(crate) fn answers(&self, method: &[u8]) -> bool {
        self.cseq.ends_with(method) && !method.is_empty()
    }

    /// The method of a request.
    pub(crate) fn method(&self) -> Option<&'a str> {
        if self.status().is_some() || !self.start.ends_with(b"SIP/2.0") {
            return None;
        }
        let word = self.start.split(|b| *b == b' ').next()?;
        let sound =
            (1..=32).contains(&word.len()) && word.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-');
        sound.then(|| std::str::from_utf8(word).ok()).flatten()
    }
}

/// The user part of the first SIP, SIPS or TEL URI in a value, without its parameters.
fn user(value: &[u8]) -> &[u8] {
    let begin = |scheme: &[u8]| {
        value.windows(scheme.len()).position(|w| w.eq_ignore_ascii_case(scheme)).map(|at| at + scheme.len())
    };
    let Some((at, is_tel)) = begin(b"sip:")
        .or_else(|| begin(b"sips:"))
        .map(|at| (at, false))
        .or_else(|| begin(b"tel:").map(|at| (at, true)))
    else {
        return b"";
    };
    let rest = &value[at..];
    let end = |stops: &[u8]| rest.iter().position(|b| stops.contains(b));
    if is_tel {
        return &rest[..end(b";>, ").unwrap_or(rest.len())];
    }
    match end(b"@>, ") {
        Some(stop) if rest[stop] == b'@' => {
            let user = &rest[..stop];
            &user[..user.iter().position(|b| matches!(b, b';' | b':')).unwrap_or(user.len())]
        }
        _ => b"",
    }
}

/// Octets as text fit to be shown: what is no UTF-8 is replaced, control characters too, and it is cut.
pub(crate) fn shown(octets: &[u8], longest: usize) -> String {
    let text = String::from_utf8_lossy(&octets[..octets.len().min(longest * 4)]);
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(longest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_shows_who_calls_whom() {
        let glance = Glance::at(
            b"\r\nINVITE sip:+4420;phone-context=x@192.0.2.1 SIP/2.0\r\nf: \"A\" <SIP:1202@h>;tag=1\r\nTo:<tel:+44;x=y>\r\n\
              I : abc@def \r\n\r\nCall-ID: body",
        );
        assert_eq!(glance.call_id(), b"abc@def");
        assert_eq!((glance.caller(), glance.called()), (&b"1202"[..], &b"+4420"[..]));
        assert_eq!(glance.numbers().collect::<Vec<_>>(), [&b"1202"[..], b"+4420", b"+44"]);
        assert_eq!((glance.method(), glance.status()), (Some("INVITE"), None));
    }

    #[test]
    fn a_response_shows_its_status_and_the_called_number_of_to() {
        let glance = Glance::at(b"SIP/2.0 486 Busy Here\nTo: sip:99@h\nCall-ID: x");
        assert_eq!((glance.status(), glance.method()), (Some(486), None));
        assert_eq!(glance.called(), b"99");
    }

    #[test]
    fn anything_can_be_looked_at() {
        for octets in [
            &b""[..],
            b"\r\n\r\n",
            b"\xff\xfe\x00",
            b"SIP/2.0",
            b"SIP/2.0 ",
            b"SIP/2.0 1",
            b":\n:\n",
            b"From: sip:",
        ] {
            let glance = Glance::at(octets);
            assert_eq!((glance.call_id(), glance.numbers().count()), (&b""[..], 0));
            assert_eq!((glance.method(), glance.status()), (None, None));
        }
        assert_eq!(Glance::at(b"<script> sip:x SIP/2.0").method(), None);
    }

    #[test]
    fn what_is_shown_has_no_control_characters_and_is_cut() {
        assert_eq!(shown(b"a\x1b[31mb\xff", 10), "a\u{fffd}[31mb\u{fffd}");
        assert_eq!(shown("é".repeat(50).as_bytes(), 5), "ééééé");
    }
}
