//! What happens in the switch, into the database.

use std::{sync::Arc, time::Duration};

use domain::Happening;
use store::Pool;
use tokio::sync::{
    Notify,
    broadcast::{
        Receiver,
        error::{RecvError, TryRecvError},
    },
};
use tokio_util::sync::CancellationToken;

/// Events that are written in one transaction.
const BATCH: usize = 500;
/// While the database is away, what happens waits in the channel, which is bounded.
const AGAIN: Duration = Duration::from_secs(2);

/// Writes until the process ends.
pub(super) async fn keep(
    pool: Pool,
    mut happenings: Receiver<Happening>,
    arrived: Arc<Notify>,
    end: CancellationToken,
) {
    let mut batch = Vec::new();
    loop {
        let first = tokio::select! {
            () = end.cancelled() => return,
            received = happenings.recv() => received,
        };
        match first {
            Ok(happening) => batch.push(happening),
            Err(RecvError::Lagged(lost)) => missed(lost),
            Err(RecvError::Closed) => return,
        }
        while batch.len() < BATCH {
            match happenings.try_recv() {
                Ok(happening) => batch.push(happening),
                Err(TryRecvError::Lagged(lost)) => missed(lost),
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        while !batch.is_empty() {
            match store::webhooks::enqueue(&pool, &batch).await {
                Ok(dropped) => {
                    if dropped > 0 {
                        tracing::warn!(
                            dropped,
                            "receivers of events have as much waiting as may: these are not kept"
                        );
                    }
                    batch.clear();
                    arrived.notify_one();
                }
                Err(error) if error.is_unavailable() => {
                    tracing::warn!(%error, "events cannot be written down; they wait");
                    tokio::select! {
                        () = end.cancelled() => return,
                        () = tokio::time::sleep(AGAIN) => {}
                    }
                }
                Err(error) => {
                    tracing::error!(%error, events = batch.len(), "events could not be written down and are lost");
                    batch.clear();
                }
            }
        }
    }
}

fn missed(lost: u64) {
    tracing::warn!(lost, "events came faster than they could be written down: these are lost");
}
