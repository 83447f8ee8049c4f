//! What a load balancer or an init system asks.

use std::time::Duration;

use axum::{Router, extract::State, http::StatusCode, routing::get};
use store::Pool;
use tokio::time::timeout;

/// Calls that wait for the database, above which somebody should look: they are safe in the spool.
const SPOOL_ALARM: u64 = 10_000;

#[derive(Clone)]
struct Observed {
    pool: Pool,
    switch: switch::Handle,
}

/// `/healthz`: the process answers. `/readyz`: it can do its whole work.
pub(crate) fn routes(pool: Pool, switch: switch::Handle) -> Router {
    Router::new()
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(ready))
        .with_state(Observed { pool, switch })
}

/// The header that tells which configuration the calls of this moment are under.
pub(crate) const CONFIGURATION: &str = "configuration";

async fn ready(State(observed): State<Observed>) -> (StatusCode, [(&'static str, String); 1], String) {
    let (status, text) = state_of(&observed).await;
    (status, [(CONFIGURATION, observed.switch.status().configuration.0.to_string())], text)
}

async fn state_of(observed: &Observed) -> (StatusCode, String) {
    let waiting = observed.switch.status().spool_pending;
    let database = timeout(Duration::from_secs(2), store::snapshot::version(&observed.pool)).await;
    let complaint = match database {
        Err(_) => "the database does not answer",
        Ok(Err(_)) => "the database is not available",
        Ok(Ok(_)) if waiting > SPOOL_ALARM => "call records pile up in the spool",
        Ok(Ok(_)) => return (StatusCode::OK, "ready\n".to_owned()),
    };
    (StatusCode::SERVICE_UNAVAILABLE, format!("{complaint}; {waiting} call records wait in the spool\n"))
}
