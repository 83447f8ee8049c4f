//! Where the calls of a mapping gateway say who calls and who is called (HDR-1).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::{differing, ticked, word};
use crate::{Fields, account::named, cause::UnknownName};

/// Which header of an INVITE has the caller's number. One that has none leaves it to From.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallerField {
    /// The user part of From.
    #[default]
    From,
    /// The user part of Remote-Party-ID with `party=calling`.
    RemotePartyId,
    /// The user part of P-Asserted-Identity (RFC 3325).
    AssertedIdentity,
    /// The display name of From.
    Display,
}

named!(CallerField {
    From = "from",
    RemotePartyId = "remote_party_id",
    AssertedIdentity = "asserted_identity",
    Display = "display"
});

/// Which part of an INVITE has the called number.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalleeField {
    /// The Request-URI, which says where a request goes (RFC 3261 §8.1.1.1).
    #[default]
    RequestLine,
    /// The user part of To; one without a user leaves it to the Request-URI.
    To,
}

named!(CalleeField { RequestLine = "request_line", To = "to" });

/// How a mapping gateway's calls are read.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct IncomingIdentity {
    /// Where the caller's number stands.
    pub caller_field: CallerField,
    /// Where the called number stands.
    pub callee_field: CalleeField,
    /// What its callers ask for in Privacy (RFC 3323) counts on the way out. Off, the header ends here.
    pub support_privacy: bool,
}

/// The same as typed into a form.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct IncomingIdentityDraft {
    /// `from`, `remote_party_id`, `asserted_identity` or `display`; empty is `from`.
    pub caller_field: String,
    /// `request_line` or `to`; empty is `request_line`.
    pub callee_field: String,
    /// `on`, or empty.
    pub support_privacy: String,
}

impl IncomingIdentityDraft {
    /// How many fields differ from the usual.
    pub fn differing(&self) -> usize {
        differing(self.fields(), Self::from(&IncomingIdentity::default()).fields())
    }

    fn fields(&self) -> [&String; 3] {
        [&self.caller_field, &self.callee_field, &self.support_privacy]
    }

    pub(crate) fn check(&self, f: &mut Fields) -> Option<IncomingIdentity> {
        let caller_field = word(f, "caller_field", &self.caller_field);
        let callee_field = word(f, "callee_field", &self.callee_field);
        Some(IncomingIdentity {
            caller_field: caller_field?,
            callee_field: callee_field?,
            support_privacy: !self.support_privacy.is_empty(),
        })
    }
}

impl From<&IncomingIdentity> for IncomingIdentityDraft {
    fn from(identity: &IncomingIdentity) -> Self {
        Self {
            caller_field: identity.caller_field.to_string(),
            callee_field: identity.callee_field.to_string(),
            support_privacy: ticked(identity.support_privacy),
        }
    }
}
