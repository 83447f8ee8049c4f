//! The start line (RFC 3261 §7.1, §7.2).

use super::span::Span;
use super::{Defect, ParseError};
use crate::method::Method;
use crate::scan;
use crate::uri::has_sound_place;

#[derive(Debug, Clone)]
pub(super) enum FirstLine {
    Request { method: Method, uri: Span },
    Response { status: u16, reason: Span },
}

/// Reads the start line. What is no SIP at all is an error; what is SIP with a fault gives both.
pub(super) fn read(head: &str, line: &str) -> Result<(FirstLine, Option<Defect>), ParseError> {
    match line.get(..8) {
        Some(version) if version.eq_ignore_ascii_case("SIP/2.0 ") => {
            let rest = line[8..].trim_start();
            let (code, reason) = rest.split_at(rest.find(' ').unwrap_or(rest.len()));
            let status = match code.parse::<u16>() {
                Ok(status) if code.len() == 3 && (100..700).contains(&status) => status,
                _ => return Err(ParseError::BadFirstLine),
            };
            Ok((FirstLine::Response { status, reason: Span::of(head, reason.trim()) }, None))
        }
        _ => {
            let (method, rest) = line.split_once(' ').ok_or(ParseError::NotSip)?;
            let (uri, version) = rest.trim_end().rsplit_once(' ').ok_or(ParseError::NotSip)?;
            let digits =
                version.get(..4).filter(|sip| sip.eq_ignore_ascii_case("SIP/")).map(|_| &version[4..]);
            let digits = digits.ok_or(ParseError::NotSip)?;
            if !scan::is_token(method) {
                return Err(ParseError::NotSip);
            }
            let uri = uri.trim();
            let defect = if digits != "2.0" {
                Some(Defect::Version)
            } else if uri.is_empty() || uri.contains([' ', '\t', '<', '>', '"']) || !has_sound_place(uri) {
                Some(Defect::RequestUri)
            } else {
                None
            };
            Ok((FirstLine::Request { method: Method::from_token(method), uri: Span::of(head, uri) }, defect))
        }
    }
}
