//! Who changed what: `portal.audit_log`. The lines are written by those who change; the database chains each to the one
//! before it (SEC-8), and [`verify`] finds out whether somebody has altered them since.

mod differences;
mod list;
mod verify;

pub use list::list;
pub use verify::{Verdict, verify};
