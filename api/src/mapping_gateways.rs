//! Mapping gateways: customer trunks.

use std::collections::BTreeMap;

use axum::extract::State;
use domain::{MappingGateway, MappingGatewayDraft, MappingGatewayId, RowVersion};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use store::StoreError;
use utoipa::{IntoParams, ToSchema};

use crate::{
    admission::Asker,
    answer::{
        Cursor, Ids, IfMatch, Limit, Listing, Made, Problem, Question, Sent, Versioned, by_id, or_empty,
    },
    gateway_identity::Incoming,
    router::Api,
    versioned::{self, Kind, Read},
};

/// A customer trunk, where calls come in.
#[derive(Serialize, ToSchema)]
#[schema(as = MappingGateway)]
pub(crate) struct GatewayView {
    id: i64,
    /// How often it has been changed; also its ETag.
    version: i64,
    name: String,
    /// Who pays for its calls.
    account: i64,
    /// Where its requests come from.
    #[schema(example = json!(["192.0.2.7", "198.51.100.0/24"]))]
    sources: Vec<String>,
    /// The name in its credentials, of a gateway that is known by them instead of by its address.
    user: Option<String>,
    /// Whether a password is set. It is never shown.
    has_password: bool,
    /// Calls at once; null is unlimited.
    max_calls: Option<u32>,
    enabled: bool,
    /// Where its calls say who calls and who is called.
    identity: Incoming,
    /// Its own values of parameters.
    parameters: BTreeMap<String, String>,
}

/// What people set on a mapping gateway.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = MappingGatewaySettings)]
pub(crate) struct GatewayBody {
    /// Unique among mapping gateways.
    #[schema(min_length = 1, max_length = 64)]
    name: String,
    /// A customer's id.
    account: i64,
    /// Addresses and networks, with a port where the gateway is told apart by it.
    #[serde(default)]
    #[schema(max_items = 64, example = json!(["192.0.2.7", "198.51.100.0/24"]))]
    sources: Vec<String>,
    /// Instead of sources: the name in its credentials, unique among gateways and phones. It is then known by them, wherever it
    /// sends from.
    #[schema(min_length = 1, max_length = 64)]
    user: Option<String>,
    /// A new password for the user; the present one stays when left out. It is never shown again.
    #[serde(skip_serializing_if = "crate::answer::withheld")]
    #[schema(min_length = 12, max_length = 128, write_only)]
    password: Option<String>,
    /// Calls at once; unlimited when left out.
    #[schema(minimum = 1, maximum = 100_000)]
    max_calls: Option<u32>,
    /// True when left out.
    #[serde(default = "yes")]
    enabled: bool,
    /// Where its calls say who calls and who is called. As usual when left out.
    #[serde(default)]
    identity: Incoming,
    /// Its own values of parameters, in place of the system's.
    #[serde(default)]
    parameters: BTreeMap<String, String>,
}

fn yes() -> bool {
    true
}

impl From<&GatewayBody> for MappingGatewayDraft {
    fn from(body: &GatewayBody) -> Self {
        Self {
            name: body.name.clone(),
            account: body.account.to_string(),
            sources: body.sources.join(","),
            user: body.user.clone().unwrap_or_default(),
            password: body.password.clone().unwrap_or_default(),
            max_calls: or_empty(body.max_calls),
            enabled: if body.enabled { "on" } else { "" }.to_owned(),
            identity: (&body.identity).into(),
            overrides: body.parameters.clone(),
        }
    }
}

fn view(gateway: &MappingGateway, has_password: bool) -> GatewayView {
    let settings = &gateway.settings;
    GatewayView {
        id: gateway.id.0,
        version: gateway.version.0,
        name: settings.name.to_string(),
        account: settings.account.0,
        sources: settings.sources.iter().map(ToString::to_string).collect(),
        user: settings.user.as_ref().map(ToString::to_string),
        has_password,
        max_calls: settings.max_calls,
        enabled: settings.enabled,
        identity: (&settings.identity).into(),
        parameters: settings.overrides.clone().into(),
    }
}

/// How they are made, changed and removed.
pub(crate) enum Gateways {}

impl Kind for Gateways {
    type Id = MappingGatewayId;
    type Body = GatewayBody;
    type View = GatewayView;

    fn place(id: MappingGatewayId) -> String {
        format!("/mapping-gateways/{id}")
    }

    async fn one(api: &Api, asker: &Asker, id: MappingGatewayId) -> Read<Self> {
        let gateway = store::mapping_gateways::find(&api.pool, &asker.scope(), id).await?;
        let has_password = store::mapping_gateways::has_password(&api.pool, &asker.scope(), id).await?;
        Ok(Versioned(gateway.version, view(&gateway, has_password)))
    }

    async fn replace(
        api: &Api,
        asker: &Asker,
        id: MappingGatewayId,
        version: RowVersion,
        sent: &GatewayBody,
    ) -> Result<(), StoreError> {
        let draft = MappingGatewayDraft::from(sent);
        let (settings, password, by) = (draft.check()?, draft.new_password(), asker.actor());
        let (pool, seal, password) = (&api.pool, &api.seal, password.as_ref());
        store::mapping_gateways::update_with(pool, &by, seal, id, version, &settings, password).await
    }

    async fn remove(
        api: &Api,
        asker: &Asker,
        id: MappingGatewayId,
        version: RowVersion,
    ) -> Result<(), StoreError> {
        store::mapping_gateways::remove(&api.pool, &asker.actor(), id, Some(version)).await
    }
}

/// Which mapping gateways.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct GatewayQuestion {
    /// Part of the name, in any case.
    #[serde(default)]
    #[param(value_type = Option<String>)]
    search: String,
    /// Entries of a page; 100 when left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 500)]
    limit: Option<Limit>,
    /// From the link to the next page.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Lists mapping gateways, by id.
#[utoipa::path(
    get, path = "/mapping-gateways", tag = "Gateways", operation_id = "list_mapping_gateways",
    params(GatewayQuestion),
    responses((status = 200, description = "A page of gateways", body = Listing<GatewayView>)),
    security(("token" = ["ViewGateways"])),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    asker: Asker,
    Question { asked, place }: Question<GatewayQuestion>,
) -> Result<Listing<GatewayView>, Problem> {
    let rows = store::mapping_gateways::list(&api.pool, &asker.scope(), &asked.search)
        .await
        .map_err(Problem::in_query)?;
    let (rows, next) = by_id(rows, |row| row.gateway.id.0, asked.cursor.as_ref(), asked.limit)?;
    Ok(place.listing(rows.iter().map(|row| view(&row.gateway, row.has_password)).collect(), next))
}

/// Adds a mapping gateway.
#[utoipa::path(
    post, path = "/mapping-gateways", tag = "Gateways", operation_id = "create_mapping_gateway",
    request_body = GatewayBody,
    responses((status = 201, description = "It has been added", body = GatewayView)),
    security(("token" = ["EditGateways"])),
)]
pub(crate) async fn create(
    State(api): State<Api>,
    asker: Asker,
    Sent(sent): Sent<GatewayBody>,
) -> Result<Made<GatewayView>, Problem> {
    let draft = MappingGatewayDraft::from(&sent);
    let (settings, password, by) = (draft.check()?, draft.new_password(), asker.actor());
    let id =
        store::mapping_gateways::create_with(&api.pool, &by, &api.seal, &settings, password.as_ref()).await?;
    versioned::made::<Gateways>(&api, &asker, id).await
}

/// Shows a mapping gateway.
#[utoipa::path(
    get, path = "/mapping-gateways/{gateway}", tag = "Gateways", operation_id = "show_mapping_gateway",
    params(("gateway" = i64, Path, description = "Its id")),
    responses((status = 200, description = "The gateway", body = GatewayView)),
    security(("token" = ["ViewGateways"])),
)]
pub(crate) async fn show(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<MappingGatewayId>,
) -> Result<Versioned<GatewayView>, Problem> {
    Gateways::one(&api, &asker, id).await
}

/// Changes a mapping gateway.
#[utoipa::path(
    put, path = "/mapping-gateways/{gateway}", tag = "Gateways", operation_id = "change_mapping_gateway",
    params(("gateway" = i64, Path, description = "Its id")),
    request_body = GatewayBody,
    responses((status = 200, description = "The gateway as it is now", body = GatewayView)),
    security(("token" = ["EditGateways"])),
)]
pub(crate) async fn change(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<MappingGatewayId>,
    matched: IfMatch,
    Sent(sent): Sent<GatewayBody>,
) -> Result<Versioned<GatewayView>, Problem> {
    versioned::change::<Gateways>(&api, &asker, id, &matched, &sent).await
}

/// Removes a mapping gateway; its calls keep its name.
#[utoipa::path(
    delete, path = "/mapping-gateways/{gateway}", tag = "Gateways", operation_id = "remove_mapping_gateway",
    params(("gateway" = i64, Path, description = "Its id")),
    responses((status = 204, description = "It is gone")),
    security(("token" = ["EditGateways"])),
)]
pub(crate) async fn remove(
    State(api): State<Api>,
    asker: Asker,
    Ids(id): Ids<MappingGatewayId>,
    matched: IfMatch,
) -> Result<StatusCode, Problem> {
    versioned::remove::<Gateways>(&api, &asker, id, &matched).await
}
