//! When two URIs are the same (RFC 3261 §19.1.4).

use super::{Scheme, SipUri, decode};
use crate::params::Params;

/// Parameters that make two URIs differ when only one of them has it.
const DECIDING: [&str; 5] = ["user", "ttl", "method", "maddr", "transport"];

pub(super) fn equivalent(a: &SipUri, b: &SipUri) -> bool {
    if a.scheme != b.scheme {
        return false;
    }
    match a.scheme {
        Scheme::Tel => {
            digits(a) == digits(b) && same_params(&a.params, &b.params, &["phone-context", "ext", "isub"])
        }
        Scheme::Other(_) => a.host == b.host,
        Scheme::Sip | Scheme::Sips => {
            a.user.as_deref().map(decode) == b.user.as_deref().map(decode)
                && a.host.eq_ignore_ascii_case(&b.host)
                && a.port == b.port
                && same_params(&a.params, &b.params, &DECIDING)
                && same_headers(a, b)
        }
    }
}

/// Visual separators of a telephone number mean nothing (RFC 3966 §4).
fn digits(uri: &SipUri) -> String {
    let number = uri.user.as_deref().unwrap_or_default();
    number.chars().filter(|c| !"-.()".contains(*c)).collect::<String>().to_ascii_lowercase()
}

fn same_params(a: &Params, b: &Params, deciding: &[&str]) -> bool {
    let agree = |x: &Params, y: &Params| {
        x.iter().all(|(name, value)| match y.get(name) {
            Some(theirs) => decode(value.unwrap_or("")).eq_ignore_ascii_case(&decode(theirs)),
            None => !deciding.iter().any(|d| d.eq_ignore_ascii_case(name)),
        })
    };
    agree(a, b) && agree(b, a)
}

fn same_headers(a: &SipUri, b: &SipUri) -> bool {
    let covers = |x: &SipUri, y: &SipUri| {
        x.headers.iter().all(|(name, value)| {
            y.headers.iter().any(|(n, v)| n.eq_ignore_ascii_case(name) && decode(v) == decode(value))
        })
    };
    a.headers.len() == b.headers.len() && covers(a, b) && covers(b, a)
}
