//! Work that comes back by the clock.

use std::time::Duration;

use domain::{Baseline, Happened, Standing};
use store::{Pool, Scope, StoreError};
use tokio_util::sync::CancellationToken;

use crate::failure::Failure;

/// How often it is counted who is online.
const MINUTE: Duration = Duration::from_secs(60);

/// Partitions are made this far ahead: a database that is away for days does not send calls to the default one.
const DAYS_AHEAD: u32 = 7;
/// Making partitions that exist costs one look at the catalogue, so it is done far more often than a day.
const EVERY: Duration = Duration::from_secs(3600);

/// Makes the partitions of today and the days ahead.
pub(crate) async fn make_partitions(pool: &Pool) -> Result<Vec<String>, Failure> {
    Ok(store::cdrs::ensure_partitions(pool, chrono::Utc::now().date_naive(), DAYS_AHEAD).await?)
}

/// Repeats it until the process ends.
pub(crate) async fn keep_partitions(pool: Pool, end: CancellationToken) {
    loop {
        tokio::select! {
            () = end.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        match make_partitions(&pool).await {
            Ok(made) if made.is_empty() => {}
            Ok(made) => tracing::info!(?made, "partitions of call records"),
            Err(failure) => tracing::warn!("no partitions of call records made: {failure}"),
        }
    }
}

/// Counts each minute who is online, until the process ends, and forgets what nobody looks back at.
pub(crate) async fn keep_presence(pool: Pool, switch: switch::Handle, end: CancellationToken) {
    let mut unusual = false;
    loop {
        tokio::select! {
            () = end.cancelled() => return,
            () = tokio::time::sleep(MINUTE) => {}
        }
        let now = chrono::Utc::now();
        let counted = async {
            store::presence::sample(&pool, now).await?;
            store::presence::prune(&pool, now).await?;
            presence(&pool, now).await
        };
        match counted.await {
            Ok(Some((stands_out, told))) if stands_out != unusual => {
                unusual = stands_out;
                switch.tell(told);
            }
            Ok(_) => {}
            Err(error) => tracing::warn!("phones online were not counted: {error}"),
        }
    }
}

/// Whether the number of phones online stands out, with what others are told of it; none before there is anything to compare with.
async fn presence(
    pool: &Pool,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<Option<(bool, Happened)>, StoreError> {
    let hours = store::presence::hours(pool, &Scope::All, Baseline::begins(now)).await?;
    let Some(baseline) = Baseline::at(now, &hours) else { return Ok(None) };
    let online = store::presence::counts(pool, &Scope::All).await?.online;
    let unusual = baseline.judge(online) != Standing::Usual;
    let Baseline { usual, low, high, .. } = baseline;
    Ok(Some((unusual, Happened::Presence { online, usual, low, high, unusual })))
}
