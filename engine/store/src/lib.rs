//! All SQL: configuration, people, CDRs and the ledger.
//!
//! A file per table family. Every read takes a [`Scope`], so that there is no way to ask without saying who asks; every
//! change by a person takes an [`Actor`] and stands in the audit log, written in the same transaction.
//!
//! Invariants: nothing here is called while a call is being set up; amounts become `numeric` and back without loss or not at
//! all; a batch of CDRs and its ledger entries are one transaction.

mod amount;
mod change;
mod credentials;
mod error;
mod hints;
mod pool;
mod scope;
mod seal;
mod text;

pub mod accounts;
pub mod agents;
pub mod mapping_gateways;
pub mod parameters;
pub mod phones;
pub mod rate_tables;
pub mod registrations;
pub mod routing_gateways;

pub mod bindings;
pub mod presence;
pub mod suspensions;

pub mod webhooks;

pub mod snapshot;

pub mod captures;
pub mod cdrs;
pub mod ledger;
pub mod traffic;
pub mod traffic_top;

pub mod audit;
pub mod log_in;
pub mod login_guard;
pub mod password;
pub mod people;
pub mod roles;
pub mod sessions;
pub mod totp;

pub mod idempotency;
pub mod saved_views;
pub mod tokens;

pub mod document;

#[cfg(feature = "testing")]
pub mod testing;

pub use error::StoreError;
pub use pool::{MigrationReport, Pool, connect, migrate};
pub use scope::{Actor, Scope, Sight};
pub use seal::Seal;
