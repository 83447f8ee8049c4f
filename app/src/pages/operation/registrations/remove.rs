use domain::RegistrationId;
use leptos::prelude::*;

use super::{LIST, edit::load_registration};
use crate::{
    components::Removal,
    form::{Confirmation, Opened, submitted},
    load::{LoadError, loaded},
    pages::key,
    words::{fill, phones},
};

/// Asks before a registration is deleted.
#[component]
pub(crate) fn RemoveRegistration() -> impl IntoView {
    let sent = submitted::<Confirmation>();
    let id = key("id");
    let registration = Resource::new(id, async |id: Option<RegistrationId>| match id {
        Some(id) => load_registration(id).await,
        None => Err(LoadError::NotFound),
    });
    loaded(registration, move |registration| {
        let settings = &registration.settings;
        view! {
            <Removal
                what=phones().registration_in_text
                name=settings.name.to_string()
                touches=fill(
                    phones().registration_removal,
                    &[&settings.server.to_string(), settings.user.as_str()],
                )
                back=format!("{LIST}/{}", registration.id)
                opened=Opened::of(sent.clone(), Confirmation::default(), registration.version)
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
        store::registrations::remove(&site.pool, &asker.actor, RegistrationId(id), Some(sent.version()?))
            .await?;
        Ok(crate::server::sent::Done::to(LIST, phones().gone_registration))
    };
    let outcome = outcome.await;
    sent.answer(&site, outcome).await
}
