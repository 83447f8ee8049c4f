//! Two endpoints with a wire between them and a clock that only the test moves.

#![allow(clippy::unwrap_used, reason = "a test may fail, also in its harness")]

mod again;
mod answering;
mod cancelling;
mod faults;
mod invites;
mod pair;
mod reliable;
mod storm;
mod strangers;
mod streams;
mod talk;
