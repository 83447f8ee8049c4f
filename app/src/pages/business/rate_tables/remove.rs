use leptos::prelude::*;

use super::{LIST, load_rate_table};
#[cfg(feature = "ssr")]
use crate::server::{posted::Posted, sent::Done};
use crate::{
    components::{Leaving, removal},
    pages::key,
    words::outcomes,
};

/// Asks before a rate table is deleted.
#[component]
pub(crate) fn RemoveRateTable() -> impl IntoView {
    removal(key("id"), load_rate_table, |table| {
        Some(Leaving {
            what: outcomes().rate_table,
            name: table.settings.name.to_string(),
            touches: outcomes().rate_table_touches.to_owned(),
            back: format!("{LIST}/{}", table.id),
            version: table.version,
        })
    })
}

/// Deletes it.
#[cfg(feature = "ssr")]
pub(crate) async fn remove(
    posted: Posted<crate::form::Confirmation, domain::RateTableId>,
) -> axum::response::Response {
    posted
        .answer(async |Posted { site, id, asker, sent }| {
            store::rate_tables::remove(&site.pool, &asker.actor, *id, Some(sent.version()?)).await?;
            Ok(Done::to(LIST, outcomes().rate_table_gone))
        })
        .await
}
