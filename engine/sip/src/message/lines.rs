//! A cheap look at the header block, line by line, for those who want one header of a datagram they may not own.

use std::borrow::Cow;

use crate::scan;

pub(crate) enum HeadStart {
    Request,
    Response,
}

/// The lines of a header block; folded ones are joined (RFC 3261 §7.3.1).
pub(crate) struct HeadLines<'a> {
    rest: &'a [u8],
}

impl<'a> HeadLines<'a> {
    pub(crate) fn new(datagram: &'a [u8]) -> Self {
        let skip = datagram.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        Self { rest: &datagram[skip..] }
    }

    /// Takes the start line.
    pub(crate) fn start(&mut self) -> Option<HeadStart> {
        let line = self.physical()?;
        match line.get(..8) {
            Some(version) if version.eq_ignore_ascii_case(b"SIP/2.0 ") => Some(HeadStart::Response),
            _ => Some(HeadStart::Request),
        }
    }

    /// The value of the first header of this name, unfolded.
    pub(crate) fn value_of(&mut self, name: &str, compact: &str) -> Option<Cow<'a, str>> {
        loop {
            let line = self.physical()?;
            if line.is_empty() {
                return None;
            }
            // The rest of somebody else's folded header may look like the one wanted.
            if line[0] == b' ' || line[0] == b'\t' {
                continue;
            }
            let Some(colon) = scan::find_byte(line, b':') else { continue };
            let key = line[..colon].trim_ascii();
            if !key.eq_ignore_ascii_case(name.as_bytes()) && !key.eq_ignore_ascii_case(compact.as_bytes()) {
                continue;
            }
            let mut value = String::from_utf8_lossy(line[colon + 1..].trim_ascii());
            while self.rest.first().is_some_and(|b| matches!(b, b' ' | b'\t')) {
                let more = self.physical()?;
                value = Cow::Owned(format!("{value} {}", String::from_utf8_lossy(more.trim_ascii())));
            }
            return Some(value);
        }
    }

    fn physical(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let end = scan::find_byte(self.rest, b'\n');
        let line = &self.rest[..end.unwrap_or(self.rest.len())];
        self.rest = end.map_or(&[], |end| &self.rest[end + 1..]);
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    }
}
