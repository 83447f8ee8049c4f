//! The audit log: who changed what, from what to what, and whether the log is as it was written.

mod chain;
mod list;
mod question;

pub(crate) use chain::AuditChain;
pub(crate) use list::Audit;

const LIST: &str = "/system/audit";
