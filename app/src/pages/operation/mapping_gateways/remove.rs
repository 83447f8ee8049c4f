use leptos::prelude::*;

use super::{LIST, edit::load_mapping_gateway};
#[cfg(feature = "ssr")]
use crate::server::{posted::Posted, sent::Done};
use crate::{
    components::{Leaving, removal},
    pages::key,
    words::{fill, outcomes, pages},
};

/// Asks before a mapping gateway is deleted.
#[component]
pub(crate) fn RemoveMappingGateway() -> impl IntoView {
    removal(
        key("id"),
        |id| load_mapping_gateway(Some(id)),
        |editing| {
            let gateway = editing.gateway?;
            let sources: Vec<String> = gateway.settings.sources.iter().map(ToString::to_string).collect();
            Some(Leaving {
                what: pages().mapping_gateway,
                name: gateway.settings.name.to_string(),
                touches: fill(outcomes().mapping_gateway_touches, &[&sources.join(", ")]),
                back: format!("{LIST}/{}", gateway.id),
                version: gateway.version,
            })
        },
    )
}

/// Deletes it.
#[cfg(feature = "ssr")]
pub(crate) async fn remove(
    posted: Posted<crate::form::Confirmation, domain::MappingGatewayId>,
) -> axum::response::Response {
    posted
        .answer(async |Posted { site, id, asker, sent }| {
            store::mapping_gateways::remove(&site.pool, &asker.actor, *id, Some(sent.version()?)).await?;
            Ok(Done::to(LIST, pages().gone_mapping_gateway))
        })
        .await
}
