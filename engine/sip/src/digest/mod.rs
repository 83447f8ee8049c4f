//! Digest authentication (RFC 3261 §22, RFC 7616, RFC 8760), as the one who asks and as the one who is asked.
//!
//! [`Challenger`] makes challenges without remembering any: a nonce carries its time and proves by a keyed hash that it
//! is ours. What a caller may remember is a [`NonceWindow`] for each nonce in use, against replay. [`answer`] is the
//! client's side. Passwords need not be kept: [`Ha1`] is what both sides compute with.

mod algorithm;
mod challenge;
mod challenger;
mod client;
mod credentials;
mod fields;
mod window;

pub use algorithm::{Algorithm, Asked, Ha1, response};
pub use challenge::Challenge;
pub use challenger::{Challenger, Verdict};
pub use client::{Account, answer};
pub use credentials::{Credentials, Qop};
pub use window::NonceWindow;

/// Why an authentication header cannot be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum DigestError {
    /// Another scheme than Digest (RFC 4475 §3.3.7).
    #[error("not Digest")]
    Scheme,
    /// A parameter that is needed is not there.
    #[error("missing {0}")]
    Missing(&'static str),
    /// A parameter that cannot be read.
    #[error("bad {0}")]
    Bad(&'static str),
    /// An algorithm or protection that is not known here.
    #[error("algorithm not supported")]
    Algorithm,
}

#[cfg(test)]
mod tests;
