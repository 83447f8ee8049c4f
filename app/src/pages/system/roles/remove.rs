use domain::RoleId;
use leptos::prelude::*;

use super::{LIST, edit::load_role};
use crate::{
    components::Removal,
    form::{Confirmation, Opened, submitted},
    load::{LoadError, loaded},
    pages::key,
    words::people,
};

/// Asks before a role is deleted.
#[component]
pub(crate) fn RemoveRole() -> impl IntoView {
    let sent = submitted::<Confirmation>();
    let id = key("id");
    let role = Resource::new(id, async |id: Option<RoleId>| match id {
        Some(id) => load_role(id).await,
        None => Err(LoadError::NotFound),
    });
    loaded(role, move |role| {
        view! {
            <Removal
                what=people().role_word
                name=role.settings.name.to_string()
                touches=people().role_touches
                back=format!("{LIST}/{}", role.id)
                opened=Opened::of(sent.clone(), Confirmation::default(), role.version)
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
        store::roles::remove(&site.pool, &asker.actor, RoleId(id), Some(sent.version()?)).await?;
        Ok(crate::server::sent::Done::to(LIST, people().role_deleted))
    };
    let outcome = outcome.await;
    sent.answer(&site, outcome).await
}
