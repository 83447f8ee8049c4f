//! Messages cut from a stream: TCP and TLS (RFC 3261 §18.3), with the keep-alive of RFC 5626 §3.5.1, §4.4.1.
//!
//! A WebSocket needs no cutting: one WebSocket message is one SIP message (RFC 7118 §4), and pings are the library's.
//!
//! Memory is bounded by [`MAX_HEAD`] and the largest message, however slowly the bytes come. How long an unfinished
//! message may take is the reader's to bound: see [`StreamFramer::is_waiting`].

use bytes::{Buf, Bytes, BytesMut};

use crate::message::{HeaderName, MAX_BYTES};
use crate::scan;

/// Longest header block, in bytes, with its blank line.
pub const MAX_HEAD: usize = 16 * 1024;

/// What to send to ask whether the peer is there (RFC 5626 §3.5.1).
pub const PING: &[u8] = b"\r\n\r\n";

/// What to send when the peer asks (RFC 5626 §4.4.1).
pub const PONG: &[u8] = b"\r\n";

/// Line ends between two messages that are passed over in one go; more are no keep-alive but a nuisance.
const MAX_BLANKS: usize = 1024;

/// One thing cut from the stream.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Frame {
    /// A whole message, to be given to [`crate::Endpoint::on_datagram`].
    Message(Bytes),
    /// The peer asks whether we are there: send [`PONG`].
    Ping,
    /// The answer to a [`PING`] of ours.
    Pong,
}

/// Why the stream cannot be read any further: where the next message begins is unknown, so close the connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum StreamError {
    /// A header block beyond [`MAX_HEAD`].
    #[error("header block too long")]
    HeadTooLong,
    /// A message beyond 64 KiB.
    #[error("message too large")]
    TooLarge,
    /// No Content-Length (RFC 3261 §20.14 requires it on streams).
    #[error("no Content-Length")]
    NoContentLength,
    /// Content-Length is no number, or stands twice.
    #[error("bad Content-Length")]
    BadContentLength,
    /// Line ends without number.
    #[error("too many blank lines")]
    Blanks,
}

/// What stands before a message.
enum Blank {
    /// A keep-alive.
    Frame(Frame),
    /// Nothing, or what may become a keep-alive.
    Unclear,
    /// A message begins.
    Over,
}

/// Cuts one connection's bytes into messages.
#[derive(Debug, Default)]
pub struct StreamFramer {
    buffer: BytesMut,
    /// Where the first line begins whose end has not been seen.
    line: usize,
    /// Length of the message whose header block is complete.
    length: Option<usize>,
    blanks: usize,
    pongs_due: u32,
    broken: Option<StreamError>,
}

impl StreamFramer {
    /// A framer for a new connection.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes bytes as they come. Then call [`Self::next`] until it has nothing more.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.broken.is_none() {
            self.buffer.extend_from_slice(bytes);
        }
    }

    /// A [`PING`] was sent: the next lone line end is its answer. Without, it is taken for half a ping of the peer.
    pub fn on_ping_sent(&mut self) {
        self.pongs_due = self.pongs_due.saturating_add(1);
    }

    /// Whether a message has begun and is not complete. A reader that sees this for longer than some seconds should
    /// close the connection.
    pub fn is_waiting(&self) -> bool {
        self.line > 0 || self.length.is_some() || !self.buffer.iter().all(|b| matches!(b, b'\r' | b'\n'))
    }

    /// The next frame; `None` when more bytes are needed.
    ///
    /// # Errors
    /// When the stream has lost its frame; the same error comes ever after.
    #[expect(clippy::should_implement_trait, reason = "an iterator would hide the error")]
    pub fn next(&mut self) -> Result<Option<Frame>, StreamError> {
        match self.broken {
            Some(why) => Err(why),
            None => self.cut().inspect_err(|why| {
                self.broken = Some(*why);
                (self.buffer, self.line, self.length) = (BytesMut::new(), 0, None);
            }),
        }
    }

    fn cut(&mut self) -> Result<Option<Frame>, StreamError> {
        if self.line == 0 && self.length.is_none() {
            match self.blank()? {
                Blank::Frame(frame) => return Ok(Some(frame)),
                Blank::Unclear => return Ok(None),
                Blank::Over => {}
            }
        }
        if self.length.is_none() {
            self.length = self.head()?;
        }
        match self.length {
            Some(length) if self.buffer.len() >= length => {
                let message = self.buffer.split_to(length).freeze();
                (self.length, self.line, self.blanks) = (None, 0, 0);
                Ok(Some(Frame::Message(message)))
            }
            _ => Ok(None),
        }
    }

    /// Passes over line ends before a message. Two are a ping, one is a pong when it is expected.
    fn blank(&mut self) -> Result<Blank, StreamError> {
        loop {
            let (length, frame) = match self.buffer.as_ref() {
                [b'\r', b'\n', ..] if self.pongs_due > 0 => (2, Some(Frame::Pong)),
                [b'\r', b'\n', b'\r', b'\n', ..] => (4, Some(Frame::Ping)),
                [] | [b'\r'] | [b'\r', b'\n'] | [b'\r', b'\n', b'\r'] => return Ok(Blank::Unclear),
                [b'\r' | b'\n', ..] => (1, None),
                _ => return Ok(Blank::Over),
            };
            self.buffer.advance(length);
            if let Some(frame) = frame {
                self.pongs_due -= u32::from(frame == Frame::Pong);
                self.blanks = 0;
                return Ok(Blank::Frame(frame));
            }
            self.blanks += 1;
            if self.blanks > MAX_BLANKS {
                return Err(StreamError::Blanks);
            }
        }
    }

    /// The length of the message, once its header block is complete. No byte is looked at twice but those of an
    /// unfinished line.
    fn head(&mut self) -> Result<Option<usize>, StreamError> {
        while let Some(end) = scan::find_byte(&self.buffer[self.line..], b'\n') {
            let line = &self.buffer[self.line..self.line + end];
            let blank = line.is_empty() || line == b"\r";
            self.line += end + 1;
            if self.line > MAX_HEAD {
                return Err(StreamError::HeadTooLong);
            }
            if blank {
                let body = content_length(&self.buffer[..self.line])?;
                return match self.line.checked_add(body).filter(|length| *length <= MAX_BYTES) {
                    Some(length) => Ok(Some(length)),
                    None => Err(StreamError::TooLarge),
                };
            }
        }
        if self.buffer.len() > MAX_HEAD { Err(StreamError::HeadTooLong) } else { Ok(None) }
    }
}

/// The one Content-Length of a header block, folded or not.
fn content_length(head: &[u8]) -> Result<usize, StreamError> {
    let mut lines = head.split(|b| *b == b'\n').skip(1).peekable();
    let mut found = None;
    while let Some(line) = lines.next() {
        let Some(colon) = scan::find_byte(line, b':') else { continue };
        if matches!(line[0], b' ' | b'\t')
            || HeaderName::from_bytes(line[..colon].trim_ascii()) != HeaderName::ContentLength
        {
            continue;
        }
        let mut value = line[colon + 1..].trim_ascii().to_vec();
        while let Some(more) = lines.next_if(|more| matches!(more.first(), Some(b' ' | b'\t'))) {
            value.extend_from_slice(more.trim_ascii());
        }
        if found.replace(value).is_some() {
            return Err(StreamError::BadContentLength);
        }
    }
    let value = found.ok_or(StreamError::NoContentLength)?;
    if value.is_empty() || !value.iter().all(u8::is_ascii_digit) {
        return Err(StreamError::BadContentLength);
    }
    let text = std::str::from_utf8(&value).map_err(|_| StreamError::BadContentLength)?;
    // Digits only, so an error is a number without end.
    text.parse().map_err(|_| StreamError::TooLarge)
}
