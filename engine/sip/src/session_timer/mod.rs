//! Session timers (RFC 4028): what is agreed when a call is answered, and when the agreement wants something done.
//!
//! [`SessionPolicy`] holds the settings; [`SessionAsk`] is the caller's part of the agreement, [`SessionPolicy::answer`]
//! the callee's, [`SessionTimer`] the clock afterwards. Nothing here sends: the user puts the headers into its messages
//! and does what [`SessionTimer::next`] says.

mod clock;
mod header;
mod negotiation;

pub use clock::{SessionAction, SessionTimer};
pub use header::{Refresher, SessionExpires};
pub use negotiation::{
    Agreed, Duty, IntervalTooSmall, SessionAsk, SessionPolicy, TimerOffer, refresh_method, session_headers,
};

#[cfg(test)]
mod tests;
