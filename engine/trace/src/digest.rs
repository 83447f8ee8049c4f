//! The challenges and credentials of a message, taken apart.

use domain::TraceDigest;
use sip::{
    Message,
    digest::{Challenge, Credentials, Qop},
};

/// The headers, with whether each is a challenge.
const HEADERS: [(&str, bool); 4] = [
    ("WWW-Authenticate", true),
    ("Proxy-Authenticate", true),
    ("Authorization", false),
    ("Proxy-Authorization", false),
];
/// Digests of one message; honest ones have two.
const MOST: usize = 8;
/// Characters of a part.
const LONGEST: usize = 200;

/// The challenges and credentials of a message.
pub(crate) fn digests(message: &Message) -> Vec<TraceDigest> {
    let of = |(name, value): (&str, &str)| {
        let (header, is_challenge) =
            HEADERS.into_iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        let read = if is_challenge { challenge(value) } else { credentials(value) };
        let (parts, fault) = match read {
            Ok(parts) => (parts, None),
            Err(fault) => (Vec::new(), Some(fault.to_string())),
        };
        let cut = |(name, value): (&str, String)| {
            (name.to_owned(), crate::glance::shown(value.as_bytes(), LONGEST))
        };
        let parts = parts.into_iter().map(cut).collect();
        Some(TraceDigest { header: header.to_owned(), is_challenge, parts, fault })
    };
    message.all_headers().filter_map(of).take(MOST).collect()
}

type Parts = Vec<(&'static str, String)>;

fn challenge(value: &str) -> Result<Parts, sip::digest::DigestError> {
    let challenge = Challenge::parse(value)?;
    let qop: Vec<_> = challenge.qop.iter().map(|qop| Qop::as_str(*qop)).collect();
    let mut parts = vec![
        ("realm", challenge.realm),
        ("nonce", challenge.nonce),
        ("algorithm", challenge.algorithm.as_str().to_owned()),
    ];
    if !qop.is_empty() {
        parts.push(("qop", qop.join(", ")));
    }
    parts.extend(challenge.opaque.map(|opaque| ("opaque", opaque)));
    parts.push(("stale", challenge.stale.to_string()));
    Ok(parts)
}

fn credentials(value: &str) -> Result<Parts, sip::digest::DigestError> {
    let credentials = Credentials::parse(value)?;
    let mut parts = vec![
        ("username", credentials.username),
        ("realm", credentials.realm),
        ("nonce", credentials.nonce),
        ("uri", credentials.uri),
        ("algorithm", credentials.algorithm.as_str().to_owned()),
        ("response", credentials.response),
    ];
    if let Some((qop, count, cnonce)) = credentials.counted {
        parts.extend([("qop", qop.as_str().to_owned()), ("nc", format!("{count:08x}")), ("cnonce", cnonce)]);
    }
    parts.extend(credentials.opaque.map(|opaque| ("opaque", opaque)));
    Ok(parts)
}
