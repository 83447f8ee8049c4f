use domain::RateTableId;
use leptos::prelude::*;

use super::{LIST, load_rate_table};
use crate::{
    components::Removal,
    form::{Confirmation, Opened, submitted},
    load::{LoadError, loaded},
    pages::key,
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
                what="rate table"
                name=table.settings.name.to_string()
                touches="All its rates are deleted with it. It can be deleted only while no account uses it. Call records keep the rates they were priced with."
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
    let outcome = store::rate_tables::remove(&site.pool, &asker.actor, RateTableId(id)).await;
    let done = crate::server::sent::Done::to(LIST, "The rate table was deleted.");
    sent.answer(&site, outcome.map(|()| done).map_err(Into::into)).await
}
