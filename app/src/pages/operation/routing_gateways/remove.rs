use leptos::prelude::*;

use super::{LIST, edit::load_routing_gateway};
#[cfg(feature = "ssr")]
use crate::server::{posted::Posted, sent::Done};
use crate::{
    components::{Leaving, removal},
    pages::key,
    words::{fill, outcomes, pages},
};

/// Asks before a routing gateway is deleted.
#[component]
pub(crate) fn RemoveRoutingGateway() -> impl IntoView {
    removal(
        key("id"),
        |id| load_routing_gateway(Some(id)),
        |editing| {
            let gateway = editing.gateway?;
            Some(Leaving {
                what: pages().routing_gateway,
                name: gateway.settings.name.to_string(),
                touches: fill(outcomes().routing_gateway_touches, &[&gateway.settings.address.to_string()]),
                back: format!("{LIST}/{}", gateway.id),
                version: gateway.version,
            })
        },
    )
}

/// Deletes it.
#[cfg(feature = "ssr")]
pub(crate) async fn remove(
    posted: Posted<crate::form::Confirmation, domain::RoutingGatewayId>,
) -> axum::response::Response {
    posted
        .answer(async |Posted { site, id, asker, sent }| {
            store::routing_gateways::remove(&site.pool, &asker.actor, *id, Some(sent.version()?)).await?;
            Ok(Done::to(LIST, pages().gone_routing_gateway))
        })
        .await
}
