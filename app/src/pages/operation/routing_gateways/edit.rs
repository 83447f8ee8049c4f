use domain::{
    GatewayTransport, PrefixMode, Redirects, RoutingGateway, RoutingGatewayDraft, RoutingGatewayId,
    parameter::Level,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::{
    super::gateway_identity::{Told, fault_in_identity},
    LIST,
};
use crate::{
    access::Way,
    components::{
        Area, Buttons, Choice, Credentials, DraftForm, FormTabs, Options, Overrides, PageHead, SystemValues,
        Text, Tick, fault_in_overrides, offered, or_empty,
    },
    form::{Opened, submitted},
    load::{LoadError, by_key, loaded, once},
    pages::key,
    words::{fields, pages, parts, phones, system as system_words},
};

/// What the form needs: the gateway to edit, the accounts to choose from, and what it inherits.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Editing {
    pub(super) gateway: Option<RoutingGateway>,
    accounts: Options,
    system: SystemValues,
}

#[server(prefix = "/load", endpoint = "routing-gateway", input = GetUrl)]
pub(crate) async fn load_routing_gateway(id: Option<RoutingGatewayId>) -> Result<Editing, LoadError> {
    let (site, asker) =
        crate::server::session::asking(crate::access::Need::Inside(domain::Permission::ViewGateways))?;
    let gateway = match id {
        Some(id) => Some(store::routing_gateways::find(&site.pool, &asker.scope, id).await?),
        None => None,
    };
    let vendor = domain::AccountKind::Vendor;
    let accounts = crate::pages::business::accounts::of_kind(&site, &asker, vendor).await?;
    let rows = store::parameters::list(&site.pool, &asker.scope).await?;
    Ok(Editing { gateway, accounts, system: crate::components::system_values(rows) })
}

/// A form for a new gateway.
#[component]
pub(crate) fn NewRoutingGateway() -> impl IntoView {
    let sent = submitted();
    let editing = once(|| load_routing_gateway(None));
    loaded(editing, move |editing| {
        let fresh = RoutingGatewayDraft {
            transport: GatewayTransport::default().to_string(),
            redirects: Redirects::default().to_string(),
            prefix_mode: PrefixMode::default().to_string(),
            priority: "10".to_owned(),
            enabled: "on".to_owned(),
            ..Default::default()
        };
        view! {
            <PageHead title=pages().new_routing_gateway about=pages().routing_gateway_about />
            {form(Opened::new(sent.clone(), fresh), editing.accounts, editing.system)}
        }
    })
}

/// The form of one gateway.
#[component]
pub(crate) fn EditRoutingGateway() -> impl IntoView {
    let sent = submitted();
    let editing = by_key(key("id"), |id| load_routing_gateway(Some(id)));
    loaded(editing, move |editing| {
        editing.gateway.map(|gateway| {
            let stored = RoutingGatewayDraft::from(&gateway.settings);
            view! {
                <PageHead title=gateway.settings.name.to_string() about=pages().routing_gateway_about>
                    <Way class="button" to=format!("/cdrs?routing_gateway={}", gateway.id)>
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

fn form(opened: Opened<RoutingGatewayDraft>, accounts: Options, system: SystemValues) -> impl IntoView {
    let (t, words) = (fields(), system_words());
    let at_second = fault_in_overrides(&opened.refusal) || fault_in_identity(&opened.refusal);
    let draft = opened.draft.clone();
    let own = draft.overrides.values().filter(|value| !value.is_empty()).count() + draft.identity.differing();
    // Made inside the form, where its fields find their faults.
    let (own_values, identity) = (draft.overrides, draft.identity);
    let more: Children = Box::new(move || {
        view! {
            <Told draft=identity />
            <Overrides level=Level::RoutingGateway values=own_values system />
        }
        .into_any()
    });
    let accounts = or_empty(t.choose, accounts);
    let modes = offered(PrefixMode::ALL, |mode| match mode {
        PrefixMode::Extension => t.extension,
        PrefixMode::Expiration => t.expiration,
    });
    let transports = offered(GatewayTransport::ALL, |transport| match transport {
        GatewayTransport::Auto => t.transport_auto,
        GatewayTransport::Udp => "UDP",
        GatewayTransport::Tcp => "TCP",
        GatewayTransport::Tls => "TLS",
    });
    let redirects = offered(Redirects::ALL, |redirects| match redirects {
        Redirects::Refuse => t.redirects_refuse,
        Redirects::Follow => t.redirects_follow,
        Redirects::Pass => t.redirects_pass,
    });
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
                    hint=t.account_hint_vendor
                />
                <Text
                    name="address"
                    required=true
                    label=t.address
                    value=draft.address
                    hint=t.address_hint
                />
                <Choice
                    name="transport"
                    label=t.transport
                    value=draft.transport
                    options=transports
                    hint=t.transport_hint
                />
                <Text name="local" label=t.local_address value=draft.local hint=t.local_address_hint />
                <Choice
                    name="redirects"
                    label=t.redirects
                    value=draft.redirects
                    options=redirects
                    hint=t.redirects_hint
                />
                <Area
                    name="prefixes"
                    label=t.prefixes
                    value=draft.prefixes
                    hint=t.prefixes_hint
                />
                <Choice
                    name="prefix_mode"
                    label=t.prefix_mode
                    value=draft.prefix_mode
                    options=modes
                    hint=t.prefix_mode_hint
                />
                <Text
                    name="priority"
                    label=t.priority
                    value=draft.priority
                    keyboard="numeric"
                    figure=true
                    hint=t.priority_hint
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
                <Credentials
                    user=draft.user
                    user_hint=phones().vendor_user_hint
                    password_hint=phones().their_password_hint
                />
                <Tick name="enabled" label=t.in_use value=draft.enabled hint=t.in_use_hint />
            </FormTabs>
            <Buttons submit=parts().save back=LIST />
        </DraftForm>
    }
}

/// What people are told about a gateway that was saved.
#[cfg(feature = "ssr")]
fn saved(settings: &domain::RoutingGatewaySettings, how: &str) -> crate::server::sent::Done {
    crate::server::sent::Done::to(LIST, crate::words::fill(how, &[settings.name.as_str()]))
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::response::Response;
    use domain::{RoutingGatewayDraft, RoutingGatewayId};
    use store::routing_gateways;

    use super::saved;
    use crate::server::posted::Posted;

    pub(crate) async fn create(posted: Posted<RoutingGatewayDraft>) -> Response {
        posted
            .answer(async |Posted { site, asker, sent, .. }| {
                let (settings, password) = (sent.draft.check()?, sent.draft.new_password());
                let (pool, by, seal) = (&site.pool, &asker.actor, &site.seal);
                routing_gateways::create_with(pool, by, seal, &settings, password.as_ref()).await?;
                Ok(saved(&settings, crate::words::pages().made_routing_gateway))
            })
            .await
    }

    pub(crate) async fn update(posted: Posted<RoutingGatewayDraft, RoutingGatewayId>) -> Response {
        posted
            .answer(async |Posted { site, id, asker, sent }| {
                let (settings, password) = (sent.draft.check()?, sent.draft.new_password());
                let (pool, by, seal) = (&site.pool, &asker.actor, &site.seal);
                let (id, version) = (*id, sent.version()?);
                routing_gateways::update_with(pool, by, seal, id, version, &settings, password.as_ref())
                    .await?;
                Ok(saved(&settings, crate::words::pages().saved_routing_gateway))
            })
            .await
    }
}
