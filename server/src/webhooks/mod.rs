//! Brings events to receivers at other people's servers (INT-3); `docs/webhooks.md` says what they get.
//!
//! `collect.rs` takes what happens in the switch into the database; `deliver.rs` brings it from there to its receivers, so that
//! neither a slow receiver nor a restart loses anything. Calls wait for neither: what they tell goes over a bounded channel.

mod address;
mod collect;
mod deliver;
mod post;
mod sign;

use std::sync::Arc;

use store::{Pool, Seal};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

pub(crate) use self::post::Client;

/// Collects and delivers until the process ends.
pub(crate) async fn keep(
    pool: Pool,
    seal: Seal,
    switch: switch::Handle,
    client: Client,
    end: CancellationToken,
) {
    let arrived = Arc::new(Notify::new());
    let collecting = collect::keep(pool.clone(), switch.happenings(), arrived.clone(), end.clone());
    let delivering = deliver::keep(pool, seal, client, arrived, end);
    tokio::join!(collecting, delivering);
}
