use domain::RateTableId;
use leptos::prelude::*;

use super::{LIST, load_rate_table};
use crate::{
    components::Removal,
    form::{Confirmation, Opened, submitted},
    load::{LoadError, loaded},
    pages::key,
    words::outcomes,
};

/// Asks before a rate table is deleted.
#[component]
pub(crate) fn RemoveRateTable() -> impl IntoView {
    let sent = submitted::<Confirmation>();
    let id = key("id");
    let table = Resource::new(id, async |id: Option<RateTableId>| match id {
        Some(id) => load_rate_table(id).await,
        None => Err(LoadError::NotFound),
    });
    loaded(table, move |table| {
        view! {
            <Removal
                what=outcomes().rate_table
                name=table.settings.name.to_string()
                touches=outcomes().rate_table_touches
                back=format!("{LIST}/{}", table.id)
                opened=Opened::of(sent.clone(), Confirmation::default(), table.version)
            />
        }
    })
}

/// Deletes it.
#[cfg(feature = "ssr")]
pub(crate) async fn remove(
    axum::extract::State(site): axum::extract::State<crate::server::Site>,
    axum::extract::Path(id): axum::extract::Path<i64>,
    asker: crate::server::session::Asker,
    sent: crate::server::sent::Sent<Confirmation>,
) -> axum::response::Response {
    let outcome = async {
        store::rate_tables::remove(&site.pool, &asker.actor, RateTableId(id), Some(sent.version()?)).await?;
        Ok(crate::server::sent::Done::to(LIST, outcomes().rate_table_gone))
    };
    let outcome = outcome.await;
    sent.answer(&site, outcome).await
}
