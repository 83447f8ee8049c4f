//! Headers of the requests and responses that we build, by name.
//!
//! `rsip` has a type for each common header and a pair of strings for the rest; here both are just a name and a value.

use std::borrow::Cow;

use rsip::headers::UntypedHeader;
use rsip::{Header, Headers};

use crate::message::HeaderName;

macro_rules! typed_headers {
    ($($variant:ident),* $(,)?) => {
        /// Name and value of a header, as printed.
        pub fn name_and_value(header: &Header) -> (&str, &str) {
            match header {
                $(Header::$variant(value) => (HeaderName::$variant.as_str(), value.value()),)*
                Header::Other(name, value) => (name, value),
            }
        }

        /// A header from its name, long or compact, and its value, which is printed as it is.
        pub fn make_header(name: &str, value: impl Into<String>) -> Header {
            match HeaderName::from_bytes(name.as_bytes()) {
                $(HeaderName::$variant => Header::$variant(rsip::headers::$variant::new(value.into())),)*
                HeaderName::Other => Header::Other(name.to_owned(), value.into()),
                known => Header::Other(known.as_str().to_owned(), value.into()),
            }
        }
    };
}

typed_headers!(
    Accept,
    AcceptEncoding,
    AcceptLanguage,
    AlertInfo,
    Allow,
    AuthenticationInfo,
    Authorization,
    CSeq,
    CallId,
    CallInfo,
    Contact,
    ContentDisposition,
    ContentEncoding,
    ContentLanguage,
    ContentLength,
    ContentType,
    Date,
    ErrorInfo,
    Event,
    Expires,
    From,
    InReplyTo,
    MaxForwards,
    MimeVersion,
    MinExpires,
    Organization,
    Priority,
    ProxyAuthenticate,
    ProxyAuthorization,
    ProxyRequire,
    RecordRoute,
    ReplyTo,
    Require,
    RetryAfter,
    Route,
    Server,
    Subject,
    SubscriptionState,
    Supported,
    Timestamp,
    To,
    Unsupported,
    UserAgent,
    Via,
    Warning,
    WwwAuthenticate,
);

/// The value of the first header of this name, case ignored.
pub fn find_header<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
    header_list(headers, name).next()
}

/// The values of all headers of this name, in order.
pub fn header_list<'a>(headers: &'a Headers, name: &str) -> impl Iterator<Item = &'a str> {
    headers
        .iter()
        .map(name_and_value)
        .filter(move |(spelled, _)| spelled.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}

/// Takes out every header of this name.
pub fn remove_header(headers: &mut Headers, name: &str) {
    headers.retain(|header| !name_and_value(header).0.eq_ignore_ascii_case(name));
}

/// Puts one header in the place of the first of this name, or at the end, and takes out the others.
pub fn replace_header(headers: &mut Headers, name: &str, value: impl Into<String>) {
    let mut fresh = Some(make_header(name, value));
    let mut kept = Vec::new();
    for header in std::mem::take(headers) {
        if name_and_value(&header).0.eq_ignore_ascii_case(name) {
            kept.extend(fresh.take());
        } else {
            kept.push(header);
        }
    }
    kept.extend(fresh);
    *headers = kept.into();
}

/// A value fit for one header line. Values can come from forms and from the other leg, and a line break in one would
/// let its writer add headers of their own.
pub(crate) fn one_line(value: &str) -> Cow<'_, str> {
    if value.contains(['\r', '\n', '\0']) {
        Cow::Owned(value.replace(['\r', '\n', '\0'], " "))
    } else {
        Cow::Borrowed(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_keep_name_and_value_whatever_their_kind() {
        for (given, printed) in [
            ("i", "Call-ID"),
            ("call-id", "Call-ID"),
            ("X-Foo", "X-Foo"),
            ("p-asserted-identity", "P-Asserted-Identity"),
            ("mime-version", "MIME-Version"),
        ] {
            assert_eq!(name_and_value(&make_header(given, "v")), (printed, "v"));
        }
    }

    #[test]
    fn replacing_keeps_the_place_and_leaves_one() {
        let mut headers: Headers =
            vec![make_header("Via", "1"), make_header("To", "a"), make_header("via", "2")].into();
        replace_header(&mut headers, "VIA", "3");
        replace_header(&mut headers, "X-New", "4");
        let all: Vec<_> = headers.iter().map(name_and_value).collect();
        assert_eq!(all, [("Via", "3"), ("To", "a"), ("X-New", "4")]);
        remove_header(&mut headers, "x-new");
        assert_eq!(find_header(&headers, "x-new"), None);
    }
}
