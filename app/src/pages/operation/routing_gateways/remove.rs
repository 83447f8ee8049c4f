use domain::RoutingGatewayId;
use leptos::prelude::*;

use super::{LIST, edit::load_routing_gateway};
use crate::{
    components::Removal,
    form::{Confirmation, Opened, submitted},
    load::{LoadError, loaded},
    pages::key,
    words::{fill, outcomes},
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
                    touches=fill(outcomes().routing_gateway_touches, &[&gateway.settings.address.to_string()])
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
    let outcome = async {
        store::routing_gateways::remove(
            &site.pool,
            &asker.actor,
            RoutingGatewayId(id),
            Some(sent.version()?),
        )
        .await?;
        Ok(crate::server::sent::Done::to(LIST, crate::words::pages().gone_routing_gateway))
    };
    let outcome = outcome.await;
    sent.answer(&site, outcome).await
}
