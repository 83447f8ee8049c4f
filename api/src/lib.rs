//! The REST API of the switch, `/api/v1`: for programs what the portal is for people.
//!
//! A handler calls the functions of `store` that the pages call, with the scope and the permissions of the token that asks.
//! What an operation may be used with stands in its OpenAPI description, in `security(("token" = ["ViewAccounts"]))`, and
//! nowhere else: [`admission`] reads it there before the handler runs, so that what is documented is what is enforced.
//!
//! Invariants: every answer except a list or a thing itself is a problem (RFC 9457); an id of somebody else's is answered like
//! one that does not exist; a handler gets an [`admission::Asker`] only when its operation names a permission and the token
//! has it.
#![cfg_attr(not(test), forbid(unsafe_code))]

mod document;

mod admission;
mod answer;
mod versioned;

mod accounts;
mod gateway_identity;
mod ledger;
mod mapping_gateways;
mod routing_gateways;

mod phones;
mod registrations;
mod suspensions;

mod rate_tables;
mod rates;

mod calls;
mod cdrs;
mod online;

mod audit;
mod captures;
mod parameters;
mod tokens;
mod trace;
mod webhooks;

mod router;

pub use admission::Pace;
pub use document::document;
pub use router::{Api, router};
