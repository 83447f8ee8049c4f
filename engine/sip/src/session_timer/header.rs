//! Session-Expires and Min-SE (RFC 4028 §4, §5).

use std::fmt;
use std::time::Duration;

use crate::scan;

/// Who sends the refreshes, seen from one request: its sender or its receiver (RFC 4028 §4).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refresher {
    /// The sender of the request.
    Uac,
    /// Its receiver.
    Uas,
}

impl Refresher {
    /// The word of the `refresher` parameter.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Uac => "uac",
            Self::Uas => "uas",
        }
    }
}

/// The value of a Session-Expires header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SessionExpires {
    /// The session interval; whole seconds on the wire.
    pub interval: Duration,
    /// Who refreshes, when it says so.
    pub refresher: Option<Refresher>,
}

impl SessionExpires {
    /// Reads `1800;refresher=uac`; `None` when the number is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (seconds, params) = text.split_at(text.find(';').unwrap_or(text.len()));
        let refresher = match scan::find_param(params, "refresher") {
            Some(word) if word.eq_ignore_ascii_case("uac") => Some(Refresher::Uac),
            Some(word) if word.eq_ignore_ascii_case("uas") => Some(Refresher::Uas),
            _ => None,
        };
        Some(Self { interval: delta_seconds(seconds)?, refresher })
    }
}

impl fmt::Display for SessionExpires {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.interval.as_secs())?;
        match self.refresher {
            Some(refresher) => write!(f, ";refresher={}", refresher.as_str()),
            None => Ok(()),
        }
    }
}

/// A number of seconds without sign; more than 2³² − 1 counts as that (RFC 3261 §20).
pub(super) fn delta_seconds(text: &str) -> Option<Duration> {
    let text = text.trim();
    if text.is_empty() || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(Duration::from_secs(u64::from(text.parse::<u32>().unwrap_or(u32::MAX))))
}
