//! What can be wrong with a received message.

use super::HeaderName;

/// Why bytes, or a part of a message, could not be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum ParseError {
    /// Only blanks: a keep-alive (RFC 5626 §3.5.1).
    #[error("empty")]
    Empty,
    /// More than 64 KiB.
    #[error("message too large")]
    TooLarge,
    /// No start line of SIP.
    #[error("not SIP")]
    NotSip,
    /// A status line with a status that is none.
    #[error("bad status line")]
    BadFirstLine,
    /// More than 200 header lines.
    #[error("too many headers")]
    TooManyHeaders,
    /// More than 64 Via elements.
    #[error("too many Via hops")]
    TooManyVias,
    /// A SIP message with a fault; a request is answered with [`Defect::status`].
    #[error("{0}")]
    Defect(Defect),
    /// A Via element that follows no grammar.
    #[error("bad Via")]
    BadVia,
    /// A From, To, Contact or Route that follows no grammar.
    #[error("bad address")]
    BadAddress,
    /// A URI that follows no grammar.
    #[error("bad URI")]
    BadUri,
    /// A header that is needed is not there.
    #[error("missing {}", .0.as_str())]
    Missing(HeaderName),
}

/// A fault in a message that is otherwise SIP.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Defect {
    /// SIP of another version (RFC 3261 §21.5.6).
    #[error("Version Not Supported")]
    Version,
    /// A Request-URI with blanks, quotes or brackets, or with a host that is none.
    #[error("Bad Request-URI")]
    RequestUri,
    /// The header block has no end.
    #[error("Missing Blank Line")]
    Unterminated,
    /// A line without a name or colon.
    #[error("Bad Header Line")]
    HeaderLine,
    /// One of the five headers that every message has is not there.
    #[error("Missing {}", .0.as_str())]
    Missing(HeaderName),
    /// A header that may stand once stands twice.
    #[error("Duplicate {}", .0.as_str())]
    Duplicate(HeaderName),
    /// A value that follows no grammar.
    #[error("Bad {}", .0.as_str())]
    Bad(HeaderName),
    /// CSeq names another method than the start line.
    #[error("CSeq Method Mismatch")]
    MethodMismatch,
    /// Content-Length promises more than came (RFC 3261 §18.3).
    #[error("Short Body")]
    ShortBody,
}

impl Defect {
    /// The status a request with this fault is answered with.
    pub fn status(self) -> u16 {
        match self {
            Self::Version => 505,
            _ => 400,
        }
    }
}
