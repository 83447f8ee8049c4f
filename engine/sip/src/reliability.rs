//! The numbers of reliable provisional responses (RFC 3262 §7).

use std::fmt;

use crate::cseq;
use crate::method::Method;

/// The number of a reliable provisional response, 1 to 2³² − 1 (RFC 3262 §7.1).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct RSeq(pub u32);

impl RSeq {
    /// The number in a header; `None` for zero and for what is no number of 32 bits.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        text.parse().ok().filter(|number| *number > 0).map(Self)
    }

    /// The one after it; numbers never wrap (RFC 3262 §3), so at the end there is none.
    pub fn next(self) -> Option<Self> {
        self.0.checked_add(1).map(Self)
    }
}

impl fmt::Display for RSeq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// What a PRACK confirms (RFC 3262 §7.2).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RAck {
    /// The response.
    pub rseq: RSeq,
    /// CSeq number of the request it answered.
    pub cseq: u32,
    /// Method of that request.
    pub method: Method,
}

impl RAck {
    /// Reads `776656 1 INVITE`.
    pub fn parse(text: &str) -> Option<Self> {
        let (rseq, rest) = text.trim().split_once([' ', '\t'])?;
        let (cseq, method) = cseq::parse(rest)?;
        Some(Self { rseq: RSeq::parse(rseq)?, cseq, method: Method::from_token(method) })
    }
}

impl fmt::Display for RAck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.rseq, self.cseq, self.method)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_strictly() {
        let rack = RAck::parse(" 776656  1   INVITE ").unwrap();
        assert_eq!((rack.rseq, rack.cseq, rack.to_string().as_str()), (RSeq(776_656), 1, "776656 1 INVITE"));
        for bad in
            ["", "1", "1 2", "0 1 INVITE", "4294967296 1 INVITE", "-1 1 INVITE", "1 x INVITE", "1 1 I V"]
        {
            assert_eq!(RAck::parse(bad), None, "{bad}");
        }
        assert_eq!((RSeq(7).next(), RSeq(u32::MAX).next()), (Some(RSeq(8)), None));
    }
}
