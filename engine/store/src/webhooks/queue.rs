use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::{EventKind, Happening, WebhookDeliveryId, WebhookId, WebhookSecret, WebhookUrl};
use sqlx::PgConnection;
use uuid::Uuid;

use super::place;
use crate::{Pool, Seal, StoreError};

/// Deliveries that may wait for one receiver; what comes beyond is not kept for it.
pub const MOST_WAITING: i64 = 10_000;

/// Days after which deliveries are forgotten, taken or not.
pub const KEPT_DAYS: i32 = 14;

/// Deliveries to one receiver that are under way at the same time: one that answers slowly keeps nobody else waiting.
pub const AT_ONCE: usize = 4;

/// How long whoever has claimed a delivery may take; then somebody else may try.
pub const LEASE: Duration = Duration::from_secs(60);

/// An event as it is posted.
pub(super) struct Event {
    id: Uuid,
    kind: EventKind,
    at: DateTime<Utc>,
    body: String,
}

impl Event {
    pub(super) fn of(happening: &Happening) -> Result<Self, StoreError> {
        let millis = u64::try_from(happening.at.timestamp_millis()).unwrap_or_default();
        let id = uuid::Builder::from_unix_timestamp_millis(millis, &rand::random()).into_uuid();
        let kind = happening.what.kind();
        let body = serde_json::json!({
            "id": id,
            "type": kind.name(),
            "timestamp": happening.at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
            "data": crate::change::json(&happening.what)?,
        });
        Ok(Self { id, kind, at: happening.at, body: body.to_string() })
    }
}

/// Puts events on their way to every receiver in use that has chosen their kind; how many found no room at one.
pub async fn enqueue(pool: &Pool, happenings: &[Happening]) -> Result<u64, StoreError> {
    let mut tx = pool.begin().await?;
    let receivers = sqlx::query!(
        r#"select w.id, w.events,
                  (select count(*) from sys.webhook_deliveries d where d.webhook_id = w.id and d.state = 'waiting')
                      as "waiting!"
           from sys.webhooks w where w.enabled order by w.id"#
    )
    .fetch_all(&mut *tx)
    .await?;
    let mut room: Vec<(WebhookId, Vec<String>, i64)> = receivers
        .into_iter()
        .map(|row| (WebhookId(row.id), row.events, MOST_WAITING - row.waiting))
        .collect();
    let mut dropped = 0;
    for happening in happenings {
        let kind = happening.what.kind();
        if !room.iter().any(|(_, chosen, _)| chosen.iter().any(|name| name == kind.name())) {
            continue;
        }
        // One id for all receivers.
        let event = Event::of(happening)?;
        for (webhook, chosen, left) in &mut room {
            if !chosen.iter().any(|name| name == kind.name()) {
                continue;
            }
            if *left <= 0 {
                dropped += 1;
                continue;
            }
            *left -= 1;
            put(&mut tx, *webhook, &event).await?;
        }
    }
    tx.commit().await?;
    Ok(dropped)
}

pub(super) async fn put(
    conn: &mut PgConnection,
    webhook: WebhookId,
    event: &Event,
) -> Result<(), StoreError> {
    sqlx::query!(
        "insert into sys.webhook_deliveries (webhook_id, event_id, kind, body, happened_at) values ($1, $2, $3, $4, $5)",
        webhook.0,
        event.id,
        event.kind.name(),
        event.body,
        event.at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A delivery to be tried now, by whoever has claimed it.
#[derive(Clone, Debug)]
pub struct Due {
    /// Which delivery.
    pub id: WebhookDeliveryId,
    /// To whom.
    pub webhook: WebhookId,
    /// Where it goes.
    pub url: WebhookUrl,
    /// What it is signed with; none when it was sealed with another key.
    pub secret: Option<WebhookSecret>,
    /// The event.
    pub event: Uuid,
    /// What is posted.
    pub body: String,
    /// Which try this is, from 1.
    pub attempt: u32,
}

/// Claims deliveries that are due, those that wait longest first: at most `limit`, and a few for each receiver. Who has one tells
/// [`settle`] what became of it within [`LEASE`]. Receivers that are `busy` enough are left out.
pub async fn claim(pool: &Pool, seal: &Seal, busy: &[WebhookId], limit: u32) -> Result<Vec<Due>, StoreError> {
    let busy: Vec<i64> = busy.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"with due as (
               select id from sys.webhook_deliveries where id in (
                   select id from (
                       select d.id, d.due_at, row_number() over (partition by d.webhook_id order by d.due_at, d.id) as place
                       from sys.webhook_deliveries d join sys.webhooks w on w.id = d.webhook_id
                       where d.state = 'waiting' and d.due_at <= now() and w.enabled
                             and d.webhook_id <> all($4::bigint[])
                   ) waiting where place <= $1 order by due_at, id limit $2)
               and state = 'waiting' and due_at <= now()
               for update skip locked)
           update sys.webhook_deliveries d
           set attempts = d.attempts + 1, due_at = now() + make_interval(secs => $3), last_at = now()
           from due, sys.webhooks w where d.id = due.id and w.id = d.webhook_id
           returning d.id, d.webhook_id, w.url, w.secret, d.event_id, d.body, d.attempts"#,
        AT_ONCE as i64,
        i64::from(limit),
        LEASE.as_secs_f64(),
        &busy,
    )
    .fetch_all(pool)
    .await?;
    let due = rows.into_iter().map(|row| {
        let opened = seal.open(&place(row.webhook_id), &row.secret).ok();
        let text = opened.and_then(|bytes| String::from_utf8(bytes).ok());
        Ok(Due {
            id: WebhookDeliveryId(row.id),
            webhook: WebhookId(row.webhook_id),
            url: row.url.parse().map_err(|_| StoreError::unreadable("webhook's address", &row.url))?,
            secret: text.and_then(|text| WebhookSecret::new(&text).ok()),
            event: row.event_id,
            body: row.body,
            attempt: row.attempts.unsigned_abs(),
        })
    });
    due.collect()
}

/// What became of a try.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// The status of the answer, if there was one.
    pub status: Option<u16>,
    /// Why it failed; none when it was taken.
    pub error: Option<String>,
    /// How long it took.
    pub took: Duration,
    /// After how long it is tried again, when it failed; none gives it up.
    pub again_in: Option<Duration>,
}

/// Writes down what became of a claimed delivery.
pub async fn settle(pool: &Pool, due: &Due, outcome: &Outcome) -> Result<(), StoreError> {
    let state = match (&outcome.error, outcome.again_in) {
        (None, _) => "delivered",
        (Some(_), Some(_)) => "waiting",
        (Some(_), None) => "failed",
    };
    let wait = outcome.again_in.unwrap_or_default().as_secs_f64();
    sqlx::query!(
        "update sys.webhook_deliveries
         set state = $3, last_status = $4, last_error = $5, last_took_ms = $6, due_at = now() + make_interval(secs => $7)
         where id = $1 and attempts = $2 and state = 'waiting'",
        due.id.0,
        i32::try_from(due.attempt).unwrap_or(i32::MAX),
        state,
        outcome.status.map(i32::from),
        outcome.error,
        i32::try_from(outcome.took.as_millis()).unwrap_or(i32::MAX),
        wait,
    )
    .execute(pool)
    .await?;
    Ok(())
}

/// Forgets deliveries of events that happened long ago; how many those were.
pub async fn prune(pool: &Pool, now: DateTime<Utc>) -> Result<u64, StoreError> {
    let gone = sqlx::query!(
        "delete from sys.webhook_deliveries where happened_at < $1::timestamptz - make_interval(days => $2)",
        now,
        KEPT_DAYS,
    )
    .execute(pool)
    .await?;
    Ok(gone.rows_affected())
}
