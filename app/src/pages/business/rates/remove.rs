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
    words::{fill, outcomes},
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
                what=outcomes().rate
                name=rate.settings.prefix.to_string()
                touches=fill(outcomes().rate_touches, &[table.settings.name.as_str()])
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
    let outcome = async {
        store::rate_tables::remove_rate(&site.pool, &asker.actor, domain::RateId(id), Some(sent.version()?))
            .await?;
        Ok(crate::server::sent::Done::to(format!("{LIST}/{table}"), outcomes().rate_gone))
    };
    let outcome = outcome.await;
    sent.answer(&site, outcome).await
}
