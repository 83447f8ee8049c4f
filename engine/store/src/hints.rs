//! Word from the database that the configuration has changed. Only a hint: it can be lost, the counters are the truth.

use std::time::Duration;

use sqlx::postgres::PgListener;

use crate::{Pool, StoreError};

/// Listens for changes; gets its connection back by itself.
pub struct Hints {
    listener: PgListener,
}

/// Begins to listen. Takes one connection of the pool for as long as the hints live.
pub async fn listen(pool: &Pool) -> Result<Hints, StoreError> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen("tandem_configuration").await?;
    Ok(Hints { listener })
}

impl Hints {
    /// Waits until something may have changed: a change was announced, or the connection broke and is back, so that one may
    /// have been missed.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] once the pool is closed and nothing will come any more.
    pub async fn next(&mut self) -> Result<(), StoreError> {
        loop {
            match self.listener.try_recv().await {
                Ok(_) => break,
                Err(error @ sqlx::Error::PoolClosed) => return Err(error.into()),
                Err(error) => {
                    tracing::debug!(%error, "the database does not announce changes at the moment");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
        // A document announces every table family that it touched: one hint will do for those that are here already.
        while self.listener.next_buffered().is_some() {}
        Ok(())
    }
}
