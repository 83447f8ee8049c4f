use domain::AccountId;
use leptos::prelude::*;

use super::{LIST, edit::load_account};
use crate::{
    components::Removal,
    form::{Confirmation, Opened, submitted},
    load::{LoadError, loaded},
    pages::key,
    words::outcomes,
};

/// Asks before an account is deleted.
#[component]
pub(crate) fn RemoveAccount() -> impl IntoView {
    let sent = submitted::<Confirmation>();
    let id = key("id");
    let editing = Resource::new(id, async |id: Option<AccountId>| match id {
        Some(id) => load_account(Some(id)).await,
        None => Err(LoadError::NotFound),
    });
    loaded(editing, move |editing| {
        editing.account.map(|account| {
            view! {
                <Removal
                    what=outcomes().account
                    name=account.settings.name.to_string()
                    touches=outcomes().account_touches
                    back=format!("{LIST}/{}", account.id)
                    opened=Opened::of(sent.clone(), Confirmation::default(), account.version)
                />
            }
        })
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
        store::accounts::remove(&site.pool, &asker.actor, AccountId(id), Some(sent.version()?)).await?;
        Ok(crate::server::sent::Done::to(LIST, outcomes().account_gone))
    };
    let outcome = outcome.await;
    sent.answer(&site, outcome).await
}
