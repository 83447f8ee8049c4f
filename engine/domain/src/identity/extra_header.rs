//! Headers beside those that the switch understands (SIP-12).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// What the switch writes itself, what has settings of its own, and what says something of one hop or one leg only: no gateway's
/// setting sets or passes it. Sorted, in lower case.
const OURS: &[&str] = &[
    "accept",
    "accept-encoding",
    "allow",
    "allow-events",
    "authentication-info",
    "authorization",
    "call-id",
    "contact",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-type",
    "cseq",
    "diversion",
    "error-info",
    "event",
    "expires",
    "flow-timer",
    "from",
    "history-info",
    "join",
    "max-breadth",
    "max-forwards",
    "mime-version",
    "min-expires",
    "min-se",
    "p-asserted-identity",
    "p-associated-uri",
    "p-called-party-id",
    "p-preferred-identity",
    "path",
    "privacy",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-authorization",
    "proxy-require",
    "rack",
    "record-route",
    "recv-info",
    "refer-sub",
    "refer-to",
    "referred-by",
    "remote-party-id",
    "replaces",
    "require",
    "retry-after",
    "route",
    "rseq",
    "security-client",
    "security-server",
    "security-verify",
    "server",
    "service-route",
    "session-expires",
    "sip-etag",
    "sip-if-match",
    "subscription-state",
    "supported",
    "target-dialog",
    "timestamp",
    "to",
    "unsupported",
    "user-agent",
    "via",
    "warning",
    "www-authenticate",
];

/// Why a text names or is no header that a gateway may have.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum HeaderError {
    /// It is no name of a header.
    #[error("write the name of a header, like X-Carrier: letters, digits and -")]
    BadName,
    /// The switch has it in its own hands.
    #[error("{0} belongs to the switch: it can be neither set nor passed on")]
    Ours(String),
    /// No colon.
    #[error("write each header on its own line, like X-Carrier: 7")]
    NoValue,
    /// A value that does not fit one line.
    #[error("a value has 1 to 256 characters, without control characters")]
    BadValue,
}

/// The name of a header that may be set or passed on: 2 to 64 characters. Letter case is kept and does not matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderField(String);

impl HeaderField {
    /// The name as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is this header.
    pub fn is(&self, name: &str) -> bool {
        self.0.eq_ignore_ascii_case(name)
    }

    /// Whether a header of this name, in its long form, may go on from one leg to the other at all.
    pub fn may_pass(name: &str) -> bool {
        // Every name of one letter is the short form of one that has a long one.
        name.len() > 1 && OURS.binary_search(&name.to_ascii_lowercase().as_str()).is_err()
    }
}

impl FromStr for HeaderField {
    type Err = HeaderError;
    fn from_str(s: &str) -> Result<Self, HeaderError> {
        let name = s.trim_matches([' ', '\t']);
        let sound = (2..=64).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.!%_+`'~".contains(&b));
        if !sound {
            Err(HeaderError::BadName)
        } else if Self::may_pass(name) {
            Ok(Self(name.to_owned()))
        } else {
            Err(HeaderError::Ours(name.to_owned()))
        }
    }
}

impl fmt::Display for HeaderField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A header with its value, as every call to a gateway carries it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CustomHeader {
    /// Its name.
    pub name: HeaderField,
    value: String,
}

impl CustomHeader {
    /// Characters of a value.
    pub const LONGEST: usize = 256;

    /// What it says; fits one line.
    pub fn value(&self) -> &str {
        &self.value
    }
}

impl FromStr for CustomHeader {
    type Err = HeaderError;
    fn from_str(s: &str) -> Result<Self, HeaderError> {
        let (name, value) = s.split_once(':').ok_or(HeaderError::NoValue)?;
        let (name, value) = (name.parse()?, value.trim_matches([' ', '\t']));
        let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        if value.is_empty() || value.chars().count() > Self::LONGEST || value.chars().any(breaks) {
            return Err(HeaderError::BadValue);
        }
        Ok(Self { name, value: value.to_owned() })
    }
}

impl fmt::Display for CustomHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name, self.value)
    }
}

impl TryFrom<String> for CustomHeader {
    type Error = HeaderError;
    fn try_from(text: String) -> Result<Self, HeaderError> {
        text.parse()
    }
}

impl From<CustomHeader> for String {
    fn from(header: CustomHeader) -> Self {
        header.to_string()
    }
}

/// Which headers of the caller's go on.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "Vec<String>", into = "Vec<String>")]
pub enum PassedHeaders {
    /// None.
    #[default]
    Nothing,
    /// Each that may pass.
    All,
    /// These.
    Listed(Vec<HeaderField>),
}

impl PassedHeaders {
    /// What stands for all of them.
    pub const ALL: &str = "*";
    /// How many can be listed.
    pub const MOST: usize = 32;

    /// These, each once.
    pub fn listed(names: Vec<HeaderField>) -> Self {
        let mut kept: Vec<HeaderField> = Vec::new();
        for name in names {
            if !kept.iter().any(|earlier| earlier.is(name.as_str())) {
                kept.push(name);
            }
        }
        if kept.is_empty() { Self::Nothing } else { Self::Listed(kept) }
    }

    /// Each as it is written.
    pub fn words(&self) -> Vec<String> {
        match self {
            Self::Nothing => Vec::new(),
            Self::All => vec![Self::ALL.to_owned()],
            Self::Listed(names) => names.iter().map(HeaderField::to_string).collect(),
        }
    }
}

impl TryFrom<Vec<String>> for PassedHeaders {
    type Error = HeaderError;
    fn try_from(words: Vec<String>) -> Result<Self, HeaderError> {
        match words.as_slice() {
            [all] if all == Self::ALL => Ok(Self::All),
            words => words.iter().map(|word| word.parse()).collect::<Result<_, _>>().map(Self::listed),
        }
    }
}

impl From<PassedHeaders> for Vec<String> {
    fn from(passed: PassedHeaders) -> Self {
        passed.words()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_switch_writes_itself_can_be_neither_set_nor_passed() {
        assert!(OURS.is_sorted(), "it is searched by halves");
        for name in ["Via", "rOuTe", "Contact", "Content-Length", "P-Asserted-Identity", "Privacy"] {
            assert_eq!(name.parse::<HeaderField>(), Err(HeaderError::Ours(name.into())));
            assert!(format!("{name}: x").parse::<CustomHeader>().is_err());
        }
        // `v`, `m` and their like are short for these.
        assert!("v: x".parse::<CustomHeader>().is_err());
        assert!(!HeaderField::may_pass("l") && HeaderField::may_pass("X-Other"));
    }

    #[test]
    fn no_value_can_open_another_line() {
        for bad in [
            "X-A: b\r\nVia: SIP/2.0/UDP evil",
            "X-A: b\nc",
            "X-A: b\0",
            "X-A:",
            "X-A: \t ",
            "X-A: b\u{2028}c",
            "X A: b",
            "X-A\r: b",
            ": b",
            "X-A",
            &format!("X-A: {}", "b".repeat(257)),
            &format!("{}: b", "X".repeat(65)),
        ] {
            assert!(bad.parse::<CustomHeader>().is_err(), "{bad:?}");
        }
        let header: CustomHeader = " X-A :  sip:a@b;x=\"y, z\" ".parse().unwrap();
        assert_eq!((header.name.as_str(), header.value()), ("X-A", "sip:a@b;x=\"y, z\""));
        assert_eq!(header.to_string().parse::<CustomHeader>().unwrap(), header);
    }

    #[test]
    fn listed_names_are_kept_once_and_a_star_stands_alone() {
        let words = |words: &[&str]| {
            PassedHeaders::try_from(words.iter().map(|w| (*w).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(words(&["*"]).unwrap(), PassedHeaders::All);
        assert_eq!(words(&[]).unwrap(), PassedHeaders::Nothing);
        assert_eq!(words(&["X-A", "x-a"]).unwrap().words(), ["X-A"]);
        assert!(words(&["*", "X-A"]).is_err());
    }
}
