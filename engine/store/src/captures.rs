//! Captures of the debug trace. They live in the switch's memory; what people do with them stands in the audit log.

use domain::CaptureView;
use serde::Serialize;

use crate::{
    Actor, Pool, StoreError,
    change::{self, NOTHING, Record},
};

/// What a person does with a capture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Deed {
    /// Begins it.
    Start,
    /// Stops it before its time.
    Stop,
    /// Removes it with what it holds.
    Remove,
}

/// What the audit log tells of a capture.
#[derive(Serialize)]
struct Told<'a> {
    what: &'a str,
    ends_at: chrono::DateTime<chrono::Utc>,
    most_bytes: u64,
    messages: u64,
}

/// Notes what somebody does with a capture.
pub async fn note(pool: &Pool, actor: &Actor, deed: Deed, capture: &CaptureView) -> Result<(), StoreError> {
    let told = Told {
        what: &capture.what,
        ends_at: capture.ends_at,
        most_bytes: capture.most_bytes,
        messages: capture.messages,
    };
    let subject = format!("capture {}", capture.id);
    let mut tx = change::begin(pool).await?;
    match deed {
        Deed::Start => {
            let record = Record { action: "start", subject: &subject, before: NOTHING, after: Some(&told) };
            change::record(&mut tx, actor, record).await?;
        }
        Deed::Stop | Deed::Remove => {
            let action = if deed == Deed::Stop { "stop" } else { "remove" };
            let record = Record { action, subject: &subject, before: Some(&told), after: NOTHING };
            change::record(&mut tx, actor, record).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}
