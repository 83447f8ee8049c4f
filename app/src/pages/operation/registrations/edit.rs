use domain::{RegisterTransport, Registration, RegistrationDraft, RegistrationId};
use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::LIST;
use crate::{
    access::Way,
    components::{Buttons, Choice, DraftForm, PageHead, Text, Tick, offered},
    form::{Opened, submitted},
    load::{LoadError, by_key, loaded},
    pages::key,
    words::{fields, parts, phones},
};

#[server(prefix = "/load", endpoint = "registration", input = GetUrl)]
pub(crate) async fn load_registration(id: RegistrationId) -> Result<Registration, LoadError> {
    let need = crate::access::Need::Inside(domain::Permission::ViewPhones);
    let (site, asker) = crate::server::session::asking(need)?;
    Ok(store::registrations::find(&site.pool, &asker.scope, id).await?)
}

/// A form for a new registration.
#[component]
pub(crate) fn NewRegistration() -> impl IntoView {
    let fresh = RegistrationDraft {
        period: domain::RegisterPeriod::default().to_string(),
        transport: RegisterTransport::default().to_string(),
        enabled: "on".to_owned(),
        ..Default::default()
    };
    view! {
        <PageHead title=phones().new_registration about=phones().registration_about />
        {form(Opened::new(submitted(), fresh), false)}
    }
}

/// The form of one registration.
#[component]
pub(crate) fn EditRegistration() -> impl IntoView {
    let sent = submitted();
    let registration = by_key(key("id"), load_registration);
    loaded(registration, move |registration| {
        let stored = RegistrationDraft::from(&registration.settings);
        view! {
            <PageHead title=registration.settings.name.to_string() about=phones().registration_about>
                <Way class="button" to=format!("{LIST}/{}/delete", registration.id)>
                    {parts().delete_more}
                </Way>
            </PageHead>
            {form(Opened::of(sent.clone(), stored, registration.version), registration.has_password)}
        }
    })
}

fn form(opened: Opened<RegistrationDraft>, has_password: bool) -> impl IntoView {
    let (t, words) = (fields(), phones());
    let draft = opened.draft.clone();
    let transports = offered(RegisterTransport::ALL, |transport| transport.name().to_uppercase());
    let hint = if has_password { words.their_password_hint } else { words.their_password_hint_new };
    view! {
        <DraftForm opened>
            <Text name="name" required=true label=t.name value=draft.name />
            <Text
                name="server"
                required=true
                label=words.server
                value=draft.server
                hint=words.server_hint
            />
            <Text name="proxy" label=words.proxy value=draft.proxy hint=words.proxy_hint />
            <Text name="user" required=true label=words.user value=draft.user hint=words.user_hint />
            <Text
                name="auth_user"
                label=words.auth_user
                value=draft.auth_user
                hint=words.auth_user_hint
            />
            <Text
                name="password"
                label=words.password
                value=""
                kind="password"
                autocomplete="new-password"
                hint
            />
            <Text
                name="contact"
                label=words.our_contact
                value=draft.contact
                hint=words.our_contact_hint
            />
            <Text
                name="period"
                required=true
                label=words.period
                value=draft.period
                short=true
                suggestions=["default", "auto"].map(|word| (word.to_owned(), word.to_owned())).to_vec()
                hint=words.period_hint
            />
            <Choice
                name="transport"
                label=t.transport
                value=draft.transport
                options=transports
                hint=words.transport_hint
            />
            <Tick name="enabled" label=t.in_use value=draft.enabled hint=words.registration_enabled_hint />
            <Buttons submit=parts().save back=LIST />
        </DraftForm>
    }
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::response::Response;
    use domain::{CheckedRegistration, RegistrationDraft, RegistrationId};
    use store::registrations;

    use super::LIST;
    use crate::{
        server::{Site, posted::Posted, sent::Done},
        words::{fill, phones as words},
    };

    pub(crate) async fn create(posted: Posted<RegistrationDraft>) -> Response {
        posted
            .answer(async |Posted { site, asker, sent, .. }| {
                let checked = sent.draft.check()?;
                registrations::create(&site.pool, &asker.actor, &site.seal, &checked).await?;
                Ok(Done::to(LIST, fill(words().made_registration, &[checked.settings.name.as_str()])))
            })
            .await
    }

    pub(crate) async fn update(posted: Posted<RegistrationDraft, RegistrationId>) -> Response {
        posted
            .answer(async |Posted { site, id, asker, sent }| {
                let checked = sent.draft.check()?;
                let (id, version) = (*id, sent.version()?);
                registrations::update(&site.pool, &asker.actor, &site.seal, id, version, &checked).await?;
                Ok(Done::to(LIST, fill(words().saved_registration, &[checked.settings.name.as_str()])))
            })
            .await
    }

    /// Switches a registration on or off and leaves everything else as it is.
    pub(crate) async fn switch(
        site: &Site,
        actor: &store::Actor,
        id: RegistrationId,
        on: bool,
    ) -> Result<(), store::StoreError> {
        let mut registration = registrations::find(&site.pool, &store::Scope::All, id).await?;
        registration.settings.enabled = on;
        let checked = CheckedRegistration { settings: registration.settings, password: None };
        registrations::update(&site.pool, actor, &site.seal, id, registration.version, &checked).await
    }
}
