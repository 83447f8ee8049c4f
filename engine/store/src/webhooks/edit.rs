use domain::{
    CheckedWebhook, Happened, Happening, Invalid, RowVersion, WebhookDeliveryId, WebhookId, WebhookSecret,
    WebhookSettings,
};
use sqlx::PgConnection;

use super::{list::read, place, queue};
use crate::{
    Actor, Pool, Scope, Seal, StoreError,
    change::{self, NOTHING, Record},
};

/// Adds a receiver.
///
/// # Errors
/// [`StoreError::Invalid`] at `name` when it is taken, at `secret` when there is none.
pub async fn create(
    pool: &Pool,
    actor: &Actor,
    seal: &Seal,
    webhook: &CheckedWebhook,
) -> Result<WebhookId, StoreError> {
    let CheckedWebhook { settings, secret } = webhook;
    let Some(secret) = secret else {
        return Err(Invalid::field(
            "secret",
            "a receiver needs a secret, or it cannot tell our events from others",
        )
        .into());
    };
    let mut tx = change::begin(pool).await?;
    let id = sqlx::query_scalar!(
        "insert into sys.webhooks (name, url, secret, events, enabled) values ($1, $2, '', $3, $4) returning id",
        settings.name.as_str(),
        settings.url.as_str(),
        &names(settings),
        settings.enabled,
    )
    .fetch_one(&mut *tx)
    .await?;
    put_secret(&mut tx, seal, id, secret).await?;
    let subject = subject(settings);
    let made = Record { action: "create", subject: &subject, before: NOTHING, after: Some(settings) };
    change::record(&mut tx, actor, made).await?;
    tx.commit().await?;
    Ok(WebhookId(id))
}

/// Changes a receiver as it was read at `version`; without a new secret it keeps the one it has.
///
/// # Errors
/// [`StoreError::Conflict`] when it has been changed since; [`StoreError::Invalid`] at `name` when it is taken.
pub async fn update(
    pool: &Pool,
    actor: &Actor,
    seal: &Seal,
    id: WebhookId,
    version: RowVersion,
    webhook: &CheckedWebhook,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let before = read(&mut tx, &Scope::All, Some(id)).await?.pop().ok_or(StoreError::NotFound)?;
    let subject = subject(&before.settings);
    if before.version != version {
        return Err(StoreError::Conflict { subject });
    }
    let settings = &webhook.settings;
    sqlx::query!(
        "update sys.webhooks set name = $2, url = $3, events = $4, enabled = $5 where id = $1",
        id.0,
        settings.name.as_str(),
        settings.url.as_str(),
        &names(settings),
        settings.enabled,
    )
    .execute(&mut *tx)
    .await?;
    if let Some(secret) = &webhook.secret {
        put_secret(&mut tx, seal, id.0, secret).await?;
        let action = Record { action: "password", subject: &subject, before: NOTHING, after: NOTHING };
        change::record(&mut tx, actor, action).await?;
    }
    if before.settings != *settings {
        let (before, after) = (Some(&before.settings), Some(settings));
        change::record(&mut tx, actor, Record { action: "update", subject: &subject, before, after }).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Removes a receiver with everything that is on its way to it.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not as it was `seen` any more.
pub async fn remove(
    pool: &Pool,
    actor: &Actor,
    id: WebhookId,
    seen: Option<RowVersion>,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let before = read(&mut tx, &Scope::All, Some(id)).await?.pop().ok_or(StoreError::NotFound)?;
    let subject = subject(&before.settings);
    change::as_seen(&subject, before.version, seen)?;
    sqlx::query!("delete from sys.webhooks where id = $1", id.0).execute(&mut *tx).await?;
    let gone = Record { action: "remove", subject: &subject, before: Some(&before.settings), after: NOTHING };
    change::record(&mut tx, actor, gone).await?;
    tx.commit().await?;
    Ok(())
}

/// Puts a test event on its way to one receiver, whatever it has chosen.
pub async fn send_test(pool: &Pool, actor: &Actor, id: WebhookId) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let webhook = read(&mut tx, &Scope::All, Some(id)).await?.pop().ok_or(StoreError::NotFound)?;
    let test = Happening { at: chrono::Utc::now(), what: Happened::Test { by: actor.name.clone() } };
    queue::put(&mut tx, id, &queue::Event::of(&test)?).await?;
    let subject = subject(&webhook.settings);
    let record = Record { action: "test", subject: &subject, before: NOTHING, after: NOTHING };
    change::record(&mut tx, actor, record).await?;
    tx.commit().await?;
    Ok(())
}

/// Puts a delivery on its way once more, as if it had never been tried. One that waits is tried at once.
pub async fn resend(
    pool: &Pool,
    actor: &Actor,
    webhook: WebhookId,
    delivery: WebhookDeliveryId,
) -> Result<(), StoreError> {
    let mut tx = change::begin(pool).await?;
    let found = read(&mut tx, &Scope::All, Some(webhook)).await?.pop().ok_or(StoreError::NotFound)?;
    let put = sqlx::query!(
        "update sys.webhook_deliveries set state = 'waiting', attempts = 0, due_at = now()
         where id = $1 and webhook_id = $2",
        delivery.0,
        webhook.0,
    )
    .execute(&mut *tx)
    .await?;
    if put.rows_affected() == 0 {
        return Err(StoreError::NotFound);
    }
    let subject = format!("delivery {delivery} to {}", subject(&found.settings));
    let record = Record { action: "resend", subject: &subject, before: NOTHING, after: NOTHING };
    change::record(&mut tx, actor, record).await?;
    tx.commit().await?;
    Ok(())
}

async fn put_secret(
    conn: &mut PgConnection,
    seal: &Seal,
    id: i64,
    secret: &WebhookSecret,
) -> Result<(), StoreError> {
    let sealed = seal.close(&place(id), secret.expose().as_bytes());
    sqlx::query!("update sys.webhooks set secret = $2 where id = $1", id, sealed).execute(conn).await?;
    Ok(())
}

fn names(settings: &WebhookSettings) -> Vec<String> {
    settings.events.iter().map(ToString::to_string).collect()
}

fn subject(settings: &WebhookSettings) -> String {
    format!("webhook \"{}\"", settings.name)
}
