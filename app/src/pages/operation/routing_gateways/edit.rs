use domain::{PrefixMode, RoutingGateway, RoutingGatewayDraft, RoutingGatewayId, parameter::Level};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

use super::LIST;
use crate::{
    components::{Area, Buttons, Choice, DraftForm, Options, Overrides, PageHead, Text, Tick},
    form::{Opened, submitted},
    load::{LoadError, loaded},
    pages::key,
};

/// What the form needs: the gateway to edit, and the accounts to choose from.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Editing {
    pub(super) gateway: Option<RoutingGateway>,
    accounts: Options,
}

#[server(prefix = "/load", endpoint = "routing-gateway", input = GetUrl)]
pub(crate) async fn load_routing_gateway(id: Option<RoutingGatewayId>) -> Result<Editing, LoadError> {
    let (site, asker) = crate::server::session::asking()?;
    let gateway = match id {
        Some(id) => Some(store::routing_gateways::find(&site.pool, &asker.scope, id).await?),
        None => None,
    };
    let vendors = domain::AccountFilter { search: String::new(), kind: Some(domain::AccountKind::Vendor) };
    let accounts = store::accounts::list(&site.pool, &asker.scope, &vendors).await?;
    let accounts = accounts.into_iter().map(|a| (a.id.to_string(), a.settings.name.to_string())).collect();
    Ok(Editing { gateway, accounts })
}

/// A form for a new gateway.
#[component]
pub(crate) fn NewRoutingGateway() -> impl IntoView {
    let sent = submitted();
    let editing = Resource::new(|| (), |()| load_routing_gateway(None));
    loaded(editing, move |editing| {
        let fresh = RoutingGatewayDraft {
            prefix_mode: PrefixMode::default().to_string(),
            priority: "10".to_owned(),
            enabled: "on".to_owned(),
            ..Default::default()
        };
        view! {
            <PageHead title="New routing gateway" about="A vendor trunk: where calls go out." />
            {fields(Opened::new(sent.clone(), fresh), editing.accounts)}
        }
    })
}

/// The form of one gateway.
#[component]
pub(crate) fn EditRoutingGateway() -> impl IntoView {
    let sent = submitted();
    let id = key("id");
    let editing = Resource::new(id, async |id: Option<RoutingGatewayId>| match id {
        Some(id) => load_routing_gateway(Some(id)).await,
        None => Err(LoadError::NotFound),
    });
    loaded(editing, move |editing| {
        editing.gateway.map(|gateway| {
            let stored = RoutingGatewayDraft::from(&gateway.settings);
            view! {
                <PageHead title=gateway.settings.name.to_string() about="Routing gateway">
                    <a class="button" href=format!("/cdrs?routing_gateway={}", gateway.id)>
                        "Its calls"
                    </a>
                    <a class="button" href=format!("{LIST}/{}/delete", gateway.id)>
                        "Delete …"
                    </a>
                </PageHead>
                {fields(Opened::of(sent.clone(), stored, gateway.version), editing.accounts)}
            }
        })
    })
}

fn fields(opened: Opened<RoutingGatewayDraft>, accounts: Options) -> impl IntoView {
    let draft = opened.draft.clone();
    let accounts = std::iter::once((String::new(), "Choose …".to_owned())).chain(accounts).collect();
    let modes = PrefixMode::ALL
        .iter()
        .map(|mode| {
            let text = match mode {
                PrefixMode::Extension => "Try it as a fall-back (extension)",
                PrefixMode::Expiration => "Leave it out (expiration)",
            };
            (mode.to_string(), text.to_owned())
        })
        .collect();
    view! {
        <DraftForm opened>
            <Text name="name" label="Name" value=draft.name />
            <Choice
                name="account"
                label="Account"
                value=draft.account
                options=accounts
                hint="The vendor who is paid for the calls."
            />
            <Text
                name="address"
                label="Address"
                value=draft.address
                hint="Where calls are sent: 192.0.2.7 or 192.0.2.7:5062. The port is 5060 unless given."
            />
            <Area
                name="prefixes"
                label="Prefixes"
                value=draft.prefixes
                hint="Beginnings of the called numbers it takes, separated by commas or lines; empty takes every number. The longest match wins."
            />
            <Choice
                name="prefix_mode"
                label="When its match is not the longest"
                value=draft.prefix_mode
                options=modes
                hint="Whether it is also tried after the gateways with a longer matching prefix have failed."
            />
            <Text
                name="priority"
                label="Priority"
                value=draft.priority
                keyboard="numeric"
                figure=true
                hint="0 to 1000; lower is tried first."
            />
            <Text
                name="max_calls"
                label="Line limit"
                value=draft.max_calls
                keyboard="numeric"
                figure=true
                hint="Calls at the same time; empty is unlimited."
            />
            <Tick name="enabled" label="In use" value=draft.enabled hint="Off takes it out of routing." />
            <Overrides level=Level::RoutingGateway values=draft.overrides />
            <Buttons submit="Save" back=LIST />
        </DraftForm>
    }
}

/// What people are told about a gateway that was saved.
#[cfg(feature = "ssr")]
fn saved(settings: &domain::RoutingGatewaySettings, how: &str) -> crate::server::sent::Done {
    crate::server::sent::Done::to(LIST, format!("Routing gateway “{}” was {how}.", settings.name))
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::{
        extract::{Path, State},
        response::Response,
    };
    use domain::{RoutingGatewayDraft, RoutingGatewayId};
    use store::routing_gateways;

    use super::saved;
    use crate::server::{Site, sent::Sent, session::Administrator};

    pub(crate) async fn create(
        State(site): State<Site>,
        Administrator(asker): Administrator,
        sent: Sent<RoutingGatewayDraft>,
    ) -> Response {
        let outcome = async {
            let settings = sent.draft.check()?;
            routing_gateways::create(&site.pool, &asker.actor, &settings).await?;
            Ok(saved(&settings, "created"))
        };
        let outcome = outcome.await;
        sent.answer(&site, outcome).await
    }

    pub(crate) async fn update(
        State(site): State<Site>,
        Path(id): Path<i64>,
        Administrator(asker): Administrator,
        sent: Sent<RoutingGatewayDraft>,
    ) -> Response {
        let outcome = async {
            let settings = sent.draft.check()?;
            let id = RoutingGatewayId(id);
            routing_gateways::update(&site.pool, &asker.actor, id, sent.version()?, &settings).await?;
            Ok(saved(&settings, "changed"))
        };
        let outcome = outcome.await;
        sent.answer(&site, outcome).await
    }
}
