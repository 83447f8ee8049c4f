//! Makes of what devices really send what a parser by RFC 8866 accepts.

use std::borrow::Cow;

/// The lines of a body that matter to a relay, and the `o=` line apart.
#[derive(Debug, Default)]
pub(super) struct Normal {
    /// `v`, `s`, `c`, `b`, `t`, `a` and `m` lines, each well formed as a line.
    pub(super) text: String,
    /// The value of `o=`, of which only equality matters (RFC 3264 §8): numbers beyond 64 bits occur.
    pub(super) origin: Option<String>,
}

/// Reads lines that end by CR, LF or both, and up to a NUL, which some devices append. Passed over is what has no
/// meaning for media or comes twice: contact lines, repeat times, keys, garbage after the last line.
pub(super) fn normalise(body: &[u8]) -> Normal {
    let body = body.split(|&octet| octet == 0).next().unwrap_or_default();
    let mut normal = Normal::default();
    let mut seen = Seen::default();
    for line in body.split(|&octet| octet == b'\r' || octet == b'\n') {
        let line = String::from_utf8_lossy(line);
        if let Some((kind, value)) = split(&line) {
            normal.take(kind, value, &mut seen);
        }
    }
    normal
}

#[derive(Debug, Default)]
struct Seen {
    media: bool,
    name: bool,
    connection: bool,
}

impl Normal {
    fn take(&mut self, kind: char, value: &str, seen: &mut Seen) {
        match kind {
            'v' => self.push(kind, value.trim()),
            'o' => {
                self.origin.get_or_insert_with(|| value.trim().to_owned());
            }
            's' if !seen.media && !std::mem::replace(&mut seen.name, true) => self.push(kind, value),
            'c' if seen.media || !std::mem::replace(&mut seen.connection, true) => {
                self.push(kind, value.trim())
            }
            'b' if is_bandwidth(value.trim()) => self.push(kind, value.trim()),
            't' if !seen.media && is_time(value) => self.push(kind, value.trim()),
            'a' => self.push(kind, value.trim_end()),
            'm' => {
                seen.media = true;
                self.push(kind, &single_spaces(value));
            }
            _ => {}
        }
    }

    fn push(&mut self, kind: char, value: &str) {
        self.text.push(kind);
        self.text.push('=');
        self.text.push_str(value);
        self.text.push_str("\r\n");
    }
}

/// `x=value`; anything else is no SDP line.
fn split(line: &str) -> Option<(char, &str)> {
    let (kind, value) = line.trim_start().split_once('=')?;
    let mut letters = kind.chars();
    let kind = letters.next()?;
    (letters.next().is_none() && kind.is_ascii_lowercase()).then_some((kind, value))
}

fn is_bandwidth(value: &str) -> bool {
    value.split_once(':').is_some_and(|(kind, number)| !kind.is_empty() && number.parse::<u64>().is_ok())
}

fn is_time(value: &str) -> bool {
    let mut numbers = value.split_whitespace().map(str::parse::<u64>);
    matches!((numbers.next(), numbers.next(), numbers.next()), (Some(Ok(_)), Some(Ok(_)), None))
}

fn single_spaces(value: &str) -> Cow<'_, str> {
    match value.contains("  ") || value.trim() != value || value.contains('\t') {
        true => Cow::Owned(value.split_whitespace().collect::<Vec<_>>().join(" ")),
        false => Cow::Borrowed(value),
    }
}
