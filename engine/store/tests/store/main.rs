//! The store against a real Postgres.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod fixture;

mod cdrs;
mod configuration;
mod connecting;
mod documents;
mod hostile;
mod ledger;
mod parameters;
mod partitions;
mod people;
mod refusals;
mod scope;
mod sessions;
mod snapshots;
mod traffic;
