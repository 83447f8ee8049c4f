//! Operation: trunks and calls in progress.

pub(crate) mod calls;
pub(crate) mod mapping_gateways;
pub(crate) mod routing_gateways;
