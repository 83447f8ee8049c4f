use domain::{MappingGateway, MappingGatewayDraft, MappingGatewayId, parameter::Level};
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
    pub(super) gateway: Option<MappingGateway>,
    accounts: Options,
}

#[server(prefix = "/load", endpoint = "mapping-gateway", input = GetUrl)]
pub(crate) async fn load_mapping_gateway(id: Option<MappingGatewayId>) -> Result<Editing, LoadError> {
    let (site, asker) = crate::server::session::asking()?;
    let gateway = match id {
        Some(id) => Some(store::mapping_gateways::find(&site.pool, &asker.scope, id).await?),
        None => None,
    };
    let customers =
        domain::AccountFilter { search: String::new(), kind: Some(domain::AccountKind::Customer) };
    let accounts = store::accounts::list(&site.pool, &asker.scope, &customers).await?;
    let accounts = accounts.into_iter().map(|a| (a.id.to_string(), a.settings.name.to_string())).collect();
    Ok(Editing { gateway, accounts })
}

/// A form for a new gateway.
#[component]
pub(crate) fn NewMappingGateway() -> impl IntoView {
    let sent = submitted();
    let editing = Resource::new(|| (), |()| load_mapping_gateway(None));
    loaded(editing, move |editing| {
        let fresh = MappingGatewayDraft { enabled: "on".to_owned(), ..Default::default() };
        view! {
            <PageHead title="New mapping gateway" about="A customer trunk: where calls come in." />
            {fields(Opened::new(sent.clone(), fresh), editing.accounts)}
        }
    })
}

/// The form of one gateway.
#[component]
pub(crate) fn EditMappingGateway() -> impl IntoView {
    let sent = submitted();
    let id = key("id");
    let editing = Resource::new(id, async |id: Option<MappingGatewayId>| match id {
        Some(id) => load_mapping_gateway(Some(id)).await,
        None => Err(LoadError::NotFound),
    });
    loaded(editing, move |editing| {
        editing.gateway.map(|gateway| {
            let stored = MappingGatewayDraft::from(&gateway.settings);
            view! {
                <PageHead title=gateway.settings.name.to_string() about="Mapping gateway">
                    <a class="button" href=format!("/cdrs?mapping_gateway={}", gateway.id)>
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

fn fields(opened: Opened<MappingGatewayDraft>, accounts: Options) -> impl IntoView {
    let draft = opened.draft.clone();
    let accounts = std::iter::once((String::new(), "Choose …".to_owned())).chain(accounts).collect();
    view! {
        <DraftForm opened>
            <Text name="name" label="Name" value=draft.name />
            <Choice
                name="account"
                label="Account"
                value=draft.account
                options=accounts
                hint="The customer who pays for the calls."
            />
            <Area
                name="sources"
                label="Sources"
                value=draft.sources
                hint="Addresses, networks or addresses with a port, separated by commas or lines: 192.0.2.7, 192.0.2.0/24, 192.0.2.7:5060. The most specific source of all gateways wins."
            />
            <Text
                name="max_calls"
                label="Line limit"
                value=draft.max_calls
                keyboard="numeric"
                figure=true
                hint="Calls at the same time; empty is unlimited."
            />
            <Tick name="enabled" label="Takes calls" value=draft.enabled hint="Off refuses its calls like those of an unknown source." />
            <Overrides level=Level::MappingGateway values=draft.overrides />
            <Buttons submit="Save" back=LIST />
        </DraftForm>
    }
}

/// What people are told about a gateway that was saved.
#[cfg(feature = "ssr")]
fn saved(settings: &domain::MappingGatewaySettings, how: &str) -> crate::server::sent::Done {
    crate::server::sent::Done::to(LIST, format!("Mapping gateway “{}” was {how}.", settings.name))
}

#[cfg(feature = "ssr")]
pub(crate) mod server {
    use axum::{
        extract::{Path, State},
        response::Response,
    };
    use domain::{MappingGatewayDraft, MappingGatewayId};
    use store::mapping_gateways;

    use super::saved;
    use crate::server::{Site, sent::Sent, session::Administrator};

    pub(crate) async fn create(
        State(site): State<Site>,
        Administrator(asker): Administrator,
        sent: Sent<MappingGatewayDraft>,
    ) -> Response {
        let outcome = async {
            let settings = sent.draft.check()?;
            mapping_gateways::create(&site.pool, &asker.actor, &settings).await?;
            Ok(saved(&settings, "created"))
        };
        let outcome = outcome.await;
        sent.answer(&site, outcome).await
    }

    pub(crate) async fn update(
        State(site): State<Site>,
        Path(id): Path<i64>,
        Administrator(asker): Administrator,
        sent: Sent<MappingGatewayDraft>,
    ) -> Response {
        let outcome = async {
            let settings = sent.draft.check()?;
            let id = MappingGatewayId(id);
            mapping_gateways::update(&site.pool, &asker.actor, id, sent.version()?, &settings).await?;
            Ok(saved(&settings, "changed"))
        };
        let outcome = outcome.await;
        sent.answer(&site, outcome).await
    }
}
