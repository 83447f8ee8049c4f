//! Registrations of ours at other servers (REG-6, REG-7; decisions 24 and 25).
//!
//! [`Registration`] is one of them as a state machine, [`Registrations`] all of them: it starts them one after another, takes up
//! changed settings, and cancels what goes.
//!
//! | state | event | becomes |
//! |---|---|---|
//! | idle, waiting, registered | its time has come | asking (REGISTER) |
//! | asking | 401, 407 | asking (with credentials), at most `SS_SIP_AUTHENTICATION_RETRY` times |
//! | asking | 423 with a longer Min-Expires | asking (for that long) |
//! | asking | 2xx | registered until 50 to 90 % of what was given |
//! | asking | anything else, or nothing | waiting for `SS_SIP_USER_AGENT_RETRY_DELAY` |
//! | any that may be bound | stopped | cancelling (REGISTER, expiry 0) |
//! | cancelling | 401, 407 | cancelling (with credentials) |
//! | cancelling | any other final answer, or nothing | gone |

mod fleet;
mod machine;
mod request;

pub use fleet::{Registrations, Sending};
pub use machine::{Failure, Registration, RegistrationState};
pub use request::Plan;

#[cfg(test)]
mod tests;
