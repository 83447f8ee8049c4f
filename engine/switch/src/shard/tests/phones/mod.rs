//! Calls from and to phones, with registration and credentials as phones send them.

mod calling;
mod forwarding;
mod privacy;
mod registering;
mod together;
mod world;

pub(super) use world::{PHONE, with_agents};
