//! What we build, as bytes.

use std::fmt::Write;

use bytes::{BufMut, Bytes, BytesMut};
use rsip::{Headers, Request, Response, StatusCode, Uri};

use crate::method::Method;
use crate::vocabulary::{name_and_value, one_line};

/// The bytes of a request. Content-Length is always that of the body, whatever the headers say.
pub fn print_request(request: &Request) -> Bytes {
    print_request_under(request, &[])
}

/// The same with header lines put before all others.
pub(crate) fn print_request_under(request: &Request, above: &[(&str, &str)]) -> Bytes {
    let mut out = BytesMut::with_capacity(1024 + request.body.len());
    out.put_slice(Method::from(request.method).as_str().as_bytes());
    out.put_u8(b' ');
    put_uri(&mut out, &request.uri);
    out.put_slice(b" SIP/2.0\r\n");
    for (name, value) in above {
        put_line(&mut out, name, value);
    }
    put_rest(out, &request.headers, &request.body)
}

/// The bytes of a response. Content-Length is always that of the body, whatever the headers say.
pub fn print_response(response: &Response) -> Bytes {
    let mut out = BytesMut::with_capacity(1024 + response.body.len());
    let code = response.status_code.code();
    let reason = match &response.status_code {
        // "Other" is what the vocabulary makes of a bare number.
        StatusCode::Other(_, reason) if reason != "Other" => one_line(reason),
        _ => standard_reason(code).into(),
    };
    put(&mut out, format_args!("SIP/2.0 {code} {reason}\r\n"));
    put_rest(out, &response.headers, &response.body)
}

fn put_rest(mut out: BytesMut, headers: &Headers, body: &[u8]) -> Bytes {
    for header in headers.iter() {
        let (name, value) = name_and_value(header);
        if !name.eq_ignore_ascii_case("Content-Length") && !name.eq_ignore_ascii_case("l") {
            put_line(&mut out, name, value);
        }
    }
    put(&mut out, format_args!("Content-Length: {}\r\n\r\n", body.len()));
    out.put_slice(body);
    out.freeze()
}

fn put_line(out: &mut BytesMut, name: &str, value: &str) {
    out.put_slice(one_line(name).as_bytes());
    out.put_slice(b": ");
    out.put_slice(one_line(value).as_bytes());
    out.put_slice(b"\r\n");
}

fn put_uri(out: &mut BytesMut, uri: &Uri) {
    let text = uri.to_string();
    if text.bytes().any(|b| b <= b' ') {
        // A blank would end the Request-URI early; escaped it is at least the same resource.
        let escaped = text.replace(' ', "%20").replace(['\t', '\r', '\n', '\0'], "");
        return out.put_slice(escaped.as_bytes());
    }
    out.put_slice(text.as_bytes());
}

fn put(out: &mut BytesMut, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a growing buffer takes everything");
}

/// The reason phrase that RFC 3261 §21 and the IANA registry give a status; for an unknown one that of its class.
pub fn standard_reason(code: u16) -> &'static str {
    registered_reason(code).unwrap_or(match code {
        ..200 => "Progress",
        200..300 => "OK",
        300..400 => "Redirected",
        400..500 => "Request Failure",
        500..600 => "Server Failure",
        600.. => "Global Failure",
    })
}

fn registered_reason(code: u16) -> Option<&'static str> {
    Some(match code {
        100 => "Trying",
        180 => "Ringing",
        181 => "Call Is Being Forwarded",
        182 => "Queued",
        183 => "Session Progress",
        199 => "Early Dialog Terminated",
        200 => "OK",
        202 => "Accepted",
        204 => "No Notification",
        300 => "Multiple Choices",
        301 => "Moved Permanently",
        302 => "Moved Temporarily",
        305 => "Use Proxy",
        380 => "Alternative Service",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        407 => "Proxy Authentication Required",
        408 => "Request Timeout",
        410 => "Gone",
        412 => "Conditional Request Failed",
        413 => "Request Entity Too Large",
        414 => "Request-URI Too Long",
        415 => "Unsupported Media Type",
        416 => "Unsupported URI Scheme",
        417 => "Unknown Resource-Priority",
        420 => "Bad Extension",
        421 => "Extension Required",
        422 => "Session Interval Too Small",
        423 => "Interval Too Brief",
        424 => "Bad Location Information",
        425 => "Bad Alert Message",
        428 => "Use Identity Header",
        429 => "Provide Referrer Identity",
        430 => "Flow Failed",
        433 => "Anonymity Disallowed",
        436 => "Bad Identity Info",
        437 => "Unsupported Credential",
        438 => "Invalid Identity Header",
        439 => "First Hop Lacks Outbound Support",
        440 => "Max-Breadth Exceeded",
        469 => "Bad Info Package",
        470 => "Consent Needed",
        480 => "Temporarily Unavailable",
        481 => "Call/Transaction Does Not Exist",
        482 => "Loop Detected",
        483 => "Too Many Hops",
        484 => "Address Incomplete",
        485 => "Ambiguous",
        486 => "Busy Here",
        487 => "Request Terminated",
        488 => "Not Acceptable Here",
        489 => "Bad Event",
        491 => "Request Pending",
        493 => "Undecipherable",
        494 => "Security Agreement Required",
        500 => "Server Internal Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Server Time-out",
        505 => "Version Not Supported",
        513 => "Message Too Large",
        555 => "Push Notification Service Not Supported",
        580 => "Precondition Failure",
        600 => "Busy Everywhere",
        603 => "Decline",
        604 => "Does Not Exist Anywhere",
        606 => "Not Acceptable",
        607 => "Unwanted",
        608 => "Rejected",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uri::SipUri;
    use crate::vocabulary::make_header;

    fn invite(headers: Vec<rsip::Header>, body: &[u8]) -> Request {
        Request {
            method: rsip::Method::PRack,
            uri: SipUri::parse("sip:b@[::1]:5070;lr").unwrap().to_rsip(),
            version: rsip::Version::V2,
            headers: headers.into(),
            body: body.to_vec(),
        }
    }

    #[test]
    fn bodies_go_out_raw_and_counted() {
        let request =
            invite(vec![make_header("Content-Length", "999"), make_header("X-A", "b")], b"\xff\x00\r\n");
        let printed = print_request(&request);
        assert_eq!(
            &printed[..],
            b"PRACK sip:b@[::1]:5070;lr SIP/2.0\r\nX-A: b\r\nContent-Length: 4\r\n\r\n\xff\x00\r\n"
        );
    }

    #[test]
    fn a_line_break_in_a_value_adds_no_header() {
        let printed = print_request(&invite(vec![make_header("X-A", "b\r\nX-Evil: 1")], b""));
        assert!(!printed.windows(7).any(|part| part == b"\nX-Evil"));
    }

    #[test]
    fn statuses_have_their_phrases() {
        let line = |status_code| {
            let response = Response {
                status_code,
                version: rsip::Version::V2,
                headers: Headers::default(),
                body: vec![],
            };
            String::from_utf8(print_response(&response).to_vec()).unwrap().lines().next().unwrap().to_owned()
        };
        assert_eq!(line(StatusCode::SessionProgress), "SIP/2.0 183 Session Progress");
        assert_eq!(line(StatusCode::from(608)), "SIP/2.0 608 Rejected");
        assert_eq!(line(StatusCode::Other(404, "No Such Number".into())), "SIP/2.0 404 No Such Number");
    }
}
