//! Bytes to messages and back.

#![allow(clippy::unwrap_used, reason = "a test may fail, also in its harness")]

mod corpus;
mod mutations;
mod round_trip;
mod wire;
