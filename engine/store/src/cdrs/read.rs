//! From stored words to the domain's.

use domain::{CdrFilter, Currency, EndReason, Invalid, Prefix, ReleaseSide, Seconds, SipCode};

use crate::{StoreError, text};

pub(super) fn currency(stored: &str) -> Result<Currency, StoreError> {
    stored.parse().map_err(|_| StoreError::unreadable("currency", stored))
}

pub(super) fn prefix(stored: &str) -> Result<Prefix, StoreError> {
    stored.parse().map_err(|_| StoreError::unreadable("prefix", stored))
}

pub(super) fn end_reason(stored: &str) -> Result<EndReason, StoreError> {
    stored.parse().map_err(|_| StoreError::unreadable("end reason", stored))
}

pub(super) fn released_by(stored: &str) -> Result<ReleaseSide, StoreError> {
    stored.parse().map_err(|_| StoreError::unreadable("releasing side", stored))
}

pub(super) fn seconds(stored: i64) -> Result<Seconds, StoreError> {
    u32::try_from(stored).map(Seconds).map_err(|_| StoreError::unreadable("duration", stored))
}

pub(super) fn sip_code(stored: i32) -> Result<SipCode, StoreError> {
    u16::try_from(stored).map(SipCode).map_err(|_| StoreError::unreadable("SIP code", stored))
}

/// The beginnings of numbers that a filter asks for, as patterns.
pub(super) fn number_patterns(filter: &CdrFilter) -> Result<(Option<String>, Option<String>), Invalid> {
    let pattern = |field, number| {
        let number = text::typed(field, number, 128)?;
        Ok((!number.is_empty()).then(|| text::beginning(number)))
    };
    Ok((pattern("caller", &filter.caller)?, pattern("callee", &filter.callee)?))
}
