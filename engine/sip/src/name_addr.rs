//! From, To, Contact, Route and their kin: a name, a URI, parameters (RFC 3261 §20.10).

use std::fmt;

use crate::message::ParseError;
use crate::params::Params;
use crate::scan;
use crate::uri::SipUri;

/// `"Name" <uri>;params`, or a bare URI whose parameters belong to the header.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NameAddr {
    /// The display name without quotes and escapes.
    pub display: Option<String>,
    /// The address.
    pub uri: SipUri,
    /// Header parameters such as `tag` or `expires`.
    pub params: Params,
}

impl NameAddr {
    /// Reads one element. A `<` inside the quoted display name never starts the URI: identity depends on it.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let parts = split(text).ok_or(ParseError::BadAddress)?;
        Ok(Self {
            display: (!parts.display.is_empty()).then(|| scan::unquote(parts.display)),
            uri: SipUri::parse(parts.uri)?,
            params: Params::parse(parts.params),
        })
    }

    /// The dialog tag (RFC 3261 §19.3).
    pub fn tag(&self) -> Option<&str> {
        self.params.get("tag").filter(|tag| !tag.is_empty())
    }
}

impl fmt::Display for NameAddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(display) = &self.display {
            f.write_str("\"")?;
            for c in display.chars() {
                match c {
                    '"' | '\\' => write!(f, "\\{c}")?,
                    // A display name may come from a form; it must not open another header line.
                    '\r' | '\n' => f.write_str(" ")?,
                    _ => write!(f, "{c}")?,
                }
            }
            f.write_str("\" ")?;
        }
        write!(f, "<{}>{}", self.uri, self.params)
    }
}

/// The tag parameter of a From or To value, without reading the rest of it.
pub fn tag_of(text: &str) -> Option<&str> {
    scan::find_param(split(text)?.params, "tag").filter(|tag| !tag.is_empty())
}

/// The tag of a From or To value; `None` when the value cannot be taken apart, `Some(None)` when it has no tag.
pub(crate) fn checked_tag(text: &str) -> Option<Option<&str>> {
    let parts = split(text)?;
    let tag = scan::find_param(parts.params, "tag").filter(|tag| !tag.is_empty());
    let sound = !parts.uri.is_empty() && tag.is_none_or(|tag| !tag.contains(['"', ' ', '\t']));
    sound.then_some(tag)
}

struct Parts<'a> {
    display: &'a str,
    uri: &'a str,
    params: &'a str,
}

fn split(text: &str) -> Option<Parts<'_>> {
    let text = text.trim();
    let open = if text.starts_with('"') { closing_quote(text)? + 1 } else { 0 };
    match text[open..].find('<').map(|at| at + open) {
        Some(at) => {
            // Between a quoted name and the bracket only blanks may stand.
            if open > 0 && !text[open..at].trim().is_empty() {
                return None;
            }
            let end = at + text[at..].find('>')?;
            let params = text[end + 1..].trim_start();
            if !params.is_empty() && !params.starts_with(';') {
                return None;
            }
            Some(Parts { display: text[..at].trim_end(), uri: text[at + 1..end].trim(), params })
        }
        None if open > 0 => None,
        None => {
            let end = text.find(';').unwrap_or(text.len());
            Some(Parts { display: "", uri: text[..end].trim_end(), params: &text[end..] })
        }
    }
}

fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().enumerate().skip(1).find_map(|(at, b)| {
        if escaped {
            escaped = false;
            return None;
        }
        escaped = b == b'\\';
        (b == b'"').then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bracket_in_the_display_name_forges_nothing() {
        let from = NameAddr::parse(r#""A <sip:boss@h> \" x" <sip:a@h;lr>;tag=1;+s="a;b""#).unwrap();
        assert_eq!(from.display.as_deref(), Some(r#"A <sip:boss@h> " x"#));
        assert_eq!(from.uri.to_string(), "sip:a@h;lr");
        assert_eq!((from.tag(), from.params.unquoted("+s").as_deref()), (Some("1"), Some("a;b")));
        assert_eq!(NameAddr::parse(&from.to_string()).unwrap(), from);
    }

    #[test]
    fn parameters_of_a_bare_uri_belong_to_the_header() {
        let to = NameAddr::parse("sip:a@h;tag=7").unwrap();
        assert_eq!((to.uri.to_string().as_str(), to.tag()), ("sip:a@h", Some("7")));
        assert_eq!(tag_of("Bob B <sip:b@h;tag=no> ; Tag=yes"), Some("yes"));
    }

    #[test]
    fn broken_quoting_is_refused() {
        for bad in [r#""open <sip:a@h>"#, "<sip:a@h", r#""x" y <sip:a@h>"#, r#""x""#, "<sip:a@h> tag=1", ""] {
            assert!(NameAddr::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_line_break_in_a_display_name_does_not_print() {
        let name = NameAddr {
            display: Some("a\r\nX: y".into()),
            uri: SipUri::sip("b", "h", None),
            params: Params::new(),
        };
        assert_eq!(name.to_string(), "\"a  X: y\" <sip:b@h>");
    }
}
