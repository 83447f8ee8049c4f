//! What a call costs: durations, the fee, and the money held while a call runs. Pure arithmetic on integers.
//!
//! Invariants: products are taken in `i128`; there is one rounding per leg, at its very end (decision 4); nothing here knows a
//! clock, a database or a thread.
#![cfg_attr(not(test), forbid(unsafe_code))]

mod duration;
mod terms;

mod fee;
mod hold;

pub use duration::{HoldTimePrecision, billed, rounded};
pub use fee::{Charge, charge};
pub use hold::{AdvanceMinutes, affordable, hold_for};
pub use terms::Terms;
