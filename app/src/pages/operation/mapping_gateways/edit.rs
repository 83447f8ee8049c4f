use domain::{MappingGateway, MappingGatewayDraft, MappingGatewayId, parameter::Level};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::{
    super::gateway_identity::{Heard, fault_in_identity},
    LIST,
};
use crate::{
    access::{Way, inside},
    components::{
        Area, Buttons, Choice, Credentials, DraftForm, FormTabs, Options, Overrides, PageHead, SystemValues,
        Text, Tick, fault_in_overrides, or_empty,
    },
    form::{Opened, submitted},
    load::{LoadError, by_key, loaded, once},
    pages::key,
    words::{fields, pages, parts, phones, system as system_words},
};

/// What the form needs: the gateway to edit, the accounts to choose from, and what it inherits.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Editing {
    pub(super) gateway: Option<MappingGateway>,
    accounts: Options,
    system: SystemValues,
}

#[server(prefix = "/load", endpoint = "mapping-gateway", input = GetUrl)]
pub(crate) async fn load_mapping_gateway(id: Option<MappingGatewayId>) -> Result<Editing, LoadError> {
    let (site, asker) = crate::server::session::asking(domain::Permission::ViewGateways)?;
    let gateway = match id {
        Some(id) => Some(store::mapping_gateways::find(&site.pool, &asker.scope, id).await?),
        None => None,
    };
    let customer = domain::AccountKind::Customer;
    let accounts = crate::pages::business::accounts::of_kind(&site, &asker, customer).await?;
    let rows = match asker.scope {
        store::Scope::All => store::parameters::list(&site.pool, &asker.scope).await?,
        store::Scope::Agent(_) | store::Scope::Account(_) => Vec::new(),
    };
    Ok(Editing { gateway, accounts, system: crate::components::system_values(rows) })
}

/// A form for a new gateway.
#[component]
pub(crate) fn NewMappingGateway() -> impl IntoView {
    let sent = submitted();
    let editing = once(|| load_mapping_gateway(None));
    loaded(editing, move |editing| {
        let fresh = MappingGatewayDraft { enabled: "on".to_owned(), ..Default::default() };
        view! {
            <PageHead title=pages().new_mapping_gateway about=pages().mapping_gateway_about />
            {form(Opened::new(sent.clone(), fresh), editing.accounts, editing.system)}
        }
    })
}

/// The form of one gateway.
#[component]
pub(crate) fn EditMappingGateway() -> impl IntoView {
    let sent = submitted();
    let editing = by_key(key("id"), |id| load_mapping_gateway(Some(id)));
    loaded(editing, move |editing| {
        editing.gateway.map(|gateway| {
            let stored = MappingGatewayDraft::from(&gateway.settings);
            view! {
                <PageHead title=gateway.settings.name.to_string() about=pages().mapping_gateway_about>
                    <Way class="button" to=format!("/cdrs?mapping_gateway={}", gateway.id)>
                        {pages().its_calls}
                    </Way>
                    <Way class="button" to=format!("{LIST}/{}/delete", gateway.id)>
                        {parts().delete_more}
                    </Way>
                </PageHead>
                {form(Opened::of(sent.clone(), stored, gateway.version), editing.accounts, editing.system)}
            }
        })
    })
}

fn form(opened: Opened<MappingGatewayDraft>, accounts: Options, system: SystemValues) -> impl IntoView {
    let (t, words) = (fields(), system_words());
    let at_second = fault_in_overrides(&opened.refusal) || fault_in_identity(&opened.refusal);
    let draft = opened.draft.clone();
    let own = draft.overrides.values().filter(|value| !value.is_empty()).count() + draft.identity.differing();
    // Made inside the form, where its fields find their faults.
    let (own_values, identity) = (draft.overrides, draft.identity);
    let more: Children = Box::new(move || {
        // How the switch speaks is the operator's affair.
        inside()
            .then(|| {
                view! {
                    <Heard draft=identity />
                    <Overrides level=Level::MappingGateway values=own_values system />
                }
            })
            .into_any()
    });
    let accounts = or_empty(t.choose, accounts);
    view! {
        <DraftForm opened>
            <FormTabs first=words.gateway second=words.signalling count=own at_second more>
                <Text name="name" required=true label=t.name value=draft.name />
                <Choice
                    name="account"
                    required=true
                    label=t.account
                    value=draft.account
                    options=accounts
                    hint=t.account_hint_customer
                />
                <Area
                    name="sources"
                    label=t.sources
                    value=draft.sources
                    hint=t.sources_hint
                />
                <Credentials
                    user=draft.user
                    user_hint=phones().gateway_user_hint
                    password_hint=phones().gateway_password_hint
                />
                <Text
                    name="max_calls"
                    unit=t.calls_unit
                    label=t.line_limit
                    value=draft.max_calls
                    keyboard="numeric"
                    figure=true
                    hint=t.line_limit_hint
                />
                <Tick name="enabled" label=t.takes_calls value=draft.enabled hint=t.takes_calls_hint />
            </FormTabs>
            <Buttons submit=parts().save back=LIST />
        </DraftForm>
    }
}

/// What people are told about a gateway that was saved.
#[cfg(feature = "ssr")]
fn saved(settings: &domain::MappingGatewaySettings, how: &str) -> crate::server::sent::Done {
    crate::server::sent::Done::to(LIST, crate::words::fill(how, &[settings.name.as_str()]))
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::response::Response;
    use domain::{MappingGatewayDraft, MappingGatewayId};
    use store::mapping_gateways;

    use super::saved;
    use crate::server::posted::Posted;

    pub(crate) async fn create(posted: Posted<MappingGatewayDraft>) -> Response {
        posted
            .answer(async |Posted { site, asker, sent, .. }| {
                let (settings, password) = (sent.draft.check()?, sent.draft.new_password());
                let (pool, by, seal) = (&site.pool, &asker.actor, &site.seal);
                mapping_gateways::create_with(pool, by, seal, &settings, password.as_ref()).await?;
                Ok(saved(&settings, crate::words::pages().made_mapping_gateway))
            })
            .await
    }

    pub(crate) async fn update(posted: Posted<MappingGatewayDraft, MappingGatewayId>) -> Response {
        posted
            .answer(async |Posted { site, id, asker, sent }| {
                let (settings, password) = (sent.draft.check()?, sent.draft.new_password());
                let (pool, by, seal) = (&site.pool, &asker.actor, &site.seal);
                let (id, version) = (*id, sent.version()?);
                mapping_gateways::update_with(pool, by, seal, id, version, &settings, password.as_ref())
                    .await?;
                Ok(saved(&settings, crate::words::pages().saved_mapping_gateway))
            })
            .await
    }
}
