//! The skeleton of a response, copied from its request (RFC 3261 §8.2.6).

use std::fmt::Write;
use std::net::SocketAddr;

use rsip::{Headers, Response, StatusCode, Version};

use crate::message::{HeaderName, Message};
use crate::method::Method;
use crate::print::standard_reason;
use crate::scan;
use crate::via::Via;
use crate::vocabulary::make_header;

/// A response to `request` with every header that must be copied: all Via (the top one with `received` and `rport`,
/// RFC 3581 §4), From, To, Call-ID, CSeq; Timestamp in a 100; Record-Route in what opens a dialog (RFC 3261 §12.1.1).
///
/// `local_tag` is put on To unless the request has one or the status is 100. `reason` defaults to the standard phrase.
pub fn reply(request: &Message, code: u16, reason: Option<&str>, local_tag: Option<&str>) -> Response {
    let mut headers = Vec::with_capacity(8);
    for (at, line) in request.headers(HeaderName::Via).enumerate() {
        let line = match (at, request.source()) {
            (0, Some(source)) => noted(line, source),
            _ => line.to_owned(),
        };
        headers.push(make_header("Via", line));
    }
    if matches!(request.method(), Some(Method::Invite)) && (101..300).contains(&code) {
        headers
            .extend(request.headers(HeaderName::RecordRoute).map(|route| make_header("Record-Route", route)));
    }
    for name in [HeaderName::From, HeaderName::To, HeaderName::CallId, HeaderName::CSeq] {
        let Some(value) = request.header(name) else { continue };
        let mut value = value.to_owned();
        if name == HeaderName::To
            && request.to_tag().is_none()
            && code > 100
            && let Some(tag) = local_tag
        {
            append(&mut value, format_args!(";tag={tag}"));
        }
        headers.push(make_header(name.as_str(), value));
    }
    if code == 100
        && let Some(sent) = request.header(HeaderName::Timestamp)
    {
        headers.push(make_header("Timestamp", sent));
    }
    let reason = reason.unwrap_or_else(|| standard_reason(code)).to_owned();
    Response {
        status_code: StatusCode::Other(code, reason),
        version: Version::V2,
        headers: Headers::from(headers),
        body: Vec::new(),
    }
}

/// A Via line whose top element carries the address that the request came from (RFC 3261 §18.2.1, RFC 3581 §4).
fn noted(line: &str, source: SocketAddr) -> String {
    let (top, below) = match scan::find_outside(line, b',') {
        Some(at) => line.split_at(at),
        None => (line, ""),
    };
    let Ok(via) = Via::parse(top.trim()) else { return line.to_owned() };
    let address = source.ip().to_canonical();
    let host = via.host.trim_start_matches('[').trim_end_matches(']');
    let differs = host.parse() != Ok(address);
    let mut out =
        top.trim_end()[..top.trim_end().len() - via.params().trim_end().len()].trim_end().to_owned();
    for part in scan::split_outside(via.params(), b';') {
        let (name, value) = scan::name_and_value(part);
        if name.eq_ignore_ascii_case("received") {
            // Only the receiver may write it.
        } else if name.eq_ignore_ascii_case("rport") {
            append(&mut out, format_args!(";rport={}", source.port()));
        } else {
            match value {
                Some(value) => append(&mut out, format_args!(";{name}={value}")),
                None => append(&mut out, format_args!(";{name}")),
            }
        }
    }
    if differs || via.wants_rport() {
        append(&mut out, format_args!(";received={address}"));
    }
    out + below
}

fn append(text: &mut String, more: std::fmt::Arguments<'_>) {
    text.write_fmt(more).expect("a string takes everything");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_via_tells_the_source_and_the_rest_stays() {
        let source = "192.0.2.1:9988".parse().unwrap();
        let line = "SIP/2.0/UDP 10.1.1.1:4540;received=6.6.6.6;rport;branch=z9hG4bKa , SIP/2.0/UDP h;rport";
        assert_eq!(
            noted(line, source),
            "SIP/2.0/UDP 10.1.1.1:4540;rport=9988;branch=z9hG4bKa;received=192.0.2.1, SIP/2.0/UDP h;rport"
        );
        assert_eq!(noted("SIP/2.0/UDP 192.0.2.1;branch=x", source), "SIP/2.0/UDP 192.0.2.1;branch=x");
        assert_eq!(
            noted("SIP/2.0/UDP host;branch=x", source),
            "SIP/2.0/UDP host;branch=x;received=192.0.2.1"
        );
        let six = "[2001:db8::1]:5060".parse().unwrap();
        assert_eq!(noted("SIP/2.0/UDP [2001:db8::1]", six), "SIP/2.0/UDP [2001:db8::1]");
    }
}
