//! SIP, SIPS and tel URIs (RFC 3261 §19.1, RFC 3966).

use std::fmt;
use std::net::SocketAddr;

use crate::message::ParseError;
use crate::params::Params;
use crate::scan;

mod compare;

/// What kind of address a URI is.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Scheme {
    /// `sip:`
    Sip,
    /// `sips:`
    Sips,
    /// `tel:` (RFC 3966)
    Tel,
    /// Anything else, such as `urn`, in lower case.
    Other(String),
}

impl Scheme {
    /// The word before the colon.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Sip => "sip",
            Self::Sips => "sips",
            Self::Tel => "tel",
            Self::Other(name) => name,
        }
    }
}

/// A URI as sent: nothing is decoded, so that it prints as it came.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct SipUri {
    /// The scheme.
    pub scheme: Scheme,
    /// Everything before `@`, verbatim: user parameters (`;npdi;rn=…`) and a password stay in it. For `tel:` the
    /// number as written.
    pub user: Option<String>,
    /// Host, IPv6 in brackets. Empty for `tel:`; for other schemes all that follows the colon.
    pub host: String,
    /// The port, when written.
    pub port: Option<u16>,
    /// URI parameters such as `transport` or `lr`.
    pub params: Params,
    /// Headers after `?`, verbatim.
    pub headers: Vec<(String, String)>,
}

impl SipUri {
    /// A `sip:` URI; an empty user is left out.
    pub fn sip(user: &str, host: &str, port: Option<u16>) -> Self {
        let user = (!user.is_empty()).then(|| user.to_owned());
        Self {
            scheme: Scheme::Sip,
            user,
            host: host.to_owned(),
            port,
            params: Params::new(),
            headers: Vec::new(),
        }
    }

    /// Reads a URI without angle brackets.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Self::read(text).ok_or(ParseError::BadUri)
    }

    fn read(text: &str) -> Option<Self> {
        let (scheme, rest) = text.split_once(':')?;
        let legal = |b: u8| b.is_ascii_alphanumeric() || b"+-.".contains(&b);
        if scheme.is_empty() || !scheme.bytes().all(legal) || rest.is_empty() {
            return None;
        }
        if rest.bytes().any(|b| b <= b' ' || b == b'<' || b == b'>' || b == 0x7f) {
            return None;
        }
        match scheme.to_ascii_lowercase().as_str() {
            "sip" => Self::read_sip(Scheme::Sip, rest),
            "sips" => Self::read_sip(Scheme::Sips, rest),
            "tel" => {
                let (number, params) = rest.split_at(rest.find(';').unwrap_or(rest.len()));
                if number.is_empty() {
                    return None;
                }
                Some(Self {
                    scheme: Scheme::Tel,
                    user: Some(number.to_owned()),
                    host: String::new(),
                    port: None,
                    params: Params::parse(params),
                    headers: Vec::new(),
                })
            }
            other => Some(Self {
                scheme: Scheme::Other(other.to_owned()),
                user: None,
                host: rest.to_owned(),
                port: None,
                params: Params::new(),
                headers: Vec::new(),
            }),
        }
    }

    fn read_sip(scheme: Scheme, rest: &str) -> Option<Self> {
        // The user part may hold `;` and `?`, the host part no `@`: the first `@` is the only border.
        let (user, rest) = match rest.split_once('@') {
            Some(("", _)) => return None,
            Some((user, rest)) => (Some(user.to_owned()), rest),
            None => (None, rest),
        };
        let (rest, headers) = match rest.split_once('?') {
            Some((rest, headers)) => (rest, headers),
            None => (rest, ""),
        };
        let (place, params) = rest.split_at(rest.find(';').unwrap_or(rest.len()));
        let (host, port) = scan::host_and_port(place)?;
        // RFC 3261's grammar allows three colons before an embedded IPv4 address (RFC 5118 §4.10); nobody else does.
        let host = if host.starts_with('[') { host.replace(":::", "::") } else { host.to_owned() };
        let headers = headers
            .split('&')
            .filter(|part| !part.is_empty())
            .map(|part| part.split_once('=').unwrap_or((part, "")))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Some(Self { scheme, user, host, port, params: Params::parse(params), headers })
    }

    /// The address to send to when the host is a literal: its port, or 5060 (5061 for `sips:` and `transport=tls`,
    /// RFC 3263 §4.2). `maddr` wins over the host (RFC 3261 §18.1.1).
    pub fn socket_addr(&self) -> Option<SocketAddr> {
        if !matches!(self.scheme, Scheme::Sip | Scheme::Sips) {
            return None;
        }
        let host = self.params.get("maddr").filter(|address| !address.is_empty()).unwrap_or(&self.host);
        let host = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
        Some(SocketAddr::new(host.parse().ok()?, self.effective_port()?))
    }

    /// The port as written, or else 5060 (5061 for `sips:` and `transport=tls`); `None` when the scheme has no ports.
    pub fn effective_port(&self) -> Option<u16> {
        if !matches!(self.scheme, Scheme::Sip | Scheme::Sips) {
            return None;
        }
        let tls = self.scheme == Scheme::Sips
            || self.params.get("transport").is_some_and(|transport| transport.eq_ignore_ascii_case("tls"));
        Some(self.port.unwrap_or(if tls { 5061 } else { 5060 }))
    }

    /// The user without user parameters and password, percent escapes resolved: the name or number to look up.
    pub fn decoded_user(&self) -> Option<String> {
        self.user.as_deref().map(|user| decode(user_name(user)))
    }

    /// Says of a user that is a telephone number that it is one: `user=phone` (RFC 3261 §19.1.1).
    pub fn mark_phone(&mut self) {
        let Some(user) = self.user.as_deref().map(user_name) else { return };
        let digits = user.strip_prefix('+').unwrap_or(user);
        let written = |b: u8| b.is_ascii_digit() || b"*#-.()".contains(&b);
        if digits.bytes().all(written) && digits.bytes().any(|b| b.is_ascii_digit()) {
            self.params.set("user", Some("phone"));
        }
    }

    /// A parameter inside the user part, such as `rn` or `npdi` (RFC 4694), or of a `tel:` URI.
    pub fn user_param(&self, name: &str) -> Option<&str> {
        if self.scheme == Scheme::Tel {
            return self.params.get(name);
        }
        let user = self.user.as_deref()?;
        let user = user.split_once(':').map_or(user, |(user, _)| user);
        scan::find_param(user.split_once(';')?.1, name)
    }

    /// Whether two URIs name the same resource (RFC 3261 §19.1.4, RFC 3966 §4).
    pub fn equivalent(&self, other: &Self) -> bool {
        compare::equivalent(self, other)
    }

    /// The same URI for a request that we build. URI headers are left out: a Request-URI has none.
    pub fn to_rsip(&self) -> rsip::Uri {
        let scheme = match self.scheme {
            Scheme::Sip => rsip::Scheme::Sip,
            Scheme::Sips => rsip::Scheme::Sips,
            // The vocabulary would print `tel://…`, so these go in as one verbatim word.
            Scheme::Tel | Scheme::Other(_) => return verbatim(self.to_string()),
        };
        let params = self
            .params
            .iter()
            .map(|(name, value)| rsip::Param::Other(name.into(), value.map(|value| value.into())))
            .collect();
        rsip::Uri {
            scheme: Some(scheme),
            auth: self.user.as_ref().map(|user| rsip::Auth { user: user.clone(), password: None }),
            host_with_port: host_with_port(&self.host, self.port),
            params,
            headers: Vec::new(),
        }
    }
}

/// Whether a Request-URI names a host that can be read, without taking it apart: a `sip:` URI with a broken host, such
/// as an IPv6 address without brackets (RFC 5118 §4.2), is nobody's. Other schemes have no host.
pub(crate) fn has_sound_place(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once(':') else { return true };
    if !scheme.eq_ignore_ascii_case("sip") && !scheme.eq_ignore_ascii_case("sips") {
        return true;
    }
    let rest = rest.split_once('@').map_or(rest, |(_, rest)| rest);
    let place = rest.split(['?', ';']).next().unwrap_or(rest);
    scan::host_and_port(place).is_some()
}

fn host_with_port(host: &str, port: Option<u16>) -> rsip::HostWithPort {
    // Always the domain variant: the address variant prints IPv6 without brackets.
    rsip::HostWithPort { host: rsip::Host::Domain(host.into()), port: port.map(rsip::Port::from) }
}

fn verbatim(text: String) -> rsip::Uri {
    rsip::Uri {
        scheme: None,
        auth: None,
        host_with_port: rsip::HostWithPort { host: rsip::Host::Domain(text.into()), port: None },
        params: Vec::new(),
        headers: Vec::new(),
    }
}

fn user_name(user: &str) -> &str {
    user.split([';', ':']).next().unwrap_or(user)
}

/// Percent escapes resolved; what is not an escape stays as it is.
fn decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut i = 0;
    while i < bytes.len() {
        let digit = |at: usize| bytes.get(at).and_then(|&b| (b as char).to_digit(16));
        match (bytes[i], digit(i + 1), digit(i + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                i += 3;
            }
            (b, ..) => {
                out.push(b);
                i += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

impl fmt::Display for SipUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.scheme.as_str())?;
        match (&self.scheme, &self.user) {
            (Scheme::Tel, Some(number)) => f.write_str(number)?,
            (_, Some(user)) => write!(f, "{user}@")?,
            (_, None) => {}
        }
        f.write_str(&self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        write!(f, "{}", self.params)?;
        for (at, (name, value)) in self.headers.iter().enumerate() {
            write!(f, "{}{name}={value}", if at == 0 { '?' } else { '&' })?;
        }
        Ok(())
    }
}

impl std::str::FromStr for SipUri {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests;
