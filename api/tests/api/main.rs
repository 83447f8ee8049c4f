//! The API as programs meet it: requests go through the whole router, against a real database and a real switch.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod fixture;

mod admission;
mod bodies;
mod matrix;
mod money;
mod online;
mod paging;
mod parameters;
mod scope;
mod things;
