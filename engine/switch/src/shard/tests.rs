//! Whole calls between two scripted user agents, without a socket and with a clock that is moved by hand.

pub(crate) mod world;

mod answering;
mod credentials;
mod early;
mod ending;
mod failing;
mod families;
mod identity;
mod money;
mod naming;
mod outbound;
mod parameters;
mod passing;
mod phones;
mod probing;
mod redirecting;
mod reliability;
mod reoffering;
mod session;
mod signalling;
mod storm;
mod tracing;
