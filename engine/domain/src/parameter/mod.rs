//! Every named parameter once (OPS-1, decisions 1 to 3): its name, what it may hold, what it is unless somebody sets it, and
//! what it does. The portal's page, the checks, the documents, the reference in `docs/parameters.md` and the switch all read
//! these entries, so that none of them can disagree.
//!
//! A parameter is an associated constant of [`Parameter`] that carries its own name, and its documentation is its description:
//!
//! ```
//! use domain::{Parameter, ParameterValues};
//! let mut values = ParameterValues::default();
//! assert_eq!(values.seconds(Parameter::SS_SIP_TIMEOUT_INVITE).as_secs(), 10);
//! values.set(Parameter::SS_SIP_TIMEOUT_INVITE, "8").unwrap();
//! assert_eq!(values.seconds(Parameter::SS_SIP_TIMEOUT_INVITE).as_secs(), 8);
//! ```

mod entry;
mod kind;
mod name;
mod number_pattern;
mod value;

mod overrides;
mod values;

// The registry, a file per topic.
mod authentication;
mod billing;
mod duration;
mod identity;
mod media;
mod nat;
mod progress;
mod records;
mod registrar;
mod registration;
mod selection;
mod session;
mod signalling;
mod switching;
mod tracing;

pub use entry::{Alias, Effect, Entry, Layering, Level, Page, Parameter, Topic, Unit};
pub use kind::{Beside, Kind, ValueError};
pub use name::{NamedParameter, UnknownParameter};
pub use number_pattern::{NumberPattern, NumberPatternError};
pub use value::Value;
pub use values::ParameterValues;

pub(crate) use overrides::{check as check_overrides, drafts as override_drafts, named as named_overrides};

impl Parameter {
    /// The whole registry, in the order of the portal's pages.
    pub fn all() -> impl Iterator<Item = Self> {
        [
            progress::ALL,
            switching::ALL,
            signalling::ALL,
            session::ALL,
            identity::ALL,
            authentication::ALL,
            registrar::ALL,
            registration::ALL,
            nat::ALL,
            duration::ALL,
            media::ALL,
            selection::ALL,
            billing::ALL,
            records::ALL,
            tracing::ALL,
        ]
        .into_iter()
        .flatten()
        .copied()
    }
}

#[cfg(test)]
mod tests;
