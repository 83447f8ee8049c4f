use domain::RoutingGatewayId;
use leptos::prelude::*;

use super::{LIST, edit::load_routing_gateway};
use crate::{
    components::Removal,
    form::{Confirmation, Opened, submitted},
    load::{LoadError, loaded},
    pages::key,
};

/// Asks before a routing gateway is deleted.
#[component]
pub(crate) fn RemoveRoutingGateway() -> impl IntoView {
    let sent = submitted::<Confirmation>();
    let id = key("id");
    let editing = Resource::new(id, async |id: Option<RoutingGatewayId>| match id {
        Some(id) => load_routing_gateway(Some(id)).await,
        None => Err(LoadError::NotFound),
    });
    loaded(editing, move |editing| {
        editing.gateway.map(|gateway| {
            view! {
                <Removal
                    what=crate::words::pages().routing_gateway
                    name=gateway.settings.name.to_string()
                    touches=format!(
                        "New calls will no longer be sent to {}. Calls in progress go on, and call records keep the gateway's name.",
                        gateway.settings.address,
                    )
                    back=format!("{LIST}/{}", gateway.id)
                    opened=Opened::of(sent.clone(), Confirmation::default(), gateway.version)
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
    let outcome = store::routing_gateways::remove(&site.pool, &asker.actor, RoutingGatewayId(id)).await;
    let done = crate::server::sent::Done::to(LIST, crate::words::pages().gone_routing_gateway);
    sent.answer(&site, outcome.map(|()| done).map_err(Into::into)).await
}
