use leptos::prelude::*;

use super::{
    LIST,
    edit::{Editing, load_rate},
};
#[cfg(feature = "ssr")]
use crate::server::{posted::Posted, sent::Done};
use crate::{
    components::{Leaving, removal},
    pages::key,
    words::{fill, outcomes},
};

/// Asks before a rate is deleted.
#[component]
pub(crate) fn RemoveRate() -> impl IntoView {
    let (table, id) = (key("id"), key("rate"));
    removal(
        move || table().zip(id()),
        |(table, id)| load_rate(table, id),
        |Editing { table, rate }| {
            Some(Leaving {
                what: outcomes().rate,
                name: rate.settings.prefix.to_string(),
                touches: fill(outcomes().rate_touches, &[table.settings.name.as_str()]),
                back: format!("{LIST}/{}", table.id),
                version: rate.version,
            })
        },
    )
}

/// Deletes it.
#[cfg(feature = "ssr")]
pub(crate) async fn remove(
    posted: Posted<crate::form::Confirmation, (domain::RateTableId, domain::RateId)>,
) -> axum::response::Response {
    posted
        .answer(async |Posted { site, id: (table, rate), asker, sent }| {
            store::rate_tables::remove_rate(&site.pool, &asker.actor, *rate, Some(sent.version()?)).await?;
            Ok(Done::to(format!("{LIST}/{table}"), outcomes().rate_gone))
        })
        .await
}
