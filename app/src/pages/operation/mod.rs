//! Operation: trunks, phones and calls in progress.

pub(crate) mod calls;
mod gateway_identity;
pub(crate) mod mapping_gateways;
pub(crate) mod online;
pub(crate) mod phones;
pub(crate) mod registrations;
pub(crate) mod routing_gateways;
pub(crate) mod trace;
