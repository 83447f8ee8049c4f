use domain::{
    DeliveryState, Page, RowVersion, Webhook, WebhookDelivery, WebhookDeliveryId, WebhookId, WebhookRow,
    WebhookSettings,
};
use sqlx::PgConnection;

use crate::{Pool, Scope, StoreError};

/// All receivers, by name, with how their deliveries stand. Only the administration sees any.
pub async fn list(pool: &Pool, scope: &Scope) -> Result<Vec<WebhookRow>, StoreError> {
    let mut conn = pool.acquire().await?;
    let webhooks = read(&mut conn, scope, None).await?;
    if webhooks.is_empty() {
        return Ok(Vec::new());
    }
    let counts = sqlx::query!(
        r#"select webhook_id, count(*) filter (where state = 'waiting') as "waiting!",
                  count(*) filter (where state = 'failed') as "failed!",
                  max(last_at) filter (where state = 'delivered') as last_delivered
           from sys.webhook_deliveries group by webhook_id"#
    )
    .fetch_all(&mut *conn)
    .await?;
    let rows = webhooks.into_iter().map(|webhook| {
        let counted = counts.iter().find(|row| row.webhook_id == webhook.id.0);
        WebhookRow {
            waiting: counted.map_or(0, |row| row.waiting),
            failed: counted.map_or(0, |row| row.failed),
            last_delivered: counted.and_then(|row| row.last_delivered),
            webhook,
        }
    });
    Ok(rows.collect())
}

/// One receiver.
pub async fn find(pool: &Pool, scope: &Scope, id: WebhookId) -> Result<Webhook, StoreError> {
    let mut conn = pool.acquire().await?;
    read(&mut conn, scope, Some(id)).await?.pop().ok_or(StoreError::NotFound)
}

pub(super) async fn read(
    conn: &mut PgConnection,
    scope: &Scope,
    id: Option<WebhookId>,
) -> Result<Vec<Webhook>, StoreError> {
    if *scope != Scope::All {
        return Ok(Vec::new());
    }
    let rows = sqlx::query!(
        "select id, row_version, name, url, events, enabled from sys.webhooks
         where $1::bigint is null or id = $1 order by lower(name), id",
        id.map(|id| id.0),
    )
    .fetch_all(conn)
    .await?;
    let webhooks = rows.into_iter().map(|row| {
        // An event of a later build is passed over.
        let events = row.events.iter().filter_map(|name| name.parse().ok()).collect();
        let settings = WebhookSettings {
            name: row.name.parse().map_err(|_| StoreError::unreadable("webhook's name", &row.name))?,
            url: row.url.parse().map_err(|_| StoreError::unreadable("webhook's address", &row.url))?,
            events,
            enabled: row.enabled,
        };
        Ok(Webhook { id: WebhookId(row.id), version: RowVersion(row.row_version), settings })
    });
    webhooks.collect()
}

/// Which deliveries of a receiver.
#[derive(Clone, Copy, Debug, Default)]
pub struct DeliveryFilter {
    /// Only those that stand there.
    pub state: Option<DeliveryState>,
    /// Only older ones than this.
    pub before: Option<WebhookDeliveryId>,
    /// At most this many; 1 to 500.
    pub limit: u32,
}

/// The deliveries of a receiver, newest first.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no such receiver, or the asker may not see it.
pub async fn deliveries(
    pool: &Pool,
    scope: &Scope,
    webhook: WebhookId,
    filter: DeliveryFilter,
) -> Result<Page<WebhookDelivery>, StoreError> {
    find(pool, scope, webhook).await?;
    let limit = i64::from(filter.limit.clamp(1, 500));
    let rows = sqlx::query!(
        "select id, event_id, kind, body, happened_at, state, attempts, due_at, last_at, last_status, last_error,
                last_took_ms
         from sys.webhook_deliveries
         where webhook_id = $1 and ($2::text is null or state = $2) and ($3::bigint is null or id < $3)
         order by id desc limit $4",
        webhook.0,
        filter.state.map(DeliveryState::name),
        filter.before.map(|id| id.0),
        limit + 1,
    )
    .fetch_all(pool)
    .await?;
    let more = rows.len() as i64 > limit;
    let rows = rows.into_iter().take(limit as usize).map(|row| {
        Ok(WebhookDelivery {
            id: WebhookDeliveryId(row.id),
            event: row.event_id,
            kind: row.kind.parse().map_err(|_| StoreError::unreadable("event", &row.kind))?,
            happened_at: row.happened_at,
            state: row.state.parse().map_err(|_| StoreError::unreadable("delivery's state", &row.state))?,
            attempts: row.attempts.unsigned_abs(),
            due_at: row.due_at,
            last_at: row.last_at,
            last_status: row.last_status.and_then(|status| u16::try_from(status).ok()),
            last_error: row.last_error,
            last_took_ms: row.last_took_ms.map(i32::unsigned_abs),
            body: row.body,
        })
    });
    Ok(Page { rows: rows.collect::<Result<_, StoreError>>()?, more })
}
