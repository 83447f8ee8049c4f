//! Money and lines in memory: what a call's set-up may take without asking the database.
//!
//! Both live in atomics shared by all shards. They outlive a configuration: a new one changes limits, never what calls hold.

mod lines;
mod pauses;
mod purse;

pub(crate) use lines::{Line, Lines};
pub(crate) use pauses::Pauses;
pub(crate) use purse::{Hold, Purses};
