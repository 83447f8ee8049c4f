//! Who calls according to the network: P-Asserted-Identity (RFC 3325), its predecessor Remote-Party-ID, and Privacy
//! (RFC 3323); who was called before: Diversion (RFC 5806) and History-Info (RFC 7044).
//!
//! Whether a peer may say such things is the reader's to decide.

use std::fmt;

use crate::message::{HeaderName, Message};
use crate::name_addr::NameAddr;

/// Values passed on of one header.
const MOST_VALUES: usize = 16;

/// What the caller wants kept from the callee (RFC 3323 §4.2, RFC 3325 §9.3, RFC 7044 §10.1).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Privacy {
    /// The asserted identity.
    pub id: bool,
    /// Whatever names the caller in headers.
    pub header: bool,
    /// Addresses in the session description.
    pub session: bool,
    /// What the caller's own device would have hidden.
    pub user: bool,
    /// The history of the call.
    pub history: bool,
    /// Refuse the call rather than give it away.
    pub critical: bool,
    /// Explicitly nothing.
    pub none: bool,
}

impl Privacy {
    /// Reads a header value; unknown words are passed over.
    pub fn parse(text: &str) -> Self {
        let mut privacy = Self::default();
        // Some separate by commas, though the grammar says semicolons.
        for word in text.split([';', ',']) {
            match word.trim().to_ascii_lowercase().as_str() {
                "id" => privacy.id = true,
                "header" => privacy.header = true,
                "session" => privacy.session = true,
                "user" => privacy.user = true,
                "history" => privacy.history = true,
                "critical" => privacy.critical = true,
                "none" => privacy.none = true,
                _ => {}
            }
        }
        privacy
    }

    /// Whether the callee must not learn the caller's number. An explicit `none` says that it may.
    pub fn hides_caller(self) -> bool {
        !self.none && (self.id || self.user || self.header)
    }
}

impl fmt::Display for Privacy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = [
            (self.none, "none"),
            (self.id, "id"),
            (self.header, "header"),
            (self.session, "session"),
            (self.user, "user"),
            (self.history, "history"),
            (self.critical, "critical"),
        ];
        let words: Vec<_> = words.into_iter().filter_map(|(is, word)| is.then_some(word)).collect();
        f.write_str(&words.join(";"))
    }
}

/// A value of Remote-Party-ID (draft-ietf-sip-privacy-04), which many switches still send.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RemoteParty {
    /// Who; the parameters are taken out of it.
    pub address: NameAddr,
    /// `calling` or `called`; empty when not said.
    pub party: String,
    /// Whether the sender vouches for it: `screen=yes`.
    pub screened: bool,
    /// Whether it is to be kept from the user: `privacy` other than `off`.
    pub hidden: bool,
}

impl RemoteParty {
    /// Reads one value; `None` when its address cannot be read.
    pub fn parse(text: &str) -> Option<Self> {
        let mut address = NameAddr::parse(text).ok()?;
        let says = |name: &str| address.params.unquoted(name).unwrap_or_default().to_ascii_lowercase();
        let (party, screen, privacy) = (says("party"), says("screen"), says("privacy"));
        for name in ["party", "screen", "privacy"] {
            address.params.remove(name);
        }
        let hidden = !privacy.is_empty() && privacy != "off";
        Some(Self { address, party, screened: screen == "yes", hidden })
    }
}

impl fmt::Display for RemoteParty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.address)?;
        if !self.party.is_empty() {
            write!(f, ";party={}", self.party)?;
        }
        let (screen, privacy) =
            (if self.screened { "yes" } else { "no" }, if self.hidden { "full" } else { "off" });
        write!(f, ";screen={screen};privacy={privacy}")
    }
}

impl Message {
    /// The asserted identities: at most a SIP and a tel URI (RFC 3325 §9.1); what cannot be read is left out.
    pub fn asserted_identities(&self) -> Vec<NameAddr> {
        let values = self.list(HeaderName::PAssertedIdentity).take(MOST_VALUES);
        values.filter_map(|value| NameAddr::parse(value).ok()).collect()
    }

    /// The calling party of Remote-Party-ID; one that does not say which party it is counts as calling.
    pub fn remote_caller(&self) -> Option<RemoteParty> {
        let mut parties =
            self.list(HeaderName::RemotePartyId).take(MOST_VALUES).filter_map(RemoteParty::parse);
        parties.find(|party| party.party != "called")
    }

    /// What the caller wants kept secret; nothing when there is no Privacy header.
    pub fn privacy(&self) -> Privacy {
        self.headers(HeaderName::Privacy).map(Privacy::parse).next().unwrap_or_default()
    }

    /// The diversions, the latest first, verbatim to be passed on; at most sixteen.
    pub fn diversions(&self) -> Vec<String> {
        self.list(HeaderName::Diversion).take(MOST_VALUES).map(str::to_owned).collect()
    }

    /// The history entries in order, verbatim to be passed on; at most sixteen.
    pub fn history(&self) -> Vec<String> {
        self.list(HeaderName::HistoryInfo).take(MOST_VALUES).map(str::to_owned).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invite(more: &str) -> Message {
        let text = format!(
            "INVITE sip:b@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKx\r\nFrom: <sip:a@h>;tag=1\r\nTo: <sip:b@h>\r\n\
             Call-ID: x\r\nCSeq: 1 INVITE\r\n{more}Content-Length: 0\r\n\r\n"
        );
        Message::parse(text.into()).unwrap()
    }

    #[test]
    fn asserted_identities_are_read_with_names_and_tel_uris() {
        let message = invite(
            "P-Asserted-Identity: \"Cullen <sip:boss@h>, J\" <sip:fluffy@cisco.com>, tel:+14085264000\r\n\
             P-Asserted-Identity: \"broken <x>\r\n",
        );
        let found = message.asserted_identities();
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].display.as_deref(), Some("Cullen <sip:boss@h>, J"));
        assert_eq!(found[0].uri.user.as_deref(), Some("fluffy"));
        assert_eq!(found[1].uri.user.as_deref(), Some("+14085264000"));
        for identity in found {
            assert_eq!(NameAddr::parse(&identity.to_string()), Ok(identity));
        }
    }

    #[test]
    fn remote_party_ids_read_back_as_they_were_printed() {
        let message = invite(
            "Remote-Party-ID: <sip:b@h>;party=called\r\n\
             Remote-Party-ID: \"A \\\"x\\\"\" <sip:+1555@h;user=phone>;party=calling;screen=yes;privacy=full;id=7\r\n",
        );
        let caller = message.remote_caller().unwrap();
        assert_eq!((caller.screened, caller.hidden, caller.party.as_str()), (true, true, "calling"));
        assert_eq!(caller.address.display.as_deref(), Some("A \"x\""));
        assert_eq!(caller.address.params.get("id"), Some("7"));
        assert_eq!(RemoteParty::parse(&caller.to_string()), Some(caller));
        let bare = RemoteParty::parse("<sip:a@h>").unwrap();
        assert!(!bare.screened && !bare.hidden && bare.party.is_empty());
    }

    #[test]
    fn privacy_is_read_and_none_means_none() {
        let privacy = invite("Privacy: id; critical;x\r\n").privacy();
        assert!(privacy.id && privacy.critical && privacy.hides_caller());
        assert_eq!(privacy.to_string(), "id;critical");
        assert_eq!(Privacy::parse(&privacy.to_string()), privacy);
        assert!(!Privacy::parse("none;id").hides_caller());
        assert!(!Privacy::parse("session").hides_caller());
        assert_eq!(invite("").privacy(), Privacy::default());
    }

    #[test]
    fn diversions_and_history_pass_verbatim_and_bounded() {
        let message = invite(
            "Diversion: \"x, y\" <sip:a@h>;reason=user-busy;counter=1, <tel:+1>;reason=unknown\r\n\
             History-Info: <sip:b@h?Reason=SIP%3Bcause%3D302>;index=1\r\nHistory-Info: <sip:c@h>;index=1.1\r\n",
        );
        assert_eq!(
            message.diversions(),
            ["\"x, y\" <sip:a@h>;reason=user-busy;counter=1", "<tel:+1>;reason=unknown"]
        );
        assert_eq!(message.history(), ["<sip:b@h?Reason=SIP%3Bcause%3D302>;index=1", "<sip:c@h>;index=1.1"]);
        let many = format!("Diversion: {}\r\n", ["<sip:a@h>"; 40].join(","));
        assert_eq!(invite(&many).diversions().len(), 16);
    }
}
