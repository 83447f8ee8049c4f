use domain::UserId;
use leptos::prelude::*;

use super::{LIST, edit::load_person};
use crate::{
    components::Removal,
    form::{Confirmation, Opened, submitted},
    load::{LoadError, loaded},
    pages::key,
    words::people,
};

/// Asks before a person is removed.
#[component]
pub(crate) fn RemovePerson() -> impl IntoView {
    let sent = submitted::<Confirmation>();
    let id = key("id");
    let editing = Resource::new(id, async |id: Option<UserId>| match id {
        Some(id) => load_person(Some(id)).await,
        None => Err(LoadError::NotFound),
    });
    loaded(editing, move |editing| {
        editing.person.map(|row| {
            view! {
                <Removal
                    what=people().person
                    name=row.user.settings.name.to_string()
                    touches=people().person_touches
                    back=format!("{LIST}/{}", row.user.id)
                    opened=Opened::of(sent.clone(), Confirmation::default(), row.user.version)
                />
            }
        })
    })
}

/// Removes them.
#[cfg(feature = "ssr")]
pub(crate) async fn remove(
    axum::extract::State(site): axum::extract::State<crate::server::Site>,
    axum::extract::Path(id): axum::extract::Path<i64>,
    asker: crate::server::session::Asker,
    sent: crate::server::sent::Sent<Confirmation>,
) -> axum::response::Response {
    let outcome = async {
        store::people::remove(&site.pool, &asker.actor, UserId(id), Some(sent.version()?)).await?;
        Ok(crate::server::sent::Done::to(LIST, people().person_removed))
    };
    let outcome = outcome.await;
    sent.answer(&site, outcome).await
}
