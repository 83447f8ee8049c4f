//! Who calls and who is called, as a gateway's headers say it (HDR-1, HDR-4 to HDR-6, SIP-12): where a mapping gateway's calls say
//! it, and what a routing gateway's calls tell.

mod extra_header;
mod incoming;
mod number_rules;
mod outgoing;

pub use extra_header::{CustomHeader, HeaderError, HeaderField, PassedHeaders};
pub use incoming::{CalleeField, CallerField, IncomingIdentity, IncomingIdentityDraft};
pub use number_rules::{NumberRule, NumberRuleError, NumberRules};
pub use outgoing::{GatewayPrivacy, IdentityHeader, OutgoingIdentity, OutgoingIdentityDraft, PeerNumber};

use std::{fmt::Display, str::FromStr};

use crate::Fields;

/// One of several words; nothing is the usual one.
fn word<T: FromStr<Err: Display> + Default>(f: &mut Fields, field: &str, text: &str) -> Option<T> {
    if text.trim().is_empty() { Some(T::default()) } else { f.parse(field, text) }
}

/// How many fields of a form hold something else than the usual; an empty one holds that.
fn differing<const N: usize>(now: [&String; N], usual: [&String; N]) -> usize {
    now.into_iter().zip(usual).filter(|(now, usual)| !now.trim().is_empty() && now != usual).count()
}

/// A flag as a form has it.
fn ticked(on: bool) -> String {
    if on { "on" } else { "" }.to_owned()
}
