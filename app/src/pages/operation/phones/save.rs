//! What becomes of a phone's form.
#![cfg(feature = "ssr")]

use axum::response::Response;
use domain::{CheckedPhone, Phone, PhoneId};
use leptos::prelude::provide_context;
use store::phones;

use super::{LIST, edit::Shown, form::PhoneForm};
use crate::{
    form::Refusal,
    server::{Site, posted::Posted, sent::Done},
    words::{fill, phones as words},
};

/// What was saved: what to say, and a password that was made for it.
struct Saved {
    said: String,
    shown: Option<Shown>,
}

pub(crate) async fn create(posted: Posted<PhoneForm>) -> Response {
    answer(posted, async |Posted { site, asker, sent, .. }| {
        let (checked, password) = checked(&sent.draft)?;
        let id = phones::create(&site.pool, &asker.scope, &asker.actor, &site.seal, &checked).await?;
        Ok(Saved::of(words().made, id, &checked, password))
    })
    .await
}

pub(crate) async fn update(posted: Posted<PhoneForm, PhoneId>) -> Response {
    answer(posted, async |Posted { site, id, asker, sent }| {
        let (checked, password) = checked(&sent.draft)?;
        let (id, version) = (*id, sent.version()?);
        phones::update(&site.pool, &asker.scope, &asker.actor, &site.seal, id, version, &checked).await?;
        Ok(Saved::of(words().saved, id, &checked, password))
    })
    .await
}

impl Saved {
    fn of(how: &str, id: PhoneId, checked: &CheckedPhone, password: Option<String>) -> Self {
        let number = checked.settings.number.to_string();
        let said = fill(how, &[&number]);
        Self { said, shown: password.map(|password| Shown { id, number, password }) }
    }
}

/// The form with the password that it asks for, which is also given apart. One that was typed counts more than the wish for another.
fn checked(form: &PhoneForm) -> Result<(CheckedPhone, Option<String>), Refusal> {
    let mut checked = form.draft.check()?;
    if form.generate.is_empty() || checked.password.is_some() {
        return Ok((checked, None));
    }
    let password = phones::new_password(checked.settings.number.as_str());
    let shown = password.expose().to_owned();
    checked.password = Some(password);
    Ok((checked, Some(shown)))
}

/// Goes back to the list; a password that was made is shown in place of the form, this once.
async fn answer<K>(
    posted: Posted<PhoneForm, K>,
    save: impl AsyncFnOnce(&Posted<PhoneForm, K>) -> Result<Saved, Refusal>,
) -> Response {
    let saved = save(&posted).await;
    let Posted { site, sent, .. } = posted;
    match saved {
        Ok(Saved { shown: Some(shown), .. }) => {
            site.switch.reload();
            crate::server::render(&site, sent.into_parts(), move || provide_context(shown.clone())).await
        }
        saved => sent.answer(&site, saved.map(|saved| Done::to(LIST, saved.said))).await,
    }
}

/// Switches a phone on or off and leaves everything else as it is.
pub(crate) async fn switch(
    site: &Site,
    actor: &store::Actor,
    id: PhoneId,
    on: bool,
) -> Result<(), store::StoreError> {
    let scope = store::Scope::All;
    let Phone { version, mut settings, .. } = phones::find(&site.pool, &scope, id).await?;
    settings.enabled = on;
    let checked = CheckedPhone { settings, password: None };
    phones::update(&site.pool, &scope, actor, &site.seal, id, version, &checked).await
}
