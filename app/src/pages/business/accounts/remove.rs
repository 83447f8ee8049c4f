use domain::AccountId;
use leptos::prelude::*;

use super::{LIST, edit::load_account};
use crate::{
    components::Removal,
    form::{Confirmation, Opened, submitted},
    load::{LoadError, loaded},
    pages::key,
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
                    what="account"
                    name=account.settings.name.to_string()
                    touches="An account can be deleted only while no gateway uses it and nothing has ever moved its balance. To stop its calls, lock it instead."
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
    let outcome = store::accounts::remove(&site.pool, &asker.actor, AccountId(id)).await;
    let done = crate::server::sent::Done::to(LIST, "The account was deleted.");
    sent.answer(&site, outcome.map(|()| done).map_err(Into::into)).await
}
