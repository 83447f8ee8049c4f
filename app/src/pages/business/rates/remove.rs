use leptos::prelude::*;

use super::{
    LIST,
    edit::{Editing, load_rate},
};
use crate::{
    components::Removal,
    form::{Confirmation, Opened, submitted},
    load::{LoadError, loaded},
    pages::key,
};

/// Asks before a rate is deleted.
#[component]
pub(crate) fn RemoveRate() -> impl IntoView {
    let sent = submitted::<Confirmation>();
    let (table, id) = (key("id"), key("rate"));
    let editing = Resource::new(
        move || table().zip(id()),
        async |keys| match keys {
            Some((table, id)) => load_rate(table, id).await,
            None => Err(LoadError::NotFound),
        },
    );
    loaded(editing, move |Editing { table, rate }| {
        view! {
            <Removal
                what="rate"
                name=rate.settings.prefix.to_string()
                touches=format!(
                    "Calls to these numbers will be priced by a shorter prefix of rate table {}, or refused when there is none.",
                    table.settings.name,
                )
                back=format!("{LIST}/{}", table.id)
                opened=Opened::of(sent.clone(), Confirmation::default(), rate.version)
            />
        }
    })
}

/// Deletes it.
#[cfg(feature = "ssr")]
pub(crate) async fn remove(
    axum::extract::State(site): axum::extract::State<crate::server::Site>,
    axum::extract::Path((table, id)): axum::extract::Path<(i64, i64)>,
    asker: crate::server::session::Asker,
    sent: crate::server::sent::Sent<Confirmation>,
) -> axum::response::Response {
    let outcome = store::rate_tables::remove_rate(&site.pool, &asker.actor, domain::RateId(id)).await;
    let done = crate::server::sent::Done::to(format!("{LIST}/{table}"), "The rate was deleted.");
    sent.answer(&site, outcome.map(|()| done).map_err(Into::into)).await
}
