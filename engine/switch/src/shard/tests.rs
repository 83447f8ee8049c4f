//! Whole calls between two scripted user agents, without a socket and with a clock that is moved by hand.

mod world;

mod answering;
mod ending;
mod failing;
mod money;
mod outbound;
mod parameters;
mod phones;
mod reliability;
mod reoffering;
mod session;
mod storm;
mod tracing;
