use leptos::prelude::*;

use super::{LIST, edit::load_account};
#[cfg(feature = "ssr")]
use crate::server::{posted::Posted, sent::Done};
use crate::{
    components::{Leaving, removal},
    pages::key,
    words::outcomes,
};

/// Asks before an account is deleted.
#[component]
pub(crate) fn RemoveAccount() -> impl IntoView {
    removal(
        key("id"),
        |id| load_account(Some(id)),
        |editing| {
            let account = editing.account?;
            Some(Leaving {
                what: outcomes().account,
                name: account.settings.name.to_string(),
                touches: outcomes().account_touches.to_owned(),
                back: format!("{LIST}/{}", account.id),
                version: account.version,
            })
        },
    )
}

/// Deletes it.
#[cfg(feature = "ssr")]
pub(crate) async fn remove(
    posted: Posted<crate::form::Confirmation, domain::AccountId>,
) -> axum::response::Response {
    posted
        .answer(async |Posted { site, id, asker, sent }| {
            store::accounts::remove(&site.pool, &asker.actor, *id, Some(sent.version()?)).await?;
            Ok(Done::to(LIST, outcomes().account_gone))
        })
        .await
}
