//! Business: who is billed, and what for.

pub(crate) mod accounts;
pub(crate) mod agents;
pub(crate) mod rate_tables;
pub(crate) mod rates;
