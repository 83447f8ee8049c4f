//! Receivers of events (INT-3): `sys.webhooks`, and what is on its way to them: `sys.webhook_deliveries`.
//!
//! `edit.rs` is what people do, `queue.rs` what the job that delivers does, `list.rs` what people look at.

mod edit;
mod list;
mod queue;

pub use edit::{create, remove, resend, send_test, update};
pub use list::{DeliveryFilter, deliveries, find, list};
pub use queue::{AT_ONCE, Due, KEPT_DAYS, LEASE, MOST_WAITING, Outcome, claim, enqueue, prune, settle};

fn place(id: i64) -> String {
    format!("secret of webhook {id}")
}
