//! What belongs to the system as a whole.

pub(crate) mod audit;
pub(crate) mod parameters;
