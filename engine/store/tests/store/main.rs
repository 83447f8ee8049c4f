//! The store against a real Postgres.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod fixture;

mod audit;
mod cdrs;
mod configuration;
mod connecting;
mod contacts;
mod documents;
mod gateway_users;
mod hostile;
mod identity;
mod ledger;
mod log_in;
mod parameters;
mod partitions;
mod people;
mod phones;
mod programs;
mod refusals;
mod registrations;
mod scope;
mod sessions;
mod snapshots;
mod traffic;
mod upgrades;
mod webhooks;
