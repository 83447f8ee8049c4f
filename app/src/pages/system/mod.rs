//! What belongs to the system as a whole.

pub(crate) mod parameters;
