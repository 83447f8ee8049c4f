//! What a REGISTER asks for.

use sip::{HeaderName, Message, NameAddr, Scheme, SipUri};
use smallvec::SmallVec;

use super::Device;
use crate::answer::Reply;

/// Contacts that one request may name.
const MOST: usize = 10;

/// Longest contact in bytes.
const LONGEST: usize = 512;

/// Longest Call-ID in bytes.
pub(crate) const LONGEST_CALL_ID: usize = 256;

/// What a REGISTER asks for.
#[derive(Debug)]
pub(crate) enum Asked {
    /// Which contacts there are.
    Question,
    /// `*`: that all of them go.
    RemoveAll,
    /// That these are added, refreshed or removed.
    Contacts(SmallVec<[Contact; 1]>),
}

/// One contact of a request.
#[derive(Debug)]
pub(crate) struct Contact {
    pub(crate) text: Box<str>,
    pub(crate) uri: SipUri,
    /// Seconds; zero removes, nothing leaves it to us.
    pub(crate) expires: Option<u32>,
    pub(crate) q: u16,
    pub(crate) device: Option<Device>,
}

impl Asked {
    /// Reads the Contact headers (RFC 3261 §10.3 steps 6 and 7).
    ///
    /// # Errors
    /// 400 for contacts that cannot be; 403 for more than anybody has.
    pub(crate) fn read(message: &Message) -> Result<Self, Reply> {
        let general = message.header(HeaderName::Expires).map(seconds);
        let mut contacts = SmallVec::new();
        let mut all = false;
        for (count, element) in message.list(HeaderName::Contact).enumerate() {
            if count == MOST {
                return Err(Reply::because(403, "Too Many Contacts"));
            }
            match element {
                "*" => all = true,
                element => contacts.push(Contact::read(element, general)?),
            }
        }
        match (all, contacts.is_empty()) {
            // Only alone, and only to remove.
            (true, true) if general == Some(Some(0)) => Ok(Self::RemoveAll),
            (true, _) => Err(Reply::because(400, "Invalid Wildcard Contact")),
            (false, true) => Ok(Self::Question),
            (false, false) => Ok(Self::Contacts(contacts)),
        }
    }
}

impl Contact {
    fn read(element: &str, general: Option<Option<u32>>) -> Result<Self, Reply> {
        let bad = || Reply::because(400, "Invalid Contact");
        if element.len() > 2 * LONGEST {
            return Err(bad());
        }
        let NameAddr { uri, params, .. } = NameAddr::parse(element).map_err(|_| bad())?;
        let text: Box<str> = uri.to_string().into();
        let reachable = matches!(uri.scheme, Scheme::Sip | Scheme::Sips);
        if !reachable || text.len() > LONGEST || uri.port == Some(0) {
            return Err(bad());
        }
        let instance = params.unquoted("+sip.instance").filter(|urn| {
            !urn.is_empty()
                && urn.len() <= 128
                && urn.bytes().all(|b| b.is_ascii_graphic() && b != b'"' && b != b'\\')
        });
        let reg_id = params.get("reg-id").and_then(|text| text.parse().ok()).filter(|id| *id > 0);
        Ok(Self {
            expires: params.get("expires").map(seconds).or(general).flatten(),
            q: params.get("q").map_or(1000, thousandths),
            device: instance.map(|instance| Device { instance: instance.into(), reg_id }),
            text,
            uri,
        })
    }
}

/// Delta-seconds; what cannot be read is left to us (RFC 3261 §20.19), what is beyond 32 bits is their largest.
fn seconds(text: &str) -> Option<u32> {
    let digits = text.trim().trim_matches('"');
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse().unwrap_or(u32::MAX))
}

/// A q value (RFC 3261 §25.1): 0 to 1 with at most three decimals; what cannot be read is 1.
fn thousandths(text: &str) -> u16 {
    let (whole, decimals) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let sound = decimals.len() <= 3 && decimals.bytes().all(|b| b.is_ascii_digit());
    match whole {
        "0" | "" if sound => format!("{decimals:0<3}").parse().unwrap_or(1000),
        _ => 1000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preferences_are_read_in_thousandths() {
        for (text, q) in [
            ("1", 1000),
            ("0", 0),
            ("0.5", 500),
            ("0.25", 250),
            (".125", 125),
            ("1.0", 1000),
            ("2", 1000),
            ("x", 1000),
            ("0.1234", 1000),
            ("0.-1", 1000),
        ] {
            assert_eq!(thousandths(text), q, "{text}");
        }
    }

    #[test]
    fn seconds_that_cannot_be_read_are_left_to_us() {
        for (text, expected) in [
            ("60", Some(60)),
            (" 0 ", Some(0)),
            ("\"30\"", Some(30)),
            ("99999999999", Some(u32::MAX)),
            ("-1", None),
            ("+5", None),
            ("", None),
            ("soon", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
    }
}
