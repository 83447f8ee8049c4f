//! One received message: the bytes as they came and an index of them.
//!
//! The parser is tolerant where carriers are sloppy (leading line ends, bare LF, compact names, folding, `Header : v`,
//! Latin-1 in a display name, unknown methods) and strict where tolerance lets an identity be forged: two From
//! headers, a tag that cannot be told from a display name, a body shorter than promised.

mod error;
mod extension;
mod first_line;
mod header;
pub(crate) mod lines;
mod parse;
mod passage;
mod span;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;

pub use error::{Defect, ParseError};
pub use header::HeaderName;
pub(crate) use parse::{MAX_BYTES, Reading, read};
pub use passage::TooManyHops;

use crate::method::Method;
use crate::name_addr::NameAddr;
use crate::scan;
use crate::via::Via;
use first_line::FirstLine;

/// A received request or response that has a readable Via, From, To, Call-ID and CSeq. Cheap to clone.
#[derive(Clone)]
pub struct Message {
    bytes: Bytes,
    index: Arc<parse::Index>,
    source: Option<SocketAddr>,
}

impl Message {
    /// Reads one datagram, or one message cut from a stream.
    ///
    /// # Errors
    /// [`ParseError::Defect`] for a SIP message with a fault, anything else for bytes that are no message. Limits:
    /// 64 KiB, 200 headers, 64 Via hops.
    pub fn parse(bytes: Bytes) -> Result<Self, ParseError> {
        let Reading { message, defect } = read(bytes)?;
        defect.map_or(Ok(message), |defect| Err(ParseError::Defect(defect)))
    }

    /// Notes where the message came from; answers fill it into the top Via (RFC 3581).
    pub(crate) fn set_source(&mut self, source: SocketAddr) {
        self.source = Some(source);
    }

    /// Where the message came from, when an endpoint received it.
    pub fn source(&self) -> Option<SocketAddr> {
        self.source
    }

    /// The bytes, straightened: folded headers on one line, bytes that are no UTF-8 replaced.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// Whether it is a request.
    pub fn is_request(&self) -> bool {
        matches!(self.index.first, FirstLine::Request { .. })
    }

    /// The method of a request.
    pub fn method(&self) -> Option<&Method> {
        match &self.index.first {
            FirstLine::Request { method, .. } => Some(method),
            FirstLine::Response { .. } => None,
        }
    }

    /// The status of a response, 100–699.
    pub fn status(&self) -> Option<u16> {
        match self.index.first {
            FirstLine::Request { .. } => None,
            FirstLine::Response { status, .. } => Some(status),
        }
    }

    /// The reason phrase of a response; empty for a request.
    pub fn reason(&self) -> &str {
        match self.index.first {
            FirstLine::Request { .. } => "",
            FirstLine::Response { reason, .. } => reason.text(&self.bytes),
        }
    }

    /// The Request-URI, verbatim; empty for a response.
    pub fn request_uri(&self) -> &str {
        match self.index.first {
            FirstLine::Request { uri, .. } => uri.text(&self.bytes),
            FirstLine::Response { .. } => "",
        }
    }

    /// The value of the first header of this name.
    pub fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers(name).next()
    }

    /// The values of every header line of this name, in order, comma lists whole.
    pub fn headers(&self, name: HeaderName) -> impl Iterator<Item = &str> {
        let lines =
            self.index.headers.iter().filter(move |line| line.name == name && name != HeaderName::Other);
        lines.map(|line| line.value.text(&self.bytes))
    }

    /// The elements of a comma-list header over all its lines; quotes and angle brackets hide commas.
    pub fn list(&self, name: HeaderName) -> impl Iterator<Item = &str> {
        self.headers(name).flat_map(|line| scan::split_outside(line, b','))
    }

    /// The value of the first header spelled like this, case ignored.
    pub fn other(&self, name: &str) -> Option<&str> {
        self.all_headers().find(|(spelled, _)| spelled.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Every header line in order: the name as spelled and the value.
    pub fn all_headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.index.headers.iter().map(|line| (line.spelled.text(&self.bytes), line.value.text(&self.bytes)))
    }

    /// The top Via.
    pub fn via(&self) -> Result<Via<'_>, ParseError> {
        Via::parse(self.list(HeaderName::Via).next().ok_or(ParseError::Missing(HeaderName::Via))?)
    }

    /// Who asks.
    pub fn from(&self) -> Result<NameAddr, ParseError> {
        self.address(HeaderName::From)
    }

    /// Who is asked.
    pub fn to(&self) -> Result<NameAddr, ParseError> {
        self.address(HeaderName::To)
    }

    fn address(&self, name: HeaderName) -> Result<NameAddr, ParseError> {
        NameAddr::parse(self.header(name).ok_or(ParseError::Missing(name))?)
    }

    /// The tag of From; `None` from RFC 2543 peers.
    pub fn from_tag(&self) -> Option<&str> {
        (!self.index.from_tag.is_empty()).then(|| self.index.from_tag.text(&self.bytes))
    }

    /// The tag of To; `None` outside a dialog.
    pub fn to_tag(&self) -> Option<&str> {
        (!self.index.to_tag.is_empty()).then(|| self.index.to_tag.text(&self.bytes))
    }

    /// The Call-ID.
    pub fn call_id(&self) -> &str {
        self.index.call_id.text(&self.bytes)
    }

    /// Sequence number and method of CSeq.
    pub fn cseq(&self) -> (u32, Method) {
        self.index.cseq.clone()
    }

    /// The first Contact; `None` when there is none, it is `*`, or it cannot be read.
    pub fn contact(&self) -> Option<NameAddr> {
        NameAddr::parse(self.list(HeaderName::Contact).next()?).ok()
    }

    /// Max-Forwards (RFC 3261 §20.22); `None` when absent or no number. Values over 255 count as 255.
    pub fn max_forwards(&self) -> Option<u8> {
        let hops = self.header(HeaderName::MaxForwards)?.parse::<u32>().ok()?;
        Some(u8::try_from(hops).unwrap_or(u8::MAX))
    }

    /// The media type without parameters, as sent.
    pub fn content_type(&self) -> Option<&str> {
        self.header(HeaderName::ContentType).map(|value| value.split(';').next().unwrap_or(value).trim())
    }

    /// The body, as long as Content-Length says.
    pub fn body(&self) -> &[u8] {
        self.index.body.bytes(&self.bytes)
    }

    /// The Record-Route elements, topmost first, verbatim.
    pub fn record_routes(&self) -> Vec<String> {
        self.list(HeaderName::RecordRoute).map(str::to_owned).collect()
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.bytes))
    }
}
