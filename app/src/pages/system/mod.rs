//! What belongs to the system as a whole.

pub(crate) mod audit;
pub(crate) mod listeners;
pub(crate) mod lockouts;
pub(crate) mod parameters;
pub(crate) mod people;
pub(crate) mod roles;
pub(crate) mod webhooks;
