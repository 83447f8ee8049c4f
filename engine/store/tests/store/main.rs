//! The store against a real Postgres.

mod fixture;

mod cdrs;
mod configuration;
mod connecting;
mod documents;
mod hostile;
mod ledger;
mod partitions;
mod people;
mod scope;
mod snapshots;
mod traffic;
