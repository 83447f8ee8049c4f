//! One pass over the bytes of a message.

use std::sync::Arc;

use bytes::{Buf, Bytes};
use smallvec::SmallVec;

use super::first_line::{self, FirstLine};
use super::span::Span;
use super::{Defect, HeaderName, Message, ParseError};
use crate::method::Method;
use crate::{cseq, name_addr, scan, via};

/// Largest message, in bytes; also the largest that offsets can address.
pub(crate) const MAX_BYTES: usize = 65_535;
const MAX_HEADERS: usize = 200;
const MAX_VIAS: usize = 64;

/// Headers that may stand once (RFC 4475 §3.3.8 shows what two of them lead to).
const SINGLE: [HeaderName; 6] = [
    HeaderName::From,
    HeaderName::To,
    HeaderName::CallId,
    HeaderName::CSeq,
    HeaderName::ContentLength,
    HeaderName::MaxForwards,
];

#[derive(Debug, Clone, Copy)]
pub(super) struct HeaderLine {
    pub(super) name: HeaderName,
    pub(super) spelled: Span,
    pub(super) value: Span,
}

/// Where everything is in the bytes, and what matching needs on every message.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) first: FirstLine,
    pub(super) headers: SmallVec<[HeaderLine; 24]>,
    pub(super) body: Span,
    pub(super) call_id: Span,
    pub(super) from_tag: Span,
    pub(super) to_tag: Span,
    pub(super) cseq: (u32, Method),
}

/// A message that may have a fault which its sender should be told about.
pub(crate) struct Reading {
    pub(crate) message: Message,
    pub(crate) defect: Option<Defect>,
}

/// Reads a message. An error is something that cannot even be answered.
pub(crate) fn read(mut bytes: Bytes) -> Result<Reading, ParseError> {
    let blank = bytes.iter().take_while(|b| matches!(b, b'\r' | b'\n' | b' ' | 0)).count();
    bytes.advance(blank);
    if bytes.is_empty() {
        return Err(ParseError::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(ParseError::TooLarge);
    }
    let mut layout = Layout::of(&bytes)?;
    if layout.folded || std::str::from_utf8(&bytes[..layout.head_end]).is_err() {
        bytes = straightened(&bytes, layout.head_end);
        if bytes.len() > MAX_BYTES {
            return Err(ParseError::TooLarge);
        }
        layout = Layout::of(&bytes)?;
    }
    let head = std::str::from_utf8(&bytes[..layout.head_end]).expect("checked, or made from text, above");
    let (first, first_defect) = first_line::read(head, layout.first.text(&bytes))?;
    let mut index = Index {
        first,
        headers: layout.headers,
        body: Span::new(layout.head_end, bytes.len()),
        call_id: Span::default(),
        from_tag: Span::default(),
        to_tag: Span::default(),
        cseq: (0, Method::Other("".into())),
    };
    let defects = [first_defect, layout.defect, index.fill(head)?, index.cut_body(layout.head_end, &bytes)];
    let defect = defects.into_iter().flatten().next();
    Ok(Reading { message: Message { bytes, index: Arc::new(index), source: None }, defect })
}

/// The lines of the header block.
struct Layout {
    first: Span,
    headers: SmallVec<[HeaderLine; 24]>,
    head_end: usize,
    folded: bool,
    defect: Option<Defect>,
}

impl Layout {
    fn of(bytes: &[u8]) -> Result<Self, ParseError> {
        let mut layout = Self {
            first: Span::default(),
            headers: SmallVec::new(),
            head_end: bytes.len(),
            folded: false,
            defect: Some(Defect::Unterminated),
        };
        let mut at = 0;
        let mut first = true;
        while let Some(length) = scan::find_byte(&bytes[at..], b'\n') {
            let (start, end) = (at, at + length);
            at = end + 1;
            let end = if end > start && bytes[end - 1] == b'\r' { end - 1 } else { end };
            if first {
                layout.first = trimmed(bytes, start, end);
                first = false;
            } else if start == end {
                layout.head_end = at;
                if layout.defect == Some(Defect::Unterminated) {
                    layout.defect = None;
                }
                break;
            } else if matches!(bytes[start], b' ' | b'\t') {
                layout.folded = true;
            } else if layout.headers.len() == MAX_HEADERS {
                return Err(ParseError::TooManyHeaders);
            } else {
                match header_line(bytes, start, end) {
                    Some(line) => layout.headers.push(line),
                    None => layout.defect = Some(Defect::HeaderLine),
                }
            }
        }
        if first { Err(ParseError::NotSip) } else { Ok(layout) }
    }
}

fn header_line(bytes: &[u8], start: usize, end: usize) -> Option<HeaderLine> {
    let colon = start + scan::find_byte(&bytes[start..end], b':')?;
    let spelled = trimmed(bytes, start, colon);
    let name = HeaderName::from_bytes(spelled.bytes(bytes));
    let legal = |b: &u8| (b'!'..0x7f).contains(b);
    if name == HeaderName::Other && (spelled.is_empty() || !spelled.bytes(bytes).iter().all(legal)) {
        return None;
    }
    Some(HeaderLine { name, spelled, value: trimmed(bytes, colon + 1, end) })
}

/// A Contact whose URI has headers and no brackets: whose they are is anyone's guess, so RFC 3261 §20.10 forbids it and
/// RFC 4475 §3.1.2.13 wants it refused.
fn is_bare_with_headers(value: &str) -> bool {
    scan::find_byte(value.as_bytes(), b'?').is_some_and(|at| !value[..at].contains(['<', '"']))
}

fn trimmed(bytes: &[u8], mut start: usize, mut end: usize) -> Span {
    while start < end && matches!(bytes[start], b' ' | b'\t' | b'\r') {
        start += 1;
    }
    while start < end && matches!(bytes[end - 1], b' ' | b'\t' | b'\r') {
        end -= 1;
    }
    Span::new(start, end)
}

/// The same message with folded headers on one line and every byte that is no UTF-8 replaced, for the rest of the
/// parser to be simple. Carriers seldom send either.
fn straightened(bytes: &[u8], head_end: usize) -> Bytes {
    let mut head = bytes[..head_end].to_vec();
    for at in 1..head.len() {
        if matches!(head[at], b' ' | b'\t') && head[at - 1] == b'\n' {
            head[at - 1] = b' ';
            if at > 1 && head[at - 2] == b'\r' {
                head[at - 2] = b' ';
            }
        }
    }
    let mut straight = String::from_utf8_lossy(&head).into_owned().into_bytes();
    straight.extend_from_slice(&bytes[head_end..]);
    straight.into()
}

impl Index {
    /// Fills in what every message must have (RFC 3261 §8.1.1) and tells the first fault.
    fn fill(&mut self, head: &str) -> Result<Option<Defect>, ParseError> {
        let mut defect = None;
        let mut found = |fault: Defect| _ = defect.get_or_insert(fault);
        let mut seen = [None::<Span>; SINGLE.len()];
        let (mut vias, mut top_via) = (0, None::<Span>);
        for line in &self.headers {
            if line.name == HeaderName::Via {
                vias += scan::split_outside(line.value.within(head), b',').count();
                top_via = top_via.or(Some(line.value));
            } else if line.name == HeaderName::Contact && is_bare_with_headers(line.value.within(head)) {
                found(Defect::Bad(HeaderName::Contact));
            } else if let Some(at) = SINGLE.iter().position(|name| *name == line.name) {
                match seen[at] {
                    Some(_) => found(Defect::Duplicate(line.name)),
                    None => seen[at] = Some(line.value),
                }
            }
        }
        if vias > MAX_VIAS {
            return Err(ParseError::TooManyVias);
        }
        match top_via.and_then(|line| scan::split_outside(line.within(head), b',').next()) {
            Some(top) if via::Via::parse(top).is_ok() => {}
            Some(_) => found(Defect::Bad(HeaderName::Via)),
            None => found(Defect::Missing(HeaderName::Via)),
        }
        for (at, tag) in [(0, &mut self.from_tag), (1, &mut self.to_tag)] {
            match seen[at] {
                Some(value) => match name_addr::checked_tag(value.within(head)) {
                    Some(text) => *tag = text.map_or(Span::default(), |text| Span::of(head, text)),
                    None => found(Defect::Bad(SINGLE[at])),
                },
                None => found(Defect::Missing(SINGLE[at])),
            }
        }
        match seen[2] {
            Some(id) if id.is_empty() || id.within(head).contains(' ') => {
                found(Defect::Bad(HeaderName::CallId))
            }
            Some(id) => self.call_id = id,
            None => found(Defect::Missing(HeaderName::CallId)),
        }
        match seen[3].map(|value| cseq::parse(value.within(head))) {
            Some(Some((number, method))) => {
                self.cseq = (number, Method::from_token(method));
                if matches!(&self.first, FirstLine::Request { method, .. } if *method != self.cseq.1) {
                    found(Defect::MethodMismatch);
                }
            }
            Some(None) => found(Defect::Bad(HeaderName::CSeq)),
            None => found(Defect::Missing(HeaderName::CSeq)),
        }
        Ok(defect)
    }

    /// Cuts the body at Content-Length; a datagram without it ends the body (RFC 3261 §18.3).
    fn cut_body(&mut self, head_end: usize, bytes: &[u8]) -> Option<Defect> {
        let line = self.headers.iter().find(|line| line.name == HeaderName::ContentLength)?;
        let text = line.value.text(bytes);
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Some(Defect::Bad(HeaderName::ContentLength));
        }
        match text.parse::<usize>() {
            Ok(length) if length <= bytes.len() - head_end => {
                self.body = Span::new(head_end, head_end + length);
                None
            }
            _ => Some(Defect::ShortBody),
        }
    }
}
