//! Who calls, as gateways hear it and tell it: a part of both kinds of gateway.

use domain::{IncomingIdentity, IncomingIdentityDraft, OutgoingIdentity, OutgoingIdentityDraft};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::answer::{callee_field, caller_field, gateway_privacy, identity_header, peer_number};

/// Where a mapping gateway's calls say who calls and who is called.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = IncomingIdentity)]
pub(crate) struct Incoming {
    /// Which header has the caller's number; `from` when left out.
    #[schema(schema_with = caller_field)]
    caller_field: String,
    /// Which part of an INVITE has the called number; `request_line` when left out.
    #[schema(schema_with = callee_field)]
    callee_field: String,
    /// Whether what its callers ask for in Privacy counts on the way out.
    support_privacy: bool,
}

impl Default for Incoming {
    fn default() -> Self {
        (&IncomingIdentity::default()).into()
    }
}

impl From<&IncomingIdentity> for Incoming {
    fn from(identity: &IncomingIdentity) -> Self {
        Self {
            caller_field: identity.caller_field.to_string(),
            callee_field: identity.callee_field.to_string(),
            support_privacy: identity.support_privacy,
        }
    }
}

impl From<&Incoming> for IncomingIdentityDraft {
    fn from(sent: &Incoming) -> Self {
        Self {
            caller_field: sent.caller_field.clone(),
            callee_field: sent.callee_field.clone(),
            support_privacy: ticked(sent.support_privacy),
        }
    }
}

/// What a routing gateway's calls tell about their caller, and which further headers they carry.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = OutgoingIdentity)]
pub(crate) struct Outgoing {
    /// What calls say in Privacy; null follows `SS_SIP_USER_AGENT_PRIVACY`.
    #[schema(schema_with = gateway_privacy)]
    privacy: Option<String>,
    /// What becomes of P-Asserted-Identity.
    #[schema(schema_with = identity_header)]
    asserted_identity: String,
    /// What becomes of P-Preferred-Identity.
    #[schema(schema_with = identity_header)]
    preferred_identity: String,
    /// What the caller's number becomes in P-Asserted-Identity: a beginning, `=`, and what takes its place.
    #[schema(max_items = 32, example = json!(["00=+", "0=+49"]))]
    asserted_rules: Vec<String>,
    /// Where the gateway looks for the caller's number.
    #[schema(schema_with = peer_number)]
    peer_number: String,
    /// Whether From carries `SS_LOCAL_IP_DOMAIN` in place of the switch's address.
    local_domain: bool,
    /// Whether telephone numbers in URIs are marked `user=phone`.
    user_phone: bool,
    /// Headers that every call carries.
    #[schema(max_items = 10, example = json!(["X-Carrier: 7"]))]
    custom_headers: Vec<String>,
    /// Names of the caller's headers that go on; `*` alone passes all that may pass.
    #[schema(max_items = 32, example = json!(["X-Trace"]))]
    passed_headers: Vec<String>,
}

impl Default for Outgoing {
    fn default() -> Self {
        (&OutgoingIdentity::default()).into()
    }
}

impl From<&OutgoingIdentity> for Outgoing {
    fn from(identity: &OutgoingIdentity) -> Self {
        Self {
            privacy: identity.privacy.map(|privacy| privacy.to_string()),
            asserted_identity: identity.asserted_identity.to_string(),
            preferred_identity: identity.preferred_identity.to_string(),
            asserted_rules: identity.asserted_rules.words(),
            peer_number: identity.peer_number.to_string(),
            local_domain: identity.local_domain,
            user_phone: identity.user_phone,
            custom_headers: identity.custom_headers.iter().map(ToString::to_string).collect(),
            passed_headers: identity.passed_headers.words(),
        }
    }
}

impl From<&Outgoing> for OutgoingIdentityDraft {
    fn from(sent: &Outgoing) -> Self {
        Self {
            privacy: sent.privacy.clone().unwrap_or_default(),
            asserted_identity: sent.asserted_identity.clone(),
            preferred_identity: sent.preferred_identity.clone(),
            asserted_rules: sent.asserted_rules.join(","),
            peer_number: sent.peer_number.clone(),
            local_domain: ticked(sent.local_domain),
            user_phone: ticked(sent.user_phone),
            custom_headers: sent.custom_headers.join("\n"),
            passed_headers: sent.passed_headers.join(","),
        }
    }
}

fn ticked(on: bool) -> String {
    if on { "on" } else { "" }.to_owned()
}
