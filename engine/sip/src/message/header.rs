//! Header names, long and compact.

use std::sync::LazyLock;

macro_rules! header_names {
    ($($variant:ident $canonical:literal $compact:literal,)*) => {
        /// The headers that are recognised by name, in their long and compact form (RFC 3261 §20, §7.3.3).
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        #[repr(u8)]
        pub enum HeaderName {
            $(#[doc = concat!("`", $canonical, "`")] $variant,)*
            /// Any other header; see [`super::Message::other`].
            Other,
        }

        /// Every recognised header with its spellings.
        const KNOWN: &[(HeaderName, &str, &str)] = &[$((HeaderName::$variant, $canonical, $compact),)*];

        impl HeaderName {
            /// The name as printed; empty for [`HeaderName::Other`].
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $canonical,)*
                    Self::Other => "",
                }
            }
        }
    };
}

header_names! {
    Accept "Accept" "",
    AcceptContact "Accept-Contact" "a",
    AcceptEncoding "Accept-Encoding" "",
    AcceptLanguage "Accept-Language" "",
    AcceptResourcePriority "Accept-Resource-Priority" "",
    AlertInfo "Alert-Info" "",
    Allow "Allow" "",
    AllowEvents "Allow-Events" "u",
    AuthenticationInfo "Authentication-Info" "",
    Authorization "Authorization" "",
    CallId "Call-ID" "i",
    CallInfo "Call-Info" "",
    Contact "Contact" "m",
    ContentDisposition "Content-Disposition" "",
    ContentEncoding "Content-Encoding" "e",
    ContentLanguage "Content-Language" "",
    ContentLength "Content-Length" "l",
    ContentType "Content-Type" "c",
    CSeq "CSeq" "",
    Date "Date" "",
    Diversion "Diversion" "",
    ErrorInfo "Error-Info" "",
    Event "Event" "o",
    Expires "Expires" "",
    From "From" "f",
    HistoryInfo "History-Info" "",
    Identity "Identity" "y",
    InReplyTo "In-Reply-To" "",
    MaxForwards "Max-Forwards" "",
    MimeVersion "MIME-Version" "",
    MinExpires "Min-Expires" "",
    MinSe "Min-SE" "",
    Organization "Organization" "",
    PAccessNetworkInfo "P-Access-Network-Info" "",
    PAssertedIdentity "P-Asserted-Identity" "",
    PAssociatedUri "P-Associated-URI" "",
    PCalledPartyId "P-Called-Party-ID" "",
    PChargingVector "P-Charging-Vector" "",
    PEarlyMedia "P-Early-Media" "",
    PPreferredIdentity "P-Preferred-Identity" "",
    Path "Path" "",
    Priority "Priority" "",
    Privacy "Privacy" "",
    ProxyAuthenticate "Proxy-Authenticate" "",
    ProxyAuthenticationInfo "Proxy-Authentication-Info" "",
    ProxyAuthorization "Proxy-Authorization" "",
    ProxyRequire "Proxy-Require" "",
    RAck "RAck" "",
    Reason "Reason" "",
    RecordRoute "Record-Route" "",
    ReferSub "Refer-Sub" "",
    ReferTo "Refer-To" "r",
    ReferredBy "Referred-By" "b",
    RejectContact "Reject-Contact" "j",
    RemotePartyId "Remote-Party-ID" "",
    Replaces "Replaces" "",
    ReplyTo "Reply-To" "",
    RequestDisposition "Request-Disposition" "d",
    Require "Require" "",
    ResourcePriority "Resource-Priority" "",
    RetryAfter "Retry-After" "",
    Route "Route" "",
    RSeq "RSeq" "",
    Server "Server" "",
    ServiceRoute "Service-Route" "",
    SessionExpires "Session-Expires" "x",
    SessionId "Session-ID" "",
    SipEtag "SIP-ETag" "",
    SipIfMatch "SIP-If-Match" "",
    Subject "Subject" "s",
    SubscriptionState "Subscription-State" "",
    Supported "Supported" "k",
    TargetDialog "Target-Dialog" "",
    Timestamp "Timestamp" "",
    To "To" "t",
    Unsupported "Unsupported" "",
    UserAgent "User-Agent" "",
    UserToUser "User-To-User" "",
    Via "Via" "v",
    Warning "Warning" "",
    WwwAuthenticate "WWW-Authenticate" "",
}

/// Longest name that is recognised.
const LONGEST: usize = 25;

/// A header and one way to write it.
type Spelling = (HeaderName, &'static [u8]);

/// The recognised names by length and first letter: a look-up compares with one or two, not with eighty.
static SPELLINGS: LazyLock<Vec<Vec<Spelling>>> = LazyLock::new(|| {
    let mut table = vec![Vec::new(); place(LONGEST, u8::MAX) + 1];
    for &(name, long, compact) in KNOWN {
        for spelled in [long.as_bytes(), compact.as_bytes()] {
            if let Some(&first) = spelled.first() {
                table[place(spelled.len(), first)].push((name, spelled));
            }
        }
    }
    table
});

/// The five low bits of a letter are the same in both cases.
const fn place(length: usize, first: u8) -> usize {
    length * 32 + (first & 31) as usize
}

impl HeaderName {
    /// The header that a field name means; case is ignored (RFC 3261 §7.3.1).
    pub fn from_bytes(name: &[u8]) -> Self {
        let candidates = name.first().and_then(|&first| SPELLINGS.get(place(name.len(), first)));
        candidates
            .and_then(|candidates| {
                candidates.iter().find(|(_, known)| *known == name || known.eq_ignore_ascii_case(name))
            })
            .map_or(Self::Other, |(name, _)| *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_in_both_spellings() {
        for &(name, long, compact) in KNOWN {
            assert!(long.len() <= LONGEST, "{long}");
            assert_eq!(HeaderName::from_bytes(long.to_uppercase().as_bytes()), name);
            assert_eq!(name.as_str(), long);
            if !compact.is_empty() {
                assert_eq!(HeaderName::from_bytes(compact.as_bytes()), name);
            }
        }
        assert_eq!(HeaderName::from_bytes(b"X-Other"), HeaderName::Other);
        assert_eq!(HeaderName::from_bytes(b""), HeaderName::Other);
        assert_eq!(HeaderName::from_bytes(b"z"), HeaderName::Other);
    }
}
