use domain::MappingGatewayId;
use leptos::prelude::*;

use super::{LIST, edit::load_mapping_gateway};
use crate::{
    components::Removal,
    form::{Confirmation, Opened, submitted},
    load::{LoadError, loaded},
    pages::key,
    words::{fill, outcomes},
};

/// Asks before a mapping gateway is deleted.
#[component]
pub(crate) fn RemoveMappingGateway() -> impl IntoView {
    let sent = submitted::<Confirmation>();
    let id = key("id");
    let editing = Resource::new(id, async |id: Option<MappingGatewayId>| match id {
        Some(id) => load_mapping_gateway(Some(id)).await,
        None => Err(LoadError::NotFound),
    });
    loaded(editing, move |editing| {
        editing.gateway.map(|gateway| {
            let sources: Vec<String> = gateway.settings.sources.iter().map(ToString::to_string).collect();
            view! {
                <Removal
                    what=crate::words::pages().mapping_gateway
                    name=gateway.settings.name.to_string()
                    touches=fill(outcomes().mapping_gateway_touches, &[&sources.join(", ")])
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
        store::mapping_gateways::remove(
            &site.pool,
            &asker.actor,
            MappingGatewayId(id),
            Some(sent.version()?),
        )
        .await?;
        Ok(crate::server::sent::Done::to(LIST, crate::words::pages().gone_mapping_gateway))
    };
    let outcome = outcome.await;
    sent.answer(&site, outcome).await
}
