//! What calls to a routing gateway tell about their caller (HDR-4 to HDR-6), and which further headers they carry (SIP-12).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{CustomHeader, HeaderField, NumberRules, PassedHeaders, differing, ticked, word};
use crate::{Fields, account::named, cause::UnknownName};

/// What calls to a gateway say about privacy (RFC 3323), in place of what the system says.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GatewayPrivacy {
    /// Nothing.
    None,
    /// What the caller's side says.
    Passthrough,
    /// `Privacy: id`, and an anonymous From.
    Id,
}

named!(GatewayPrivacy { None = "none", Passthrough = "passthrough", Id = "id" });

/// What becomes of P-Asserted-Identity or P-Preferred-Identity (RFC 3325).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityHeader {
    /// It is not sent.
    #[default]
    None,
    /// It goes on as it came, from a trunk only: a phone asserts nothing.
    Passthrough,
    /// It has the caller's number.
    Caller,
}

named!(IdentityHeader { None = "none", Passthrough = "passthrough", Caller = "caller" });

/// Where a gateway looks for the caller's number (peer number information).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PeerNumber {
    /// In From, where it always stands.
    #[default]
    From,
    /// In a Remote-Party-ID beside From.
    RemotePartyId,
    /// In the display name of From.
    Display,
}

named!(PeerNumber { From = "from", RemotePartyId = "remote_party_id", Display = "display" });

/// What a routing gateway's calls tell.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OutgoingIdentity {
    /// None follows `SS_SIP_USER_AGENT_PRIVACY`.
    pub privacy: Option<GatewayPrivacy>,
    /// P-Asserted-Identity.
    pub asserted_identity: IdentityHeader,
    /// P-Preferred-Identity.
    pub preferred_identity: IdentityHeader,
    /// What the caller's number becomes in P-Asserted-Identity (caller dial plan).
    pub asserted_rules: NumberRules,
    /// Where the gateway looks for the caller's number.
    pub peer_number: PeerNumber,
    /// Our host is called `SS_LOCAL_IP_DOMAIN` in From and its kin.
    pub local_domain: bool,
    /// Telephone numbers in URIs are marked as such (RFC 3261 §19.1.1).
    pub user_phone: bool,
    /// Headers that every call carries.
    pub custom_headers: Vec<CustomHeader>,
    /// Headers of the caller's that go on.
    pub passed_headers: PassedHeaders,
}

impl OutgoingIdentity {
    /// Headers of one's own that a gateway may have.
    pub const MOST_CUSTOM: usize = 10;
}

/// The same as typed into a form.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct OutgoingIdentityDraft {
    /// `none`, `passthrough` or `id`; empty follows the system.
    pub privacy: String,
    /// `none`, `passthrough` or `caller`; empty is `none`.
    pub asserted_identity: String,
    /// `none`, `passthrough` or `caller`; empty is `none`.
    pub preferred_identity: String,
    /// Rules like `0=+49`, separated by commas or lines.
    pub asserted_rules: String,
    /// `from`, `remote_party_id` or `display`; empty is `from`.
    pub peer_number: String,
    /// `on`, or empty.
    pub local_domain: String,
    /// `on`, or empty.
    pub user_phone: String,
    /// `Name: value`, one a line.
    pub custom_headers: String,
    /// Names, separated by commas or lines; `*` for all, empty for none.
    pub passed_headers: String,
}

impl OutgoingIdentityDraft {
    /// How many fields differ from the usual.
    pub fn differing(&self) -> usize {
        differing(self.fields(), Self::from(&OutgoingIdentity::default()).fields())
    }

    fn fields(&self) -> [&String; 9] {
        [
            &self.privacy,
            &self.asserted_identity,
            &self.preferred_identity,
            &self.asserted_rules,
            &self.peer_number,
            &self.local_domain,
            &self.user_phone,
            &self.custom_headers,
            &self.passed_headers,
        ]
    }

    pub(crate) fn check(&self, f: &mut Fields) -> Option<OutgoingIdentity> {
        let privacy = f.optional("privacy", &self.privacy);
        let asserted_identity = word(f, "asserted_identity", &self.asserted_identity);
        let preferred_identity = word(f, "preferred_identity", &self.preferred_identity);
        let rules = f.several("asserted_rules", &self.asserted_rules, NumberRules::MOST);
        let asserted_rules = rules.and_then(|rules| f.take("asserted_rules", NumberRules::new(rules)));
        let peer_number = word(f, "peer_number", &self.peer_number);
        let custom_headers = self.custom(f);
        let passed_headers = match self.passed_headers.trim() {
            PassedHeaders::ALL => Some(PassedHeaders::All),
            names => f
                .several::<HeaderField>("passed_headers", names, PassedHeaders::MOST)
                .map(PassedHeaders::listed),
        };
        Some(OutgoingIdentity {
            privacy: privacy?,
            asserted_identity: asserted_identity?,
            preferred_identity: preferred_identity?,
            asserted_rules: asserted_rules?,
            peer_number: peer_number?,
            local_domain: !self.local_domain.is_empty(),
            user_phone: !self.user_phone.is_empty(),
            custom_headers: custom_headers?,
            passed_headers: passed_headers?,
        })
    }

    fn custom(&self, f: &mut Fields) -> Option<Vec<CustomHeader>> {
        let lines: Vec<&str> =
            self.custom_headers.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        if lines.len() > OutgoingIdentity::MOST_CUSTOM {
            f.refuse("custom_headers", format!("at most {} are allowed", OutgoingIdentity::MOST_CUSTOM));
            return None;
        }
        lines.into_iter().map(|line| f.parse("custom_headers", line)).collect()
    }
}

impl From<&OutgoingIdentity> for OutgoingIdentityDraft {
    fn from(identity: &OutgoingIdentity) -> Self {
        let lines: Vec<_> = identity.custom_headers.iter().map(ToString::to_string).collect();
        Self {
            privacy: identity.privacy.map(|privacy| privacy.to_string()).unwrap_or_default(),
            asserted_identity: identity.asserted_identity.to_string(),
            preferred_identity: identity.preferred_identity.to_string(),
            asserted_rules: identity.asserted_rules.words().join(", "),
            peer_number: identity.peer_number.to_string(),
            local_domain: ticked(identity.local_domain),
            user_phone: ticked(identity.user_phone),
            custom_headers: lines.join("\n"),
            passed_headers: identity.passed_headers.words().join(", "),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Invalid;

    fn checked(draft: &OutgoingIdentityDraft) -> Result<OutgoingIdentity, Invalid> {
        let mut f = Fields::default();
        let identity = draft.check(&mut f);
        f.finish(identity)
    }

    #[test]
    fn an_empty_form_tells_what_was_always_told() {
        assert_eq!(checked(&OutgoingIdentityDraft::default()).unwrap(), OutgoingIdentity::default());
    }

    #[test]
    fn an_identity_survives_its_form_and_its_storage() {
        let draft = OutgoingIdentityDraft {
            privacy: "id".into(),
            asserted_identity: "caller".into(),
            preferred_identity: "passthrough".into(),
            asserted_rules: "00=+\n0=+49".into(),
            peer_number: "remote_party_id".into(),
            local_domain: "on".into(),
            user_phone: "on".into(),
            custom_headers: "X-Carrier: a, b; c\r\n\r\nX-Tier:gold".into(),
            passed_headers: "x-trace, Subject X-TRACE".into(),
        };
        let identity = checked(&draft).unwrap();
        assert_eq!(
            (draft.differing(), OutgoingIdentityDraft::from(&OutgoingIdentity::default()).differing()),
            (9, 0)
        );
        let again = OutgoingIdentityDraft::from(&identity);
        assert_eq!(again.custom_headers, "X-Carrier: a, b; c\nX-Tier: gold");
        assert_eq!(again.passed_headers, "x-trace, Subject");
        assert_eq!(checked(&again).unwrap(), identity);
        let stored = serde_json::to_string(&identity).unwrap();
        assert_eq!(serde_json::from_str::<OutgoingIdentity>(&stored).unwrap(), identity);
        assert_eq!(serde_json::from_str::<OutgoingIdentity>("{}").unwrap(), OutgoingIdentity::default());
    }

    #[test]
    fn what_is_wrong_is_told_at_its_field() {
        let draft = OutgoingIdentityDraft {
            privacy: "ignore".into(),
            asserted_identity: "always".into(),
            preferred_identity: "yes".into(),
            asserted_rules: "0->49".into(),
            peer_number: "rpid".into(),
            custom_headers: "Via: SIP/2.0/UDP evil".into(),
            passed_headers: "*, Route".into(),
            ..Default::default()
        };
        let invalid = checked(&draft).unwrap_err();
        let told: Vec<&str> = invalid.by_field().into_keys().collect();
        assert_eq!(
            told,
            [
                "asserted_identity",
                "asserted_rules",
                "custom_headers",
                "passed_headers",
                "peer_number",
                "preferred_identity",
                "privacy"
            ]
        );
        let many = OutgoingIdentityDraft { custom_headers: "X-A: 1\n".repeat(11), ..Default::default() };
        assert_eq!(checked(&many).unwrap_err().by_field()["custom_headers"], "at most 10 are allowed");
    }
}
