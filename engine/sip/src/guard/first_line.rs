//! A glance at what a datagram claims to be.

use crate::scan;

/// Longest start line that is looked for. A Request-URI is rarely longer than a hundred bytes.
const LONGEST: usize = 8 * 1024;

/// Longest method; a registered one has nine letters.
const LONGEST_METHOD: usize = 64;

/// What the first line says. Nothing behind it has been looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FirstLine<'a> {
    /// A request with its method as sent (names are case-sensitive); borrowed, so that made-up methods cost nothing.
    Request(&'a str),
    /// A response with its status, 100 to 699.
    Response(u16),
    /// Only line ends, blanks or zero bytes, or nothing: what keeps an address translator's door open (RFC 5626
    /// §3.5.1, and the habits of older phones).
    KeepAlive,
    /// Anything else.
    Junk,
}

impl FirstLine<'_> {
    /// Whether it is a REGISTER request.
    pub fn is_register(&self) -> bool {
        matches!(self, Self::Request("REGISTER"))
    }
}

/// Looks at the start line only: its two ends, not the URI in between. What [`crate::Message::parse`] takes for SIP is
/// taken for SIP here, but for start lines that are folded or beyond 8 KiB and methods beyond 64 letters.
pub fn first_line_of(datagram: &[u8]) -> FirstLine<'_> {
    let skip = datagram.iter().take_while(|b| matches!(b, b'\r' | b'\n' | b' ' | 0)).count();
    let rest = &datagram[skip..];
    if rest.is_empty() {
        return FirstLine::KeepAlive;
    }
    // What has no word at its beginning needs no search for the end of the line.
    let word = &rest[..rest.len().min(LONGEST_METHOD + 1)];
    let Some(blank) = scan::find_byte(word, b' ') else { return FirstLine::Junk };
    let window = &rest[..rest.len().min(LONGEST)];
    let Some(end) = scan::find_byte(window, b'\n') else { return FirstLine::Junk };
    let line = window[..end].trim_ascii_end();
    match line.get(..8) {
        Some(version) if version.eq_ignore_ascii_case(b"SIP/2.0 ") => response(&line[8..]),
        _ => request(line, blank),
    }
}

fn response(rest: &[u8]) -> FirstLine<'_> {
    match rest.trim_ascii_start() {
        [hundreds @ b'1'..=b'6', tens @ b'0'..=b'9', ones @ b'0'..=b'9', after @ ..]
            if matches!(after.first(), None | Some(b' ')) =>
        {
            let digit = |letter: &u8| u16::from(letter - b'0');
            FirstLine::Response(digit(hundreds) * 100 + digit(tens) * 10 + digit(ones))
        }
        _ => FirstLine::Junk,
    }
}

fn request(line: &[u8], blank: usize) -> FirstLine<'_> {
    let Some(last) = line.iter().rposition(|&b| b == b' ') else { return FirstLine::Junk };
    let speaks_sip = line.get(last + 1..last + 5).is_some_and(|word| word.eq_ignore_ascii_case(b"SIP/"));
    // Method, URI and version: the first blank is not the last.
    if !speaks_sip || blank >= last {
        return FirstLine::Junk;
    }
    match std::str::from_utf8(&line[..blank]) {
        Ok(method) if scan::is_token(method) => FirstLine::Request(method),
        _ => FirstLine::Junk,
    }
}
