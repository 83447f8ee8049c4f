//! Why a request was sent (RFC 3326): `Q.850;cause=17;text="User busy"`.

use std::fmt;

use crate::message::{HeaderName, Message};
use crate::params::Params;

/// One value of the Reason header.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reason {
    /// `SIP`, `Q.850` or another register of causes.
    pub protocol: String,
    /// The cause in that register.
    pub cause: Option<u16>,
    /// Words for people.
    pub text: Option<String>,
}

impl Reason {
    /// An ISDN cause (ITU-T Q.850), 1 to 127.
    pub fn q850(cause: u16) -> Self {
        Self { protocol: "Q.850".into(), cause: Some(cause), text: None }
    }

    /// A SIP status, as when a call was answered elsewhere: 200 (RFC 3326 §3.1).
    pub fn sip(status: u16, text: &str) -> Self {
        Self { protocol: "SIP".into(), cause: Some(status), text: Some(text.to_owned()) }
    }

    /// Reads one value; `None` without a protocol.
    pub fn parse(text: &str) -> Option<Self> {
        let (protocol, params) = text.split_once(';').unwrap_or((text, ""));
        let protocol = protocol.trim();
        if !crate::scan::is_token(protocol) {
            return None;
        }
        let params = Params::parse(params);
        Some(Self {
            protocol: protocol.to_owned(),
            cause: params.get("cause").and_then(|cause| cause.parse().ok()),
            text: params.unquoted("text").filter(|text| !text.is_empty()),
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.protocol)?;
        if let Some(cause) = self.cause {
            write!(f, ";cause={cause}")?;
        }
        if let Some(text) = &self.text {
            write!(
                f,
                ";text=\"{}\"",
                text.replace('\\', "\\\\").replace('"', "\\\"").replace(['\r', '\n'], " ")
            )?;
        }
        Ok(())
    }
}

impl Message {
    /// All reasons given, in order; what cannot be read is left out.
    pub fn reasons(&self) -> impl Iterator<Item = Reason> {
        self.list(HeaderName::Reason).filter_map(Reason::parse)
    }

    /// The ISDN cause given, when there is one.
    pub fn q850_cause(&self) -> Option<u16> {
        self.reasons().find(|reason| reason.protocol.eq_ignore_ascii_case("Q.850"))?.cause
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_read_back_as_they_were_printed() {
        for reason in [
            Reason::q850(17),
            Reason::sip(200, "Call completed \"elsewhere\", \\o/"),
            Reason { protocol: "X.int".into(), cause: None, text: None },
        ] {
            assert_eq!(Reason::parse(&reason.to_string()), Some(reason));
        }
        let loose = Reason::parse(" q.850 ; cause = 16 ;text=\"Terminated\"").unwrap();
        assert_eq!(
            (loose.protocol.as_str(), loose.cause, loose.text.as_deref()),
            ("q.850", Some(16), Some("Terminated"))
        );
        assert_eq!(Reason::parse("Q.850;cause=abc").unwrap().cause, None);
        assert_eq!(Reason::parse(";cause=1"), None);
    }
}
