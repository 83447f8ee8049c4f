//! Phones against the registrar: messages in, answers out, a clock that stands until it is moved.

mod binding;
mod challenge;
mod crowd;
mod flood;
mod limits;
mod path;
mod reaching;
pub(crate) mod world;
